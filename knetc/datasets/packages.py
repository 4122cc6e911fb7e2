"""Packages that carry data sets, downloaded by the user's own package manager from the user's own index.

Closed networks often reach nothing else. A package is never installed and none of its code runs: its archive
is fetched into a scratch folder, checked, and read.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from knetc.datasets.archives import LIMIT, Members, Recipe, read_archive, read_tar
from knetc.datasets.fetch import Source, Wanted

PATIENCE = 180  # seconds for a package manager


@dataclass(frozen=True)
class Manager:
    """A package manager: the command that downloads a package into the current folder, and what comes of it."""

    kind: str
    command: tuple[str, ...]
    archive: str

    def archive_of(self, package: str, scratch: Path) -> Path:
        """The archive of a package, fetched once into `scratch`."""
        present = list(scratch.glob(self.archive))
        if not present:
            self._download(package, scratch)
            present = list(scratch.glob(self.archive))
        if len(present) != 1:
            msg = f"{self._name()} left {len(present)} files like {self.archive}"
            raise FileNotFoundError(msg)
        return present[0]

    def _download(self, package: str, scratch: Path) -> None:
        program = shutil.which(self.command[0])
        if program is None:
            msg = f"{self.command[0]} is not installed"
            raise FileNotFoundError(msg)
        command = [program, *self.command[1:], package]
        done = subprocess.run(
            command, cwd=scratch, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.strip()]
            msg = f"{self._name()} failed: {said[-1] if said else 'no message'}"
            raise OSError(msg)

    def _name(self) -> str:
        words = [word for word in self.command if not word.startswith("-")]
        return " ".join([Path(words[0]).name, *words[1:]])


NPM = Manager("npm package", ("npm", "pack", "--silent", "--ignore-scripts"), "*.tgz")
PIP = Manager(
    "PyPI package",
    (
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary=:all:",
    ),
    "*.whl",
)
APT = Manager("Debian package", ("apt-get", "download"), "*.deb")


def npm(package: str, sha256: str, recipe: Recipe) -> Source:
    """An npm package such as `name@1.0.0`. Its archive is checked before it is opened."""
    return _checked(NPM, package, sha256, recipe)


def pip(package: str, sha256: str, recipe: Recipe) -> Source:
    """A wheel such as `name==1.0.0`. It is checked before it is opened."""
    return _checked(PIP, package, sha256, recipe)


def apt(package: str, recipe: Recipe) -> Source:
    """A Debian package in whatever version the system offers: apt checks the archive, knetc what it made of it."""

    def read(file: Wanted, scratch: Path) -> bytes:
        archive = APT.archive_of(package, scratch)
        return recipe.made(file, _deb_members(archive, recipe, file))

    return Source(f"{APT.kind} {package}", read)


def _checked(manager: Manager, package: str, sha256: str, recipe: Recipe) -> Source:
    def read(file: Wanted, scratch: Path) -> bytes:
        archive = manager.archive_of(package, scratch)
        _check(archive, sha256)
        return recipe.made(file, read_archive(archive, recipe.matches(file)))

    return Source(f"{manager.kind} {package}", read)


def _check(archive: Path, sha256: str) -> None:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        msg = f"the archive has another sha256: {found}"
        raise ValueError(msg)


def _deb_members(archive: Path, recipe: Recipe, file: Wanted, limit: int = LIMIT) -> Members:
    """The members of a Debian package, which dpkg-deb unpacks into a pipe."""
    program = shutil.which("dpkg-deb")
    if program is None:
        msg = "dpkg-deb is not installed"
        raise FileNotFoundError(msg)
    command = [program, "--fsys-tarfile", str(archive)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            return read_tar(process.stdout, recipe.matches(file), limit)
        finally:
            process.kill()

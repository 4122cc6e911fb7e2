from __future__ import annotations

import hashlib
import io
import os
import sys
import tarfile
import zipfile
from dataclasses import replace

import pytest

from knetc.datasets import packages
from knetc.datasets.archives import Recipe, only
from knetc.datasets.fetch import Wanted
from knetc.datasets.packages import APT, NPM, PIP, Manager, _deb_members, apt, npm, pip

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins for programs are POSIX scripts")

DATA = b"pixels" * 1000
FILE = Wanted("images", len(DATA), hashlib.sha256(DATA).hexdigest())
RECIPE = Recipe("(package|[.]/usr|toy)/data/{name}", only)


@pytest.fixture
def scratch(tmp_path):
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Puts a program into a PATH that has nothing else."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def add(name, body):
        program = tmp_path / "bin" / name
        program.write_text(f"#!{sys.executable}\nimport shutil, sys\n{body}")
        program.chmod(0o755)

    return add


def tgz(path, name="package/data/images"):
    with tarfile.open(path, "w:gz" if path.suffix == ".tgz" else "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(DATA)
        tar.addfile(entry, io.BytesIO(DATA))
    return path


def wheel(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("toy/data/images", DATA)
    return path


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def giving(path, log=os.devnull):
    """A program that notes its arguments and leaves a copy of `path`."""
    return (
        f"open({str(log)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))\nshutil.copy({str(path)!r}, '.')\n"
    )


def test_an_npm_package_is_fetched_once_and_its_files_read(tmp_path, scratch, programs):
    path = tgz(tmp_path / "toy-1.0.0.tgz")
    programs("npm", giving(path, tmp_path / "calls"))
    source = npm("toy@1.0.0", sha256(path), RECIPE)
    assert source.label == "npm package toy@1.0.0"
    assert source.read(FILE, scratch) == source.read(FILE, scratch) == DATA
    assert (tmp_path / "calls").read_text() == "pack --silent --ignore-scripts toy@1.0.0\n"


def test_a_wheel_is_downloaded_and_never_installed(tmp_path, scratch, programs, monkeypatch):
    path = wheel(tmp_path / "toy-1.0-py3-none-any.whl")
    programs("pip", giving(path, tmp_path / "calls"))
    monkeypatch.setattr(packages, "PIP", replace(PIP, command=("pip", *PIP.command[3:])))
    source = pip("toy==1.0", sha256(path), RECIPE)
    assert source.label == "PyPI package toy==1.0"
    assert source.read(FILE, scratch) == DATA
    assert (tmp_path / "calls").read_text() == (
        "download --quiet --disable-pip-version-check --no-deps --only-binary=:all: toy==1.0\n"
    )


def test_pip_is_that_of_this_python():
    assert PIP.command[:3] == (sys.executable, "-m", "pip")


def test_a_debian_package_is_unpacked_by_dpkg_through_a_pipe(tmp_path, scratch, programs):
    path = tgz(tmp_path / "toy.tar", "./usr/data/images")
    (tmp_path / "toy_1.0_all.deb").write_bytes(b"debian")
    programs("apt-get", giving(tmp_path / "toy_1.0_all.deb", tmp_path / "calls"))
    programs("dpkg-deb", f"sys.stdout.buffer.write(open({str(path)!r}, 'rb').read())")
    source = apt("toy", RECIPE)
    assert source.label == "Debian package toy"
    assert source.read(FILE, scratch) == DATA
    assert (tmp_path / "calls").read_text() == "download toy\n"


def test_an_endless_debian_package_is_left_after_the_limit(scratch, programs):
    programs(
        "dpkg-deb",
        "import tarfile\nentry = tarfile.TarInfo('bomb')\nentry.size = 10**12\n"
        "sys.stdout.buffer.write(entry.tobuf())\n"
        "try:\n    while True: sys.stdout.buffer.write(bytes(10**4))\nexcept BrokenPipeError: pass",
    )
    with pytest.raises(ValueError, match="it unpacks to more than 100000 bytes"):
        _deb_members(scratch / "toy.deb", RECIPE, FILE, 10**5)


def test_a_debian_package_that_dpkg_cannot_read_is_an_error(scratch, programs):
    programs("apt-get", "open('toy.deb', 'w').close()")
    programs("dpkg-deb", "sys.exit(2)")
    with pytest.raises(tarfile.TarError, match="empty file"):
        apt("toy", RECIPE).read(FILE, scratch)


def test_without_dpkg_the_source_says_so(scratch, programs):
    programs("apt-get", "open('toy.deb', 'w').close()")
    with pytest.raises(FileNotFoundError, match="dpkg-deb is not installed"):
        apt("toy", RECIPE).read(FILE, scratch)


@pytest.mark.parametrize("source", [npm, pip])
def test_a_package_with_another_checksum_is_not_opened(tmp_path, scratch, source):
    tgz(scratch / "toy-1.0.0.tgz")
    wheel(scratch / "toy-1.0-py3-none-any.whl")
    with pytest.raises(ValueError, match="the archive has another sha256"):
        source("toy", "0" * 64, RECIPE).read(FILE, scratch)


def test_the_last_words_of_a_failing_program_are_passed_on(scratch, programs):
    programs("npm", "print('notice\\nnot in this registry\\n', file=sys.stderr); sys.exit(1)")
    with pytest.raises(OSError, match="npm pack failed: not in this registry"):
        npm("toy@1.0.0", "0" * 64, RECIPE).read(FILE, scratch)


def test_a_program_that_fails_without_a_word_is_named(scratch, programs):
    programs("apt-get", "sys.exit(100)")
    with pytest.raises(OSError, match="apt-get download failed: no message"):
        apt("toy", RECIPE).read(FILE, scratch)


def test_a_program_that_leaves_no_archive_is_named(scratch, programs):
    programs("npm", "")
    with pytest.raises(FileNotFoundError, match=r"npm pack left 0 files like \*\.tgz"):
        npm("toy@1.0.0", "0" * 64, RECIPE).read(FILE, scratch)


@pytest.mark.parametrize("manager", [NPM, APT])
def test_without_the_program_the_source_says_so(scratch, programs, manager: Manager):
    with pytest.raises(FileNotFoundError, match=f"{manager.command[0]} is not installed"):
        manager.archive_of("toy", scratch)

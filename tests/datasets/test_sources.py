from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import io
import tarfile
import threading

import pytest

from knetc.datasets.archives import Recipe, in_order
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.sources import _download, archive, plain, web
from knetc.errors import FileError

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


def test_a_download_is_ended_after_the_limit(site, scratch):
    address, path = site
    (path.parent / "images").write_bytes(bytes(10**5))
    with pytest.raises(ValueError, match="it has more than 50000 bytes"):
        _download(address + "images", None, scratch / "images", 50_000)
    assert [file for file in scratch.iterdir() if file.stat().st_size > 60_000] == []


def test_downloads_are_not_announced(site, scratch, capfd):
    address, path = site
    web(address, md5(path)).read(FILE, scratch)
    assert capfd.readouterr() == ("", "")


def test_a_bomb_in_a_web_folder_is_unpacked_no_further_than_the_expected_size(site, scratch):
    address, path = site
    path.write_bytes(gzip.compress(bytes(10**6)))
    with pytest.raises(ValueError, match="it unpacks to more than 6000 bytes"):
        web(address, md5(path)).read(FILE, scratch)


def test_a_plain_folder_gives_the_file_as_it_is(site, scratch):
    address, path = site
    (path.parent / "images").write_bytes(DATA)
    assert plain(address).read(FILE, scratch) == DATA


def tarred(path):
    with tarfile.open(path, "w:gz") as tar:
        for name in ("play/b.md", "play/a.md", "notes.txt"):
            entry = tarfile.TarInfo(name)
            entry.size = len(name)
            tar.addfile(entry, io.BytesIO(name.encode()))
    return path


def test_a_file_is_made_of_an_archive_on_the_web(site, scratch):
    address, path = site
    tarred(path.parent / "plays.tar.gz")
    source = archive(address + "plays.tar.gz", Recipe("play/.*", in_order))
    assert source.read(FILE, scratch) == b"play/a.md\nplay/b.md"


def test_an_archive_is_fetched_once_for_all_files(site, scratch):
    address, path = site
    plays = tarred(path.parent / "plays.tar.gz")
    source = archive(address + "plays.tar.gz", Recipe("play/.*", in_order))
    first = source.read(FILE, scratch)
    plays.unlink()
    assert source.read(FILE, scratch) == first


def test_an_archive_with_another_checksum_is_not_opened(site, scratch):
    address, path = site
    tarred(path.parent / "plays.tar.gz")
    source = archive(address + "plays.tar.gz", Recipe("play/.*", in_order), "sha256:" + "0" * 64)
    with pytest.raises(ValueError, match="hash"):
        source.read(FILE, scratch)


def test_the_content_of_a_source_is_checked_in_the_end(site, tmp_path, monkeypatch):
    address, path = site
    (path.parent / "images").write_bytes(b"other pixels")
    monkeypatch.setenv("KNETC_DATA", str(tmp_path / "cache"))
    with pytest.raises(FileError, match="images is spoilt"):
        fetch("toy", (FILE,), (plain(address),))

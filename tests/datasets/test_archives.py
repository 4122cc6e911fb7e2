from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
import zipfile

import pytest

from knetc.datasets.archives import Recipe, gunzipped, gzip_content, in_order, only, read_archive, read_tar
from knetc.datasets.fetch import Wanted

FILE = Wanted("images", 6, hashlib.sha256(b"pixels").hexdigest())


def everything(name):
    return True


def tar(path, members, kind=None):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.type = kind or tarfile.REGTYPE
            archive.addfile(entry, io.BytesIO(content))
    return path


def wheel(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("make", [tar, wheel])
def test_the_chosen_members_are_read(tmp_path, make):
    path = make(tmp_path / "a", {"data/x": b"1", "data/y": b"2", "code.py": b"3"})
    assert read_archive(path, lambda name: name.startswith("data/")) == {"data/x": b"1", "data/y": b"2"}


@pytest.mark.parametrize("make", [tar, wheel])
def test_a_bomb_does_not_go_off(tmp_path, make):
    path = make(tmp_path / "a", {"x": bytes(10**6)})
    assert path.stat().st_size < 10_000
    with pytest.raises(ValueError, match="it unpacks to more than 100000 bytes"):
        read_archive(path, everything, 100_000)


def test_a_bomb_before_the_chosen_member_does_not_go_off_either(tmp_path):
    path = tar(tmp_path / "a", {"bomb": bytes(10**6), "x": b"1"})
    with pytest.raises(ValueError, match="it unpacks to more than 100000 bytes"):
        read_archive(path, lambda name: name == "x", 100_000)


def test_a_wheel_that_lies_about_its_sizes_is_refused(tmp_path):
    path = wheel(tmp_path / "a", {"x": bytes(10**6)})
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", 10**6), struct.pack("<I", 10)))
    with pytest.raises(zipfile.BadZipFile, match="Bad CRC"):
        read_archive(path, everything, 100)


def test_a_gz_file_is_unpacked_no_further_than_its_limit():
    assert gzip_content(gzip.compress(b"pixels"), 6) == b"pixels"
    with pytest.raises(ValueError, match="it unpacks to more than 5 bytes"):
        gzip_content(gzip.compress(b"pixels"), 5)


@pytest.mark.parametrize("kind", [tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_only_regular_files_are_members(tmp_path, kind):
    assert read_archive(tar(tmp_path / "a", {"x": b""}, kind), everything) == {}


def test_nothing_is_written_wherever_a_member_wants_to_go(tmp_path):
    path = tar(tmp_path / "a", {"../../escaped": b"x", "/tmp/escaped": b"y"})
    assert set(read_archive(path, everything)) == {"../../escaped", "/tmp/escaped"}
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    "broken",
    [b"", b"no archive", gzip.compress(b"no tar"), b"PK\x03\x04 cut off"],
    ids=["empty", "no archive", "no tar", "cut off"],
)
def test_a_broken_archive_is_an_error(tmp_path, broken):
    (tmp_path / "a").write_bytes(broken)
    with pytest.raises((OSError, EOFError, tarfile.TarError)):
        read_archive(tmp_path / "a", everything)


def test_an_archive_that_is_cut_off_is_an_error(tmp_path):
    path = tar(tmp_path / "a", {"x": bytes(range(256)) * 100})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises((EOFError, tarfile.TarError)):
        read_archive(path, everything)


def test_a_tar_stream_need_not_be_a_file():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("empty"))
    assert read_tar(io.BytesIO(buffer.getvalue()), everything) == {"empty": b""}


def test_a_recipe_finds_its_members_by_the_name_of_the_file():
    chosen = Recipe("data/{name}[.]gz", gunzipped).matches(FILE)
    assert [chosen(name) for name in ("data/images.gz", "data/images", "data/images.gz2", "images.gz")] == [
        True, False, False, False
    ]  # fmt: skip


def test_a_recipe_makes_the_file():
    assert Recipe("x", only).made(FILE, {"x": b"pixels"}) == b"pixels"
    assert Recipe("x", gunzipped).made(FILE, {"x": gzip.compress(b"pixels")}) == b"pixels"
    assert Recipe("x", in_order).made(FILE, {"b": b"2", "a": b"1"}) == b"1\n2"


def test_a_recipe_without_members_says_so():
    with pytest.raises(FileNotFoundError, match=r"the archive has no member like data/\.\* for images"):
        Recipe("data/.*", only).made(FILE, {})


def test_one_member_is_not_several():
    with pytest.raises(ValueError, match="too many values"):
        only({"a": b"1", "b": b"2"})

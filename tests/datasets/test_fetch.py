from __future__ import annotations

import hashlib
import subprocess
import sys
import threading

import pytest

from knetc.datasets.fetch import Source, Wanted, data_folder, fetch
from knetc.errors import FileError

CONTENTS = {"images": b"pixels" * 1000, "labels": b"digits"}
FILES = tuple(Wanted(name, len(c), hashlib.sha256(c).hexdigest()) for name, c in CONTENTS.items())


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KNETC_DATA", str(tmp_path))
    return tmp_path / "toy"


class Counting:
    """A source that counts how often it is asked."""

    def __init__(self, contents=None, error=None, label="good"):
        self.contents = CONTENTS if contents is None else contents
        self.error = error
        self.asked = []
        self.source = Source(label, self.read)

    def read(self, file, scratch):
        self.asked.append(file.name)
        (scratch / f"{file.name}.part").write_bytes(b"half")
        if self.error:
            raise self.error
        return self.contents[file.name]


def stored(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_come_from_the_source_and_then_from_the_cache(folder):
    good = Counting()
    assert fetch("toy", FILES, (good.source,)) == list(CONTENTS.values())
    assert fetch("toy", FILES, (good.source,)) == list(CONTENTS.values())
    assert good.asked == ["images", "labels"]
    assert stored(folder) == [".lock", "images", "labels"]


def test_the_next_source_is_tried_when_one_fails(folder):
    bad, good = Counting(error=OSError("no route"), label="bad"), Counting()
    assert fetch("toy", FILES, (bad.source, good.source)) == list(CONTENTS.values())
    assert bad.asked == ["images"]


@pytest.mark.parametrize("spoilt", [b"", b"pixels" * 999, b"pixelz" * 1000])
def test_a_spoilt_file_is_not_taken(folder, spoilt):
    bad = Counting({"images": spoilt, "labels": b"digits"}, label="bad")
    with pytest.raises(FileError, match="bad: ValueError: images is spoilt"):
        fetch("toy", FILES, (bad.source,))
    assert stored(folder) == [".lock"]


def test_a_file_may_be_known_by_its_md5():
    digest = "md5:" + hashlib.md5(b"digits", usedforsecurity=False).hexdigest()
    assert Wanted("labels", 6, digest).is_whole(b"digits")
    assert not Wanted("labels", 6, digest).is_whole(b"digitz")


def test_what_is_whole_in_the_cache_stays_when_no_source_can_be_reached(folder):
    good = Counting()
    fetch("toy", FILES, (good.source,))
    (folder / "labels").write_bytes(b"digitz")
    with pytest.raises(FileError, match="KN601 no source has `toy`"):
        fetch("toy", FILES, (Counting(error=OSError("no route")).source,))
    assert (folder / "images").read_bytes() == CONTENTS["images"]
    assert (folder / "labels").read_bytes() == b"digitz"


def test_a_source_that_spoils_a_later_file_loses_nothing_in_the_cache(folder):
    fetch("toy", FILES, (Counting().source,))
    (folder / "labels").write_bytes(b"digitz")
    bad = Counting({"images": CONTENTS["images"], "labels": b"xxxxxx"}, label="bad")
    with pytest.raises(FileError, match="bad: ValueError: labels is spoilt"):
        fetch("toy", FILES, (bad.source,))
    assert (folder / "images").read_bytes() == CONTENTS["images"]


def test_the_failure_names_every_source_and_why(folder):
    def unreachable(file, scratch):
        raise RuntimeError("wrapped") from ConnectionError("name not known")

    sources = (Source("https://a.example/", unreachable), Counting(error=KeyError("x"), label="b").source)
    with pytest.raises(FileError, match="KN601 no source has `toy`") as caught:
        fetch("toy", FILES, sources)
    text = str(caught.value)
    assert "https://a.example/: ConnectionError: name not known" in text
    assert "b: KeyError: 'x'" in text
    assert f"put images and so on into {folder}" in text
    assert len(text.splitlines()) <= 12


def test_a_failure_leaves_nothing_half(folder):
    with pytest.raises(FileError, match="KN601"):
        fetch("toy", FILES, (Counting(error=OSError("cut off")).source,))
    assert stored(folder) == [".lock"]


def test_an_interrupt_leaves_nothing_half(folder):
    with pytest.raises(KeyboardInterrupt):
        fetch("toy", FILES, (Counting(error=KeyboardInterrupt()).source,))
    assert stored(folder) == [".lock"]


def test_what_a_killed_download_left_is_cleared_away(folder):
    (folder / "scratch-dead").mkdir(parents=True)
    (folder / "scratch-dead" / "images.part").write_bytes(b"half")
    fetch("toy", FILES, (Counting().source,))
    assert stored(folder) == [".lock", "images", "labels"]


def test_a_damaged_cache_is_fetched_again(folder):
    good = Counting()
    fetch("toy", FILES, (good.source,))
    (folder / "images").write_bytes(b"pixels")
    assert fetch("toy", FILES, (good.source,)) == list(CONTENTS.values())
    assert (folder / "images").read_bytes() == CONTENTS["images"]


def test_files_put_into_the_cache_by_hand_need_no_source(folder):
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    assert fetch("toy", FILES, ()) == list(CONTENTS.values())


def test_two_threads_fetch_once():
    good = Counting()
    threads = [threading.Thread(target=fetch, args=("toy", FILES, (good.source,))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert good.asked == ["images", "labels"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("KNETC_DATA", str(tmp_path / "file"))
    with pytest.raises(FileError, match=r"KN601 cannot write to `.*file/toy`") as caught:
        fetch("toy", FILES, (Counting().source,))
    assert "set KNETC_DATA" in str(caught.value)


def test_the_folder_is_that_of_the_variable_or_the_user(monkeypatch, tmp_path):
    assert data_folder() == tmp_path
    monkeypatch.delenv("KNETC_DATA")
    assert data_folder().name in {"knetc", "Cache"}


def test_importing_the_data_sets_loads_no_download_library():
    program = (
        "import sys, knetc.datasets;"
        "print(sorted({'pooch', 'requests', 'platformdirs', 'filelock'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

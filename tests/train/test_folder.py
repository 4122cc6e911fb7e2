from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from knetc.errors import ArgumentError, FileError
from knetc.train.checkpoint import load
from knetc.train.container import KEY
from knetc.train.folder import Checkpoints


def value(step):
    return {"w": np.full(5, float(step)), "step": step}


@pytest.fixture
def checkpoints(tmp_path):
    return Checkpoints(tmp_path / "runs" / "1", keep=3)


@pytest.fixture
def filled(checkpoints):
    """A folder with the checkpoints of steps 10, 20 and 30."""
    for step in (10, 20, 30):
        checkpoints.save(step, value(step))
    return checkpoints


def names(checkpoints):
    return sorted(path.name for path in Path(checkpoints.folder).iterdir())


def file(checkpoints, step):
    return Path(checkpoints.folder) / f"step-{step:08d}.safetensors"


def is_whole(found, step):
    assert found[0] == found[1]["step"] == step
    assert (found[1]["w"] == step).all()


# ---- keeping


def test_the_folder_is_made_and_the_files_are_named_by_their_step(checkpoints):
    path = checkpoints.save(7, value(7))
    assert path.name == "step-00000007.safetensors"
    assert load(path)["step"] == 7


def test_the_newest_few_are_kept(filled):
    for step in (40, 50):
        filled.save(step, value(step))
    assert filled.steps() == [30, 40, 50]


def test_a_step_of_more_digits_is_the_newest(filled):
    filled.save(10**8, value(10**8))
    is_whole(filled.load(), 10**8)
    assert filled.steps() == [20, 30, 10**8]


def test_saving_a_step_again_replaces_it(filled):
    filled.save(30, value(31))
    assert filled.load()[1]["step"] == 31
    assert filled.steps() == [10, 20, 30]


def test_files_of_other_names_are_left_alone(filled):
    for name in ("notes.txt", "step-1.safetensors", "step-00000001.safetensors.old"):
        (Path(filled.folder) / name).write_text("mine")
    filled.save(40, value(40))
    is_whole(filled.load(), 40)
    assert {"notes.txt", "step-1.safetensors", "step-00000001.safetensors.old"} < set(names(filled))


def test_later_checkpoints_than_the_one_written_are_not_counted_nor_removed(filled):
    filled.save(25, value(25))
    assert filled.steps() == [10, 20, 25, 30]


@pytest.mark.parametrize("keep", [0, -1, 1.5, None, True])
def test_at_least_one_is_kept(keep):
    with pytest.raises(ArgumentError, match=f"KN422 `keep` is {keep!r}; expected the number of checkpoints"):
        Checkpoints("runs", keep)


@pytest.mark.parametrize("step", [-1, 1.0, "1", np.int64(3)])
def test_a_step_is_a_number_from_0(filled, step):
    with pytest.raises(
        ArgumentError, match=re.escape(f"KN422 `step` is {step!r}; expected an int, 0 or more")
    ):
        filled.save(step, value(0))


# ---- finding


@pytest.mark.parametrize("make_folder", [False, True])
def test_a_missing_or_empty_folder_has_no_checkpoint(tmp_path, make_folder):
    if make_folder:
        (tmp_path / "new").mkdir()
    assert Checkpoints(tmp_path / "new").load() is None


def test_the_newest_is_found(filled):
    is_whole(filled.load(), 30)


def test_a_tree_is_filled(filled):
    tree = value(0)
    step, found = filled.load(into=tree)
    assert found is tree
    is_whole((step, tree), 30)


DAMAGE = {
    "truncated": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "a bit flipped": lambda data: data[:-20] + bytes([data[-20] ^ 4]) + data[-19:],
    "trailing bytes": lambda data: data + b"\0",
    "foreign": lambda data: b"hello",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_checkpoint_is_skipped_and_named(filled, damage):
    path = file(filled, 30)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.warns(RuntimeWarning, match=f"skipped a checkpoint: `{re.escape(str(path))}` is"):
        is_whole(filled.load(), 20)
    assert path.exists()


def test_a_folder_in_the_place_of_a_checkpoint_is_skipped_and_named(filled):
    file(filled, 40).mkdir()
    with pytest.warns(RuntimeWarning, match="skipped a checkpoint: cannot read .*step-00000040"):
        is_whole(filled.load(), 30)


def test_without_a_whole_checkpoint_nothing_starts_over_silently(filled):
    for step in filled.steps():
        file(filled, step).write_bytes(b"damaged")
    with (
        pytest.warns(RuntimeWarning, match="skipped"),
        pytest.raises(FileError, match=r"KN618 none of the 3 checkpoints in `.*` can be read"),
    ):
        filled.load()


def test_a_checkpoint_of_another_version_is_not_passed_over(filled):
    from safetensors.numpy import save_file

    save_file({"w": np.ones(2)}, file(filled, 40), {KEY: '{"format": 99}'})
    with pytest.raises(FileError, match=r"KN617 `.*step-00000040.safetensors` has the format 99"):
        filled.load()


def test_a_tree_that_does_not_fit_is_untouched_and_the_checkpoints_are_intact(filled):
    tree = {"w": np.zeros(4), "step": 0}
    with pytest.raises(ArgumentError, match="KN614 `w` is float64"):
        filled.load(into=tree)
    assert tree["w"].tolist() == [0.0] * 4
    assert tree["step"] == 0
    is_whole(filled.load(), 30)


# ---- failures


def test_what_cannot_be_saved_leaves_the_folder_as_it_was(filled):
    with pytest.raises(ArgumentError, match="KN615 `bad` cannot be saved"):
        filled.save(40, {"bad": {1, 2}})
    assert filled.steps() == [10, 20, 30]


@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
def test_a_disk_that_fails_leaves_the_older_checkpoints(filled, monkeypatch, call):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, call, fail)
        with pytest.raises(FileError, match=r"KN616 cannot write `.*step-00000040.*`: No space left"):
            filled.save(40, value(40))
    assert names(filled) == [file(filled, step).name for step in (10, 20, 30)]
    is_whole(filled.load(), 30)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_disk_that_is_full_in_the_middle_of_a_write_leaves_the_older_checkpoints(filled):
    program = """
import resource, sys
import numpy as np
from knetc.train.folder import Checkpoints
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
Checkpoints(sys.argv[1]).save(40, {"w": np.zeros(100_000)})
"""
    run = subprocess.run(
        [sys.executable, "-c", program, filled.folder], capture_output=True, text=True, check=False
    )
    assert "KN616 cannot write" in run.stderr
    assert names(filled) == [file(filled, step).name for step in (10, 20, 30)]
    is_whole(filled.load(), 30)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(FileError, match=r"KN616 cannot use the folder `.*runs`: File exists"):
        Checkpoints(tmp_path / "runs").save(1, value(1))
    with pytest.raises(FileError, match=r"KN616 cannot use the folder `.*runs`: Not a directory"):
        Checkpoints(tmp_path / "runs").load()


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="modes do not bind root")
def test_a_folder_that_may_only_be_read_is_read_and_named_when_written(filled):
    Path(filled.folder).chmod(0o555)
    try:
        is_whole(filled.load(), 30)
        with pytest.raises(FileError, match=r"KN616 cannot write .*Permission denied"):
            filled.save(40, value(40))
    finally:
        Path(filled.folder).chmod(0o755)


def test_a_file_that_vanishes_between_the_scan_and_the_reading_is_no_damage(filled, monkeypatch):
    steps = Checkpoints.steps
    monkeypatch.setattr(Checkpoints, "steps", lambda self: [*steps(self), 99])
    with warnings.catch_warnings(action="error"):
        is_whole(filled.load(), 30)


# ---- two processes


def test_two_processes_that_write_into_one_folder_leave_whole_checkpoints(tmp_path):
    program = """
import sys
import numpy as np
from knetc.train.folder import Checkpoints
checkpoints = Checkpoints(sys.argv[1], keep=2)
for step in range(40):
    checkpoints.save(step, {"w": np.full(20_000, float(step)), "step": step})
    found, value = checkpoints.load()
    assert (value["w"] == value["step"]).all() and found == value["step"]
"""
    command = [sys.executable, "-W", "error", "-c", program, str(tmp_path)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [writer.communicate()[1] for writer in writers] == [b"", b""]
    checkpoints = Checkpoints(tmp_path)
    is_whole(checkpoints.load(), 39)
    assert names(checkpoints) == [f"step-{step:08d}.safetensors" for step in (38, 39)]

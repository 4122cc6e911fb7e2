from __future__ import annotations

import importlib.util
import os
import struct
import subprocess
import sys

import pytest

from knetc.errors import FileError, PackageError
from knetc.train.log import logged
from knetc.train.tensorboard import TensorBoard

FAKE = """
import os

class SummaryWriter:
    def __init__(self, folder, purge_step, filename_suffix):
        self.file = open(os.path.join(folder, "calls"), "a")
        print("open", purge_step, filename_suffix == f".{os.getpid()}", file=self.file)

    def add_scalar(self, name, value, step):
        print(name, value, step, file=self.file)

    def flush(self):
        self.file.flush()

    def close(self):
        print("close", file=self.file)
        self.file.close()
"""


def absent(monkeypatch, module):
    """Let a module be imported afresh, and be forgotten afterwards."""
    monkeypatch.setitem(sys.modules, module, None)
    del sys.modules[module]


def package(tmp_path, monkeypatch, text):
    """Let `import tensorboardX` run this text."""
    (tmp_path / "packages" / "tensorboardX").mkdir(parents=True)
    (tmp_path / "packages" / "tensorboardX" / "__init__.py").write_text(text)
    absent(monkeypatch, "tensorboardX")
    monkeypatch.syspath_prepend(tmp_path / "packages")


def test_every_number_is_written_as_a_scalar(tmp_path, monkeypatch):
    package(tmp_path, monkeypatch, FAKE)
    for _ in logged([0.5, 0.25], TensorBoard(tmp_path / "run"), correct=lambda: 3):
        pass
    lines = (tmp_path / "run" / "calls").read_text().splitlines()
    assert lines == ["open 1 True", "loss 0.5 1", "correct 3 1", "loss 0.25 2", "correct 3 2", "close"]


def test_a_resumed_run_makes_later_records_invalid(tmp_path, monkeypatch):
    package(tmp_path, monkeypatch, FAKE)
    for _ in logged([0.5, 0.25], TensorBoard(tmp_path / "run")).skipping(1):
        pass
    assert (tmp_path / "run" / "calls").read_text().splitlines() == ["open 2 True", "loss 0.25 2", "close"]


def test_without_tensorboardX_the_message_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(PackageError, match="KN426 this needs the package `tensorboardX`") as caught:
        TensorBoard(tmp_path).begin(0, [])
    assert caught.value.help == "pip install 'knetc[tensorboard]'"


def test_a_folder_that_is_taken_for_pytorch_is_told(tmp_path, monkeypatch):
    package(tmp_path, monkeypatch, "import torch\ntorch.Tensor")
    (tmp_path / "packages" / "torch").mkdir()
    absent(monkeypatch, "torch")
    with pytest.raises(PackageError, match="KN426 the package `tensorboardX` cannot be imported") as caught:
        TensorBoard(tmp_path).begin(0, [])
    assert "rename the folder `torch`" in caught.value.help


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "run").write_text("a file")
    with pytest.raises(FileError, match=r"KN616 cannot use the folder `.*run`: File exists"):
        TensorBoard(tmp_path / "run").begin(0, [])


# ---- with tensorboardX itself

REAL = pytest.mark.skipif(
    importlib.util.find_spec("tensorboardX") is None, reason="tensorboardX is not installed"
)


def scalars(folder):
    """What is in the event files, in the order in which they were written."""
    from tensorboardX.proto.event_pb2 import Event

    found = []
    for file in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        data = file.read_bytes()
        while data:
            (length,) = struct.unpack("<Q", data[:8])
            event = Event.FromString(data[12 : 12 + length])
            found += [(value.tag, event.step, value.simple_value) for value in event.summary.value]
            data = data[16 + length :]
    return found


@REAL
def test_the_event_files_hold_the_numbers(tmp_path):
    for _ in logged([0.5, 0.25], TensorBoard(tmp_path), correct=lambda: 3):
        pass
    expected = [("loss", 1, 0.5), ("correct", 1, 3.0), ("loss", 2, 0.25), ("correct", 2, 3.0)]
    assert scalars(tmp_path) == expected


@REAL
def test_runs_within_one_second_do_not_overwrite_each_other(tmp_path):
    program = """
import sys
from knetc.train import TensorBoard, logged
for _ in logged([0.5], TensorBoard(sys.argv[1])):
    pass
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    for process in [subprocess.Popen(command) for _ in range(2)]:
        assert process.wait() == 0
    assert scalars(tmp_path) == [("loss", 1, 0.5)] * 2


@REAL
def test_the_real_package_beside_a_folder_torch_is_told(tmp_path):
    if importlib.util.find_spec("torch") is not None:
        pytest.skip("PyTorch is installed")
    (tmp_path / "torch").mkdir()
    program = "from knetc.train import TensorBoard; TensorBoard('run').begin(0, [])"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert "KN426 the package `tensorboardX` cannot be imported" in result.stderr
    assert "rename the folder `torch`" in result.stderr

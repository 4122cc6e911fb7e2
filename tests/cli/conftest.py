"""What the tests of the commands share: a folder to work in, and a way to run a command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from knetc.cli.main import commands

MODEL = """\
import numpy as np


def loss(w, x, y):
    h = np.tanh(x @ w)
    return np.mean((h - y) ** 2)


def refused(x):
    y = eval("np.sqrt(x)")
    return np.sum(y)


def recorded(x):
    with np.errstate(all="ignore"):
        y = np.sqrt(x)
    return np.sum(y)


SCALE = 2.0
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, the current one; modules that are run from it are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).endswith(".py") and name.startswith("model"):
            del sys.modules[name]


@pytest.fixture
def model(folder: Path) -> Path:
    path = Path("model.py")
    path.write_text(MODEL)
    return path


@pytest.fixture
def knetc() -> Callable[..., Result]:
    """Run a command: `knetc("show", "model.py:loss")`."""

    def run(*args: str) -> Result:
        return CliRunner().invoke(commands, list(args), prog_name="knetc")

    return run

"""Options, fixtures and skips that all tests share."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from knetc.testing import golden

os.environ["KNETC_STRICT"] = "1"  # a crash of the compiler is a failure, not a reason to record
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # of the programs that tests start, beside each other

collect_ignore_glob = ["cases/*", "fuzz/*", "refused/*"]  # texts for the compiler, not modules

settings.register_profile("quick", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("fuzz", max_examples=3_400, deadline=None, print_blob=True)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write new output into the golden files instead of comparing",
    )


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[[Path, Callable[[str], str]], None]:
    """`check_golden(path, produce)`: compare with a golden file, or rewrite it under `--update-golden`."""
    update = request.config.getoption("--update-golden")
    return lambda path, produce: golden.check(path, produce, update=update)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("peers"):
        missing = [package for package in marker.args if importlib.util.find_spec(package) is None]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)} (`make test-peers` installs the peers)")
    if item.get_closest_marker("gpu") is not None:
        reason = _why_no_gpu()
        if reason:
            pytest.skip(reason)


def _why_no_gpu() -> str:
    """Why tests marked `gpu` cannot run here; empty if they can."""
    if importlib.util.find_spec("cupy") is None:
        return "cupy is not installed (`pip install 'knetc[cupy]'` on a machine with a CUDA device)"
    import cupy

    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        return f"no CUDA device: {error}"
    return ""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Names of parameters are the same in every process: no addresses, no paths."""
    text = repr(val)
    return type(val).__name__ if " at 0x" in text or " from '" in text else None

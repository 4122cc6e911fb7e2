"""The example as its readers run it: a program of its own, on the digits that come with knetc."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

LENET = Path(__file__).parents[2] / "examples" / "lenet.py"
RUN = f"import runpy; runpy.run_path({str(LENET)!r}, run_name='__main__')"


def lenet(folder, *options, before="", check=True):
    """Run the example in `folder`, after the statement `before`."""
    command = [sys.executable, "-W", "error", "-c", f"{before}\n{RUN}", "--quick", "--epochs", "2", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=check)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lenet")
    return folder, lenet(folder)


def test_the_last_line_is_the_accuracy(done):
    _, result = done
    last = result.stdout.splitlines()[-1]
    assert re.fullmatch(r"test accuracy: 0\.\d{4}", last)
    assert float(last.split()[-1]) > 0.5  # 0.1 is chance; 30 steps are few


def test_it_reports_parameters_seconds_and_picture(done):
    _, result = done
    assert "parameters: 431,080\n" in result.stdout
    assert re.search(r"^seconds: \d+\.\d$", result.stdout, re.MULTILINE)
    assert "picture: lenet.png\n" in result.stdout


def test_its_progress_in_a_pipe_is_plain(done):
    _, result = done
    assert re.search(r"^30/30  100%  .* it/s  loss \d", result.stdout, re.MULTILINE)
    assert "\r" not in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_it_draws_a_picture_and_leaves_nothing_else(done):
    folder, _ = done
    assert [path.name for path in folder.iterdir()] == ["lenet.png"]
    assert (folder / "lenet.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_seed_gives_the_same_accuracy(done, tmp_path):
    _, result = done
    other = lenet(tmp_path, "--out", "picture.png")
    assert other.stdout.splitlines()[-1] == result.stdout.splitlines()[-1]
    assert (tmp_path / "picture.png").exists()


def test_without_matplotlib_it_says_how_to_get_it_and_goes_on(tmp_path):
    result = lenet(tmp_path, before="import sys; sys.modules['matplotlib'] = None")
    assert "picture: none, as matplotlib is missing; pip install 'knetc[plot]'\n" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("test accuracy: ")
    assert list(tmp_path.iterdir()) == []


def test_a_loss_that_is_not_finite_stops_it_with_a_message(tmp_path):
    spoil = """
import knetc.datasets
whole = knetc.datasets.mnist
def mnist(**options):
    x, y, *test = whole(**options)
    return x * float("nan"), y, *test
knetc.datasets.mnist = mnist
"""
    result = lenet(tmp_path, before=spoil, check=False)
    assert result.returncode == 1
    assert "KN501 the loss became nan at step 1" in result.stderr
    assert "Traceback" not in result.stderr
    assert "accuracy" not in result.stdout


@pytest.mark.parametrize("option", ["--epochs=three", "--unknown"])
def test_a_wrong_option_is_refused(tmp_path, option):
    result = lenet(tmp_path, option, check=False)
    assert result.returncode == 2
    assert "usage:" in result.stderr

"""`knetc show`: plain in a pipe, side by side on a wide terminal, one below the other on a narrow one."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from knetc.cli.show import render
from knetc.listing import Listing

LISTING = Listing(
    "model.py",
    4,
    "def f(x):\n    return x * x",
    "def f_grad(x):\n    x_bar = 2 * x  # model.py:5  return x * x\n    return x_bar",
)


def shown(width, **options):
    output = io.StringIO()
    render(LISTING, Console(file=output, width=width, **options))
    return output.getvalue()


def test_in_a_pipe_both_texts_are_plain(knetc, model):
    result = knetc("show", "model.py:loss")

    assert result.exit_code == 0
    assert result.stdout.startswith("def loss(w, x, y):\n    h = np.tanh(x @ w)\n")
    assert "def loss_grad(w, x, y):\n" in result.stdout
    assert "  # model.py:5  h = np.tanh(x @ w)\n" in result.stdout
    assert "\x1b" not in result.stdout


def test_what_is_shown_in_a_pipe_is_python(knetc, model):
    compile(knetc("show", "model.py:loss").stdout, "shown", "exec")


def test_wrt_chooses_the_parameters(knetc, model):
    assert "with respect to x and y." in knetc("show", "model.py:loss", "--wrt", "x,y").stdout


def test_a_wide_terminal_shows_them_side_by_side():
    lines = shown(100).splitlines()

    assert re.match(r" +4 def f\(x\): +1 def f_grad\(x\):", lines[0])
    assert re.match(r" +5 +return x \* x +2 +x_bar = 2 \* x  # line 5", lines[1])


def test_a_narrow_terminal_shows_them_one_below_the_other():
    lines = shown(40).splitlines()

    assert lines[0].startswith("model.py:4 ─")
    assert re.match(r" +4 def f\(x\):$", lines[1].rstrip())
    assert lines[3].startswith("generated ─")
    assert re.match(r" +1 def f_grad\(x\):$", lines[4].rstrip())


@pytest.mark.parametrize("width", [40, 100])
def test_no_line_is_wider_than_the_terminal(width):
    assert max(map(len, shown(width).splitlines())) <= width


def test_a_terminal_gets_colours():
    assert "\x1b[" in shown(100, force_terminal=True, color_system="standard")


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", shown(100, force_terminal=True, color_system="standard"))


def test_a_forced_terminal_is_one(knetc, model, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")

    assert re.search(r"^generated .*\x1b\[", knetc("show", "model.py:loss").stdout, re.MULTILINE)

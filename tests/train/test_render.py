from __future__ import annotations

import io
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from rich.console import Console

from knetc.train import render
from knetc.train.progress import progress
from knetc.train.render import Lines, Notebook, Terminal, choose
from knetc.train.snapshot import Snapshot


class FakeDisplay:
    """A notebook's display: remembers what each output cell shows."""

    def __init__(self):
        self.calls = []
        self.updates = []

    def __call__(self, bundle, *, raw, display_id):
        self.calls.append((bundle, raw, display_id))
        return self

    def update(self, bundle, *, raw):
        self.updates.append((bundle, raw))


def terminal(**options):
    console = Console(file=io.StringIO(), force_terminal=True, width=80, **options)
    return Terminal(console), console.file


def test_a_terminal_redraws_one_line():
    renderer, output = terminal()
    list(progress([0.5, 0.25], renderer=renderer))
    text = output.getvalue()
    assert "━" in text
    assert "2/2  100%" in text
    assert "loss 0.375" in text
    assert text.count("\n") == 1


def test_a_terminal_gets_its_cursor_back_after_an_exception():
    renderer, output = terminal()
    with pytest.raises(ZeroDivisionError):
        for _ in progress(range(2), renderer=renderer):
            1 / 0
    assert output.getvalue().rindex("\x1b[?25h") > output.getvalue().rindex("\x1b[?25l")
    assert "stopped" in output.getvalue()


def test_a_terminal_without_a_total_shows_a_pulse():
    renderer, output = terminal()
    list(progress((i for i in range(2)), renderer=renderer))
    assert re.search(r"━.* 2  ", output.getvalue())


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    renderer, output = terminal()
    list(progress([0.5], renderer=renderer))
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", output.getvalue())


def test_a_line_fits_a_narrow_terminal():
    console = Console(file=io.StringIO(), force_terminal=True, width=30)
    list(progress([0.5], renderer=Terminal(console)))
    assert console.file.getvalue().count("\n") == 1


def test_a_notebook_has_one_output_that_is_updated():
    display = FakeDisplay()
    list(progress([0.5, 0.25], renderer=Notebook(display)))
    [(first, raw, display_id)] = display.calls
    assert (raw, display_id) == (True, True)
    assert '<progress value="0" max="2"' in first["text/html"]
    last, raw = display.updates[-1]
    assert raw is True
    assert '<progress value="2" max="2"' in last["text/html"]
    assert "loss 0.375" in last["text/html"]
    assert last["text/plain"].startswith("2/2  100%")


def test_a_notebook_shows_where_an_exception_stopped_the_loop():
    display = FakeDisplay()
    with pytest.raises(ZeroDivisionError):
        for _ in progress(range(2), renderer=Notebook(display)):
            1 / 0
    assert "stopped" in display.updates[-1][0]["text/html"]


def test_a_notebook_without_a_total_has_a_moving_bar():
    display = FakeDisplay()
    Notebook(display).show(Snapshot(3, None, 1.0))
    assert "<progress style" in display.calls[0][0]["text/html"]


def test_html_is_escaped():
    display = FakeDisplay()
    Notebook(display).show(Snapshot(3, 9, 1.0))
    assert "00:01 &lt; 00:02" in display.calls[0][0]["text/html"]


def test_plain_lines_come_every_so_often_and_at_the_end():
    output = io.StringIO()
    lines = Lines(5.0, output)
    for second in range(13):
        lines.show(Snapshot(second, 13, float(second)))
    lines.close(Snapshot(13, 13, 13.0))
    assert [line.split()[0] for line in output.getvalue().splitlines()] == ["5/13", "10/13", "13/13"]


def test_in_a_pipe_there_is_one_last_plain_line():
    program = "from knetc.train.progress import progress; list(progress([0.5, 0.25]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"2/2  100%  \d+ it/s  loss 0.375  00:00\n", done.stdout)
    assert done.stderr == ""


def test_a_pipe_gets_lines(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(render, "in_notebook", lambda: False)
    assert isinstance(choose(7.0), Lines)
    assert choose(7.0).every == 7.0


@pytest.mark.parametrize(("term", "expected"), [("xterm", Terminal), ("dumb", Lines)])
def test_a_terminal_gets_a_bar_unless_it_is_dumb(monkeypatch, term, expected):
    stream = io.StringIO()
    stream.isatty = lambda: True
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(render, "in_notebook", lambda: False)
    monkeypatch.setenv("TERM", term)
    assert isinstance(choose(5.0), expected)


@pytest.mark.parametrize(
    ("shell", "expected"), [("ZMQInteractiveShell", True), ("TerminalInteractiveShell", False), (None, False)]
)
def test_a_notebook_is_known_by_its_shell(monkeypatch, shell, expected):
    found = type(shell, (), {})() if shell else None
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: found))
    assert render.in_notebook() is expected
    if expected:
        assert isinstance(choose(5.0), Notebook)


def test_without_ipython_there_is_no_notebook(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert render.in_notebook() is False


def test_the_last_line_is_not_printed_twice():
    output = io.StringIO()
    lines = Lines(5.0, output)
    lines.show(Snapshot(10, 10, 5.5, 0.5))
    lines.close(Snapshot(10, 10, 5.6, 0.5))
    assert len(output.getvalue().splitlines()) == 1

"""Three ways to show a `Snapshot`: a bar in a terminal, a bar in a notebook, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, Protocol, TextIO

from knetc.train.snapshot import Snapshot


class Renderer(Protocol):
    """Shows snapshots as they come; `close` shows the last one."""

    def show(self, snapshot: Snapshot) -> None:
        """Show how far the loop has come."""

    def close(self, snapshot: Snapshot) -> None:
        """Show where the loop ended, and leave that standing."""


class Terminal:
    """One line with a bar, redrawn in place by rich, which knows about width, colours and NO_COLOR."""

    def __init__(self, console: Any = None) -> None:
        from rich.progress import BarColumn, Progress, TextColumn
        from rich.table import Column

        text = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True))
        self.progress = Progress(BarColumn(bar_width=20), text, console=console, auto_refresh=False)
        self.task = self.progress.add_task("")

    def show(self, snapshot: Snapshot) -> None:
        """Redraw the line."""
        self.progress.start()
        total, text = snapshot.total, snapshot.text()
        self.progress.update(self.task, completed=snapshot.count, total=total, description=text, refresh=True)

    def close(self, snapshot: Snapshot) -> None:
        """Draw the line for the last time and give the terminal back."""
        self.show(snapshot)
        self.progress.stop()


class Notebook:
    """One output cell with a `<progress>` element, updated through its display handle; no widgets."""

    def __init__(self, display: Callable[..., Any] | None = None) -> None:
        self.display = display
        self.handle: Any = None

    def show(self, snapshot: Snapshot) -> None:
        """Create the output, or update it."""
        bundle = {"text/html": _html(snapshot), "text/plain": snapshot.text()}
        if self.handle is None:
            self.handle = self._display()(bundle, raw=True, display_id=True)
        else:
            self.handle.update(bundle, raw=True)

    def close(self, snapshot: Snapshot) -> None:
        """Leave the last state in the output."""
        self.show(snapshot)

    def _display(self) -> Callable[..., Any]:
        if self.display is not None:
            return self.display
        from IPython.display import display

        chosen: Callable[..., Any] = display
        return chosen


class Lines:
    """A plain line every so many seconds and one at the end, for pipes, logs and CI."""

    def __init__(self, every: float, stream: TextIO | None = None) -> None:
        self.every = every
        self.stream = stream
        self.due = every
        self.last = ""

    def show(self, snapshot: Snapshot) -> None:
        """Print a line if it is time."""
        if snapshot.seconds >= self.due:
            self.due = snapshot.seconds + self.every
            self.close(snapshot)

    def close(self, snapshot: Snapshot) -> None:
        """Print a line, unless it is the last one again."""
        line = snapshot.text()
        if line != self.last:
            print(line, file=self.stream or sys.stdout, flush=True)
        self.last = line


class Quiet:
    """Shows nothing."""

    def show(self, snapshot: Snapshot) -> None:
        """Nothing."""

    def close(self, snapshot: Snapshot) -> None:
        """Nothing."""


def choose(every: float) -> Renderer:
    """The renderer that suits where the output goes."""
    if in_notebook():
        return Notebook()
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        return Terminal()
    return Lines(every)


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this. IPython is asked only if it has been loaded already.

    >>> in_notebook()
    False
    """
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and type(shell).__name__ != "TerminalInteractiveShell"


def _html(snapshot: Snapshot) -> str:
    """A bar and the text; without a total the bar only moves to and fro."""
    span = "" if snapshot.total is None else f' value="{snapshot.count}" max="{max(snapshot.total, 1)}"'
    return (
        f'<progress{span} style="width: 20em"></progress> <code>{snapshot.text().replace("<", "&lt;")}</code>'
    )

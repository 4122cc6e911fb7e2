"""`knetc show`: a function and its generated gradient, side by side if there is room, else one below the other."""

from __future__ import annotations

from typing import Any

import click

from knetc.cli.ahead import ahead
from knetc.cli.target import find
from knetc.listing import Listing, listing

GUTTER = 8
"""Columns that line numbers and margins take."""


def show(text: str, wrt: str | None) -> None:
    """Print both texts of the function `text`, `model.py:loss`: plain into a pipe, in colour on a terminal."""
    compiled = ahead(find(text).function(), wrt)
    generated, _ = compiled.text()
    found = listing(compiled.function, generated)
    from rich.console import Console

    console = Console()
    if console.is_terminal:
        render(found, console)
    else:
        click.echo(f"{found.source}\n\n\n{found.generated}")


def render(found: Listing, console: Any) -> None:
    """Print a listing to a console of rich."""
    from rich.rule import Rule

    texts = (found.source, found.beside)
    needed = [max(map(len, text.splitlines())) + GUTTER for text in texts]
    left = _code(found.source, found.first)
    if sum(needed) <= console.width:
        console.print(_grid([left, _code(found.beside)], needed))
        return
    console.print(Rule(f"{found.file}:{found.first}", align="left"), left)
    console.print(Rule("generated", align="left"), _code(found.generated))


def _code(text: str, first: int = 1) -> Any:
    from rich.syntax import Syntax

    return Syntax(
        text,
        "python",
        theme="ansi_dark",
        background_color="default",
        line_numbers=True,
        start_line=first,
        word_wrap=True,
    )


def _grid(columns: list[Any], widths: list[int]) -> Any:
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    for width in widths:
        table.add_column(width=width)
    table.add_row(*columns)
    return table

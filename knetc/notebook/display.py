"""A function and its gradient side by side, as HTML that needs nothing from elsewhere."""

from __future__ import annotations

import html as markup
from dataclasses import dataclass

from knetc.gradient import Gradient
from knetc.listing import Listing, listing

GRID = "display: grid; grid-template-columns: auto 1fr; gap: 1em; overflow-x: auto"
PANE = "background: #f8f8f8; color: #222; padding: 0.5em; margin: 0; line-height: 1.4"
NUMBER = '<span style="color: #999; user-select: none">{:>3}  </span>'


@dataclass(frozen=True)
class SideBySide:
    """A listing that a notebook displays in two columns, and a terminal as one text below the other."""

    texts: Listing

    def _repr_html_(self) -> str:
        panes = _pane(self.texts.source, self.texts.first) + _pane(self.texts.beside, 1)
        return f'<div style="{GRID}">{panes}</div>'

    def __repr__(self) -> str:
        return f"{self.texts.source}\n\n\n{self.texts.generated}"


def side_by_side(gradient: Gradient) -> SideBySide:
    """The function of a gradient and the text that was generated for it."""
    return SideBySide(listing(gradient.function, gradient.source))


def html(gradient: Gradient) -> str:
    """What a notebook shows of a gradient.

    >>> from knetc import grad
    >>> html(grad(lambda x: x * x)).startswith("<div ")
    True
    """
    return side_by_side(gradient)._repr_html_()


def _pane(text: str, first: int) -> str:
    lines = _highlighted(text).rstrip("\n").split("\n")
    numbered = "\n".join(NUMBER.format(first + i) + line for i, line in enumerate(lines))
    return f'<pre style="{PANE}">{numbered}</pre>'


def _highlighted(text: str) -> str:
    """The text as HTML, in colours if pygments is installed."""
    try:
        from pygments import highlight  # type: ignore[import-untyped]
        from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
        from pygments.lexers import PythonLexer  # type: ignore[import-untyped]
    except ImportError:
        return markup.escape(text)
    coloured: str = highlight(text, PythonLexer(stripnl=False), HtmlFormatter(noclasses=True, nowrap=True))
    return coloured

"""What a notebook displays: one self-contained piece of HTML, with or without pygments."""

from __future__ import annotations

import sys
from html.parser import HTMLParser

import pytest

from knetc import grad
from knetc.listing import Listing
from knetc.notebook.display import SideBySide, html

LISTING = Listing(
    "f.py",
    9,
    'def f(x):\n    return x < "&"',
    "def f_grad(x):\n    " + '"' * 3 + 'One\n    two."""\n    return 1  # f.py:10  return',
)


class Text(HTMLParser):
    """The text in a piece of HTML, and the tags that are not closed."""

    def __init__(self):
        super().__init__()
        self.text, self.open = "", []

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(markup):
    parser = Text()
    parser.feed(markup)
    assert parser.open == []
    return parser.text


@pytest.fixture(params=["pygments", "plain"])
def shown(request, monkeypatch):
    if request.param == "plain":
        monkeypatch.setitem(sys.modules, "pygments", None)
    else:
        pytest.importorskip("pygments")
    return SideBySide(LISTING)._repr_html_()


def test_every_line_has_its_number(shown):
    text = read(shown)

    assert '  9  def f(x):\n 10      return x < "&"' in text
    assert "  1  def f_grad(x):\n  2  " in text


def test_the_text_is_escaped(shown):
    assert 'x < "&"' in read(shown)
    assert "<script" not in shown


def test_lines_of_the_source_are_named_by_number(shown):
    assert "# line 10" in read(shown)


def test_it_needs_nothing_from_elsewhere(shown):
    assert "http" not in shown
    assert "class=" not in shown


def test_a_terminal_shows_both_texts():
    assert repr(SideBySide(LISTING)) == f"{LISTING.source}\n\n\n{LISTING.generated}"


def test_a_gradient_is_displayed_with_its_function():
    def f(x):
        return x * x

    text = read(html(grad(f)))
    assert "def f(x):" in text
    assert "def f_grad(x):" in text

"""Source and generated text side by side."""

from __future__ import annotations

import pytest

from knetc.errors import SourceError
from knetc.listing import Listing, listing


def outer():
    def inner(x):
        return x * x

    return inner


def test_the_source_is_moved_to_the_margin():
    found = listing(outer(), "pass\n")

    assert (found.file, found.source) == ("test_listing.py", "def inner(x):\n    return x * x")
    assert found.first == outer.__code__.co_firstlineno + 1


def test_a_lambda_is_listed():
    assert listing(lambda x: x * 2, "").source.strip().startswith("assert listing(lambda x: x * 2")


def test_beside_the_source_comments_only_name_lines():
    generated = "a = 1  # f.py:12  a = x  # why\nb = 2  # g.py:3  b = y\nc = 3  # by hand"
    found = Listing("f.py", 1, "", generated)

    assert found.beside == "a = 1  # line 12\nb = 2  # g.py:3\nc = 3  # by hand"


def test_comments_of_notebook_cells_are_shortened():
    assert (
        Listing("<ipython-input-1>", 1, "", "a = 1  # <ipython-input-1>:2  a = x").beside == "a = 1  # line 2"
    )


def test_a_function_without_source_is_refused():
    names = {}
    exec("def f(x): return x", names)

    with pytest.raises(SourceError, match="KN110"):
        listing(names["f"], "")

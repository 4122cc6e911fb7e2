"""The free names of a piece of syntax, and those of which more than the shape is read."""

from __future__ import annotations

import gast
import pytest

from knetc.front.names import carried, used


def parsed(text):
    return gast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x + f(y, k=z)", "x f y z"),
        ("[a * x for a in xs if a > y]", "x xs y"),
        ("{k: v for k, v in d.items()}", "d"),
        ("[a for a in a]", "a"),
        ("[b for a in xs for b in a]", "xs"),
        ("lambda a, b: a * b + c", "c"),
        ("len(x) + y.shape[0]", "len x y"),
        ("f'{x} {y!r}'", "x y"),
    ],
)
def test_used_names_are_free(text, names):
    assert used(parsed(text)) == set(names.split())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("len(x) + y", "y"),
        ("x.shape[0] * x.ndim + x.size", ""),
        ("x.dtype == y", "y"),
        ("x.shape[0] + x[0]", "x"),
        ("len(x[0])", "len x"),
        ("x.T", "x"),
        ("[x.shape for a in xs]", "xs"),
    ],
)
def test_a_name_of_which_only_the_shape_is_read_carries_nothing(text, names):
    assert carried(parsed(text)) == set(names.split())

"""The kinds of all names of a function, from those of its parameters."""

# ruff: noqa: B007, B905, C416  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.analysis.infer import infer
from knetc.analysis.kinds import BOTTOM
from tests.stages import NOWHERE, analysed, anf, inferred

ROW, ROWS = np.ones(3), np.ones((2, 3))
factor = 2.0
table = np.ones((4, 3))


class Layer:
    def __init__(self):
        self.w = np.ones((2, 3))
        self.act = np.tanh


def straight(x, w):
    h = np.tanh(w * x)
    s = h.sum(axis=0)
    t = h.T
    n = len(h)
    return s, t, n


def branches(x, n):
    if n:
        y = x
        z = 1.0
    else:
        y = x[0]
        z = 2
    return y, z


def loops(x, n):
    total = 0
    for i, (row, k) in enumerate(zip(x, range(n))):
        total = total + row
    h = None
    while n:
        h = x
    return total, h, i, k


def unpacked(p, q):
    a, (b, c) = p
    d = q["w"]
    e = [a, a]
    f = e[0]
    return b, c, d, f


def of_object(m, x):
    w = m.w
    y = m.act(x)
    z = m.other
    return w, y, z


def copied(x):
    y = [t for t in x]
    z = f"{x}"
    u = not x
    with x as v:
        x = 1
    return y, z, u, v


def square(x):
    return x * x


def power(x, n):
    if n == 0:
        return x * 1.0
    return power(x, n - 1) * x


def calling(x, n):
    y = square(x)
    z = power(x, n)
    u = factor * x
    v = table
    return y, z, u, v


def kinds(function, *args, names):
    found = inferred(function, *args)
    return [str(found[name]) for name in names.split()]


@pytest.mark.parametrize(
    ("function", "args", "names", "found"),
    [
        (straight, (ROW, ROWS), "h s t n", ["array[nn]", "array[n]", "array[nn]", "int"]),
        (branches, (ROWS, 1), "y z", ["array[...]", "float"]),
        (loops, (ROWS, 2), "i row k h", ["int", "array[n]", "int", "unknown"]),
        (
            unpacked,
            ((1.0, (ROW, 2)), {"w": ROWS}),
            "a b c d f",
            ["float", "array[n]", "int", "array[nn]", "float"],
        ),
        (of_object, (Layer(), ROW), "w y z", ["array[nn]", "array[n]", "unknown"]),
        (copied, (ROW,), "y z u v", ["unknown", "str", "bool", "unknown"]),
    ],
)
def test_the_kinds_of_names(function, args, names, found):
    assert kinds(function, *args, names=names) == found


def test_the_kinds_of_results_and_of_names_outside():
    found = analysed(calling, ROW, 3).facts.kinds
    assert [str(found[name]) for name in ("y", "z", "u", "v")] == [
        "array[n]",
        "array[n]",
        "array[n]",
        "array[nn]",
    ]


def test_a_name_that_nothing_reaches_has_no_kind():
    f, _ = anf(branches)
    assert infer(f, {}, NOWHERE)["z"].tag == "float"


def test_kinds_only_grow():
    f, _ = anf(loops)
    found = infer(f, {}, NOWHERE)
    assert all(kind != BOTTOM for kind in found.values())

"""Active is what depends on an input and on what an output depends."""

# ruff: noqa: RET504  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.ops import relu
from tests.stages import analysed

ROW = np.ones(3)


def straight(x, y):
    a = x * 2.0
    b = y * 2.0
    c = a * b
    d = a * a
    print(d)
    return np.sum(c)


def integers(x, n):
    k = len(x) + n
    i = x.shape[0]
    j = np.argmax(x)
    z = x[j] * k + i
    return z


def by_test(x, n):
    if np.sum(x) > n:
        y = 1.0
    else:
        y = 2.0
    return y


def shapes(x, n):
    y = np.zeros_like(x)
    z = x.dtype
    return np.sum(y), z


def around(x, n):
    total = 0.0
    for _ in range(n):
        total = total + x
        x = relu(x)
    return total


def walked(xs, n):
    total = 0.0
    for x in xs:
        total = total + x
    return total


def indexed(x, n):
    y = n[x]
    return y * 1.0


def constant(x):
    return 3


def calling(x, n):
    k = constant(x)
    y = x * k
    return y


def shared(x, n):
    y = [x]
    z = y[0]
    return z * n


@pytest.mark.parametrize(
    ("function", "args", "wrt", "active"),
    [
        (straight, (ROW, ROW), "x", "x a c"),
        (straight, (ROW, ROW), "x y", "x y a b c"),
        (integers, (ROW, 2), "x", "x z"),
        (by_test, (ROW, 2), "x", ""),
        (shapes, (ROW, 2), "x", ""),
        (around, (1.5, 3), "x", "x total"),
        (walked, ([1.0], 3), "xs", "xs x total"),
        (calling, (ROW, 3), "x", "x y"),
        (shared, (ROW, 3), "x", "x y z"),
    ],
)
def test_the_active_names(function, args, wrt, active):
    found = analysed(function, *args, wrt=wrt.split())
    users = found.active.active & set(function.__code__.co_varnames)
    assert users == set(active.split())


def test_the_chain_from_a_name_to_the_input_is_told():
    found = analysed(straight, ROW, ROW, wrt=("x",)).active
    assert found.why("c") == "`c` depends on `x`"
    assert found.why("x") == "`x` is differentiated"


def test_an_integer_parameter_is_never_varied():
    assert "n" not in analysed(integers, ROW, 2, wrt=("x", "n")).active.varied

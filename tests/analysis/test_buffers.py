"""Which arrays may be stored into by written adjoints, shown by what is recorded instead."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import Refusal

X = np.array([0.3, 0.5, 0.7])


def compiles(f, *args):
    with knetc.config(record=False):
        try:
            knetc.grad(f)(*(args or (X.copy(),)))
        except Refusal:
            return False
    return True


def view_read_at_once(x):
    y = x * x
    y[0] = np.sum(y[1:] * y[:-1])
    return np.sum(y)


def view_read_later(x):
    y = x * x
    z = y[1:]
    y[1] = 2.0
    return np.sum(z)


def view_read_in_the_next_round(x):
    y = x * x
    z = x
    for i in range(3):
        y[i] = z[0]
        z = y[1:]
    return np.sum(y)


def alias(x):
    y = x * x
    z = y
    z[0] = 1.0
    return np.sum(y)


def in_a_list(x):
    y = x * x
    ys = [y]
    y[0] = x[1]
    return np.sum(ys[0])


def argument(x):
    x[0] = x[1] * x[2]
    return np.sum(x * x)


def captured(x):
    y = x * x
    y[0] = x[1]
    return (lambda: np.sum(y))()  # noqa: PLC3002  it captures


def zero_dimensional(x):
    y = np.zeros(())
    y[()] = x[0]
    return y * x[1]


def duplicates(x):
    y = x * x
    y[[0, 0]] = x[1:]
    return np.sum(y)


@pytest.mark.parametrize("f", [view_read_at_once, argument])
def test_what_nobody_else_sees_is_compiled(f):
    assert compiles(f)


@pytest.mark.parametrize(
    "f",
    [view_read_later, view_read_in_the_next_round, alias, in_a_list, captured, zero_dimensional, duplicates],
)
def test_what_is_seen_elsewhere_is_not(f):
    assert not compiles(f)


def overlapping(a, b):
    a[0] = b[1] * 2.0
    return np.sum(a * b)


def test_arguments_that_share_memory_are_recorded():
    memory = X.copy()
    gradient = knetc.grad(overlapping, wrt="a")
    apart = gradient(X.copy(), X.copy())
    shared = gradient(memory[:2], memory[1:])

    assert "tape" not in gradient.source.partition('"""')[0]
    np.testing.assert_allclose(apart, [0.0, 0.5, 0.7])
    assert shared.shape == (2,)


def cubes(v):
    return np.sum(v * v * v)


def stored_behind_a_call(x):
    y = x * x
    s = cubes(y)
    y[0] = x[1] * 3.0
    return s * np.sum(y)


def stored_in_the_next_round(x):
    y = x * 1.0
    for i in range(2):
        y[i] = cubes(y) * x[i]
    return np.sum(y)


def stored_in_a_branch_behind_a_call(x):
    y = x * x
    if x[0] > 0:
        s = cubes(y[1:])
        y[1] = s
    return np.sum(y)


def stored_before_a_call(x):
    y = np.zeros(3)
    for i in range(3):
        y[i] = x[i] * x[i]
    return cubes(y)


@pytest.mark.parametrize(
    "f", [stored_behind_a_call, stored_in_the_next_round, stored_in_a_branch_behind_a_call]
)
def test_what_a_callee_keeps_is_not_stored_into(f):
    assert not compiles(f)
    assert knetc.gradcheck(f, X)


def test_what_is_stored_before_a_call_is_compiled():
    assert compiles(stored_before_a_call)
    assert knetc.gradcheck(stored_before_a_call, X)


def test_one_array_for_two_arguments_is_recorded():
    x = X.copy()
    value, gradient = knetc.value_and_grad(overlapping, wrt="b")(x, x)
    expected = X.copy()

    assert value == overlapping(expected, expected)
    assert gradient.shape == (3,)
    np.testing.assert_array_equal(x, expected)

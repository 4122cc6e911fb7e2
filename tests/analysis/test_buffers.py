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


def test_arguments_that_share_memory_with_what_is_stored_into_are_refused():
    memory = X.copy()
    gradient = knetc.grad(overlapping, wrt="a")

    np.testing.assert_allclose(gradient(X.copy(), X.copy()), [0.0, 0.5, 0.7])
    with pytest.raises(Refusal, match="`a` and `b` share memory"):
        gradient(memory[:2], memory[1:])


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


@pytest.mark.parametrize("wrt", ["a", "b"])
def test_one_array_for_two_arguments_is_refused_where_it_is_stored_into(wrt):
    x = X.copy()
    with pytest.raises(Refusal, match="share memory"):
        knetc.grad(overlapping, wrt=wrt)(x, x)


def test_one_array_for_two_arguments_is_fine_elsewhere():
    gradient = knetc.grad(lambda a, b: np.sum(a * b * b), wrt=(0, 1))

    np.testing.assert_allclose(gradient(X, X), [X**2, 2 * X**2])


BUFFER = np.zeros(3)


def default(x, y=BUFFER):
    y[0] = x[0] * x[1]
    y[1] += x[1]
    return np.sum(y * x)


def test_what_is_stored_into_a_default_stays_there():
    BUFFER[:] = 0.0
    knetc.grad(default)(X.copy())

    np.testing.assert_allclose(BUFFER, [0.15, 0.5, 0.0])
    knetc.grad(default)(X.copy())
    np.testing.assert_allclose(BUFFER, [0.15, 1.0, 0.0])
    BUFFER[:] = 0.0

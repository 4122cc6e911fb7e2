"""What is active and has no derivative is refused with its reason; what is inactive is let through."""

# ruff: noqa: C416  programs for the compiler are written in every way
from __future__ import annotations

import re

import numpy as np
import pytest

from knetc.errors import Refusal
from tests.stages import analysed

ROW = np.ones(3)


class Number:
    def __init__(self, w):
        self.w = w

    @property
    def twice(self):
        return 2 * self.w

    def __add__(self, other):
        return self.w + other


def comprehension(x):
    ys = {t * 2 for t in x}
    return max(ys)


def verbatim_in_a_call(x):
    return np.sum(np.stack(tuple(t for t in x)))


def store(x):
    y = x * 2
    z = y[1:]
    y[0] = z[0]
    y[1] = z[1]
    return np.sum(y)


def with_block(x):
    with np.errstate(all="ignore"):
        y = x * x
    return np.sum(y)


def list_method(x):
    ys = [x, x]
    y = ys.copy()
    return y[0]


def array_method(x):
    return np.sum(x.tobytes())


def attribute(x):
    return np.sum(x.flat)


def property_of_object(m):
    return m.twice * 1.0


def operator_of_object(m):
    return m + 1.0


@pytest.mark.parametrize(
    ("function", "argument", "message"),
    [
        (comprehension, ROW, "a comprehension: `x` is differentiated"),
        (verbatim_in_a_call, ROW, "a generator expression|`tuple"),
        (store, ROW, "an assignment into an item: `y` depends on `x`"),
        (with_block, ROW, "`with`: `x` is differentiated"),
        (list_method, ROW, "the method `.copy` of a list: `ys` depends on `x`"),
        (array_method, ROW, "the method `.tobytes` of an array, which has no rule"),
        (attribute, ROW, "the attribute `.flat` of an array"),
        (property_of_object, Number(ROW), "the property `.twice`"),
        (operator_of_object, Number(ROW), "of a Number"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_active_code_without_derivative_is_refused(function, argument, message):
    pattern = "|".join(map(re.escape, message.split("|")))
    with pytest.raises(Refusal, match=pattern):
        analysed(function, argument)


def test_a_refusal_points_at_the_line():
    with pytest.raises(Refusal) as caught:
        analysed(store, ROW)
    assert caught.value.place.text.strip() == "y[0] = z[0]"


def inactive(x, n):
    names = [str(k) for k in range(n)]
    with np.errstate(all="ignore"):
        k = sum(t for t in range(n))
    table = {}
    table["n"] = k
    print(names, [t for t in x], f"{x}")
    return np.sum(x) * k


def only_the_shape(x, n):
    sizes = [len(x) for _ in range(n)]
    return np.sum(x) * len(sizes)


@pytest.mark.parametrize("function", [inactive, only_the_shape])
def test_inactive_code_is_let_through(function):
    analysed(function, ROW, 3, wrt=("x",))


@pytest.mark.parametrize("function", [comprehension, store, with_block])
def test_without_anything_to_differentiate_nothing_is_refused(function):
    analysed(function, ROW, wrt=())

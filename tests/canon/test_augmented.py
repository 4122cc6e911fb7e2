"""`x += e` on an active value makes a new one, where nobody can tell the difference; elsewhere it is refused."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import Refusal
from knetc.ir import nodes as ir
from knetc.ir.walk import statements
from tests.stages import analysed

ROW = np.ones(3)


def of_a_new_array(x):
    y = x * 2.0
    y += x
    return y


def of_a_number(x):
    y = x
    y *= x
    return y


def inactive(x):
    k = np.zeros(3)
    k += 1.0
    return x * k


def active_only_by_addition(x):
    total = np.zeros(3)
    total += x
    return total


def in_a_loop(x):
    y = x * 2.0
    for _ in range(3):
        y += x
    return y


def of_a_list(x):
    ys = [x]
    ys += [x]
    return ys[0]


def of_an_argument(x):
    x += 1.0
    return x


def of_an_alias(x):
    y = x * 2.0
    z = y
    y += x
    return y * z


def of_a_view(x):
    y = x * 2.0
    z = y[1:]
    z += 1.0
    return y


def of_an_item(x):
    ys = [x * 2.0]
    y = ys[0]
    y += x
    return ys[0]


def spellings(function, argument):
    body = analysed(function, argument).function.body
    applied = [
        s.value.spelled
        for s in statements(body)
        if isinstance(s, ir.Assign) and isinstance(s.value, ir.Apply)
    ]
    return [s for s in applied if isinstance(s, str)]


@pytest.mark.parametrize(
    ("function", "argument", "found"),
    [
        (of_a_new_array, ROW, ["*", "+"]),
        (active_only_by_addition, ROW, ["np.zeros", "+"]),
        (in_a_loop, ROW, ["*", "+"]),
        (of_a_list, ROW, ["+"]),
    ],
)
def test_an_active_value_is_made_anew(function, argument, found):
    assert spellings(function, argument) == found


@pytest.mark.parametrize(
    ("function", "argument", "found"),
    [(of_a_number, 1.5, ["*="]), (inactive, ROW, ["np.zeros", "+=", "*"])],
)
def test_a_number_and_an_inactive_array_keep_their_spelling(function, argument, found):
    assert spellings(function, argument) == found


@pytest.mark.parametrize(
    ("function", "other"), [(of_an_argument, "x"), (of_an_alias, "z"), (of_a_view, "y"), (of_an_item, "ys")]
)
def test_an_array_that_is_seen_elsewhere_is_refused(function, other):
    with pytest.raises(Refusal, match=rf"`[+]=` in place: `\w+` may share memory with `{other}`"):
        analysed(function, ROW)


def test_the_refusal_says_how_to_write_it():
    with pytest.raises(Refusal, match=r"help: write `x = x \+ \.\.\.`"):
        analysed(of_an_argument, ROW)


@pytest.mark.parametrize("function", [of_a_new_array, active_only_by_addition, in_a_loop])
def test_no_active_value_is_changed_in_place(function):
    assert not any(spelled.endswith("=") for spelled in spellings(function, ROW))

"""Invented names that are read once go back into the expression that reads them."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.opt.nest import nest
from tests.stages import anf, expected, generated, shown


def layer(w, x, b):
    h = np.tanh(w @ x + b)
    return np.sum(h * h)


def helper(x):
    return x * x


def two_calls(x):
    t = helper(x)
    u = helper(t)
    return u * np.sin(x)


def after_an_effect(x, xs):
    t = x * 2
    print(xs)
    return t


def past_a_change(x, y):
    t = x * 2
    x = y
    return t * x


def past_an_addition(x, y):
    t = x * 2
    x += y
    return t * x


def call_past_another_statement(x, y):
    t = helper(x)
    y = y * 2
    return t * y


def into_a_loop(x, n):
    t = x * 2
    for _ in range(n):
        x = x * t
    return x


def into_a_while(x):
    t = x * 2
    while t:
        x = x + 1
    return x


def into_a_test(x):
    t = x * 2
    if t:
        x = x + 1
    return x


def read_twice(x):
    t = x * 2
    return t * t


def defined_in_both_branches(x, n):
    if n:
        t = x * 2
    else:
        t = x
    return t


def into_verbatim(x):
    t = x * 2
    return [t for _ in x]


T = frozenset("tu")


def test_what_anf_took_apart_is_put_together():
    f, temps = anf(layer)
    assert shown(nest(f.body, temps, frozenset())) == expected("""
        h = np.tanh(np.add(np.matmul(w, x), b))
        return np.sum(np.multiply(h, h))
    """)


def test_names_of_the_user_stay():
    assert shown(nest(generated(layer), frozenset(), frozenset())) == shown(generated(layer))


def test_names_that_the_other_sweep_reads_stay():
    f, temps = anf(layer)
    assert (
        shown(nest(f.body, temps, frozenset(("total",)))).splitlines()[0]
        == "total = np.add(np.matmul(w, x), b)"
    )


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (two_calls, "return np.multiply(call helper(call helper(x)), np.sin(x))"),
        (
            after_an_effect,
            """
            opaque print(xs)
            return np.multiply(x, 2)
            """,
        ),
        (
            into_a_test,
            """
            if np.multiply(x, 2)
              x = np.add(x, 1)
            return x
            """,
        ),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_name_goes_to_its_reader(function, text):
    assert shown(nest(generated(function), T, frozenset())) == expected(text)


@pytest.mark.parametrize(
    "function",
    [
        past_a_change,
        past_an_addition,
        call_past_another_statement,
        into_a_loop,
        into_a_while,
        read_twice,
        defined_in_both_branches,
        into_verbatim,
    ],
)
def test_a_name_stays_where_moving_it_would_change_something(function):
    block = generated(function)
    assert shown(nest(block, T, frozenset())) == shown(block)

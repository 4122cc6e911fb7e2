"""Independent values of one variable get names of their own."""

# ruff: noqa: B007, E731, RET504  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.ir.show import show
from tests.stages import expected, webs


def in_a_row(x):
    x = np.sin(x)
    x = x * x
    return x


def meeting(x, n):
    if n:
        h = x
    else:
        h = -x
    h = h * h
    return h


def one_branch(x, n):
    if n:
        x = -x
    return x


def round_a_loop(x, n):
    for i in range(n):
        y = x * i
        x = y
    return x


def fresh_in_every_round(x, n):
    t = x * 2
    for i in range(n):
        t = x * i
        x = x + t
    return x


def loop_variable_again(xs):
    for x in xs:
        print(x)
    for x in xs:
        print(x)


def read_behind_the_loop(xs):
    for x in xs:
        pass
    return x


def left_by_break(x, n):
    while n:
        y = x
        if n > 2:
            y = -x
            break
    return y


def added_to(x, y):
    x += y
    return x


def stored_into(x, y):
    y = [x]
    y[0] = x
    y = -x
    return y


def captured_later(x):
    y = x
    f = lambda: y
    y = -x
    return f, y


def swapped(a, b):
    a, b = b, a
    return a * b


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (
            in_a_row,
            """
            function in_a_row(x)
              x_2 = np.sin(x)
              x_3 = np.multiply(x_2, x_2)
              return x_3
            """,
        ),
        (
            meeting,
            """
            function meeting(x, n)
              if n
                h = x
              else
                h = np.negative(x)
              h_2 = np.multiply(h, h)
              return h_2
            """,
        ),
        (
            one_branch,
            """
            function one_branch(x, n)
              if n
                x = np.negative(x)
              return x
            """,
        ),
        (
            round_a_loop,
            """
            function round_a_loop(x, n)
              for i in range(n)
                y = np.multiply(x, i)
                x = y
              return x
            """,
        ),
        (
            fresh_in_every_round,
            """
            function fresh_in_every_round(x, n)
              t = np.multiply(x, 2)
              for i in range(n)
                t_2 = np.multiply(x, i)
                x = np.add(x, t_2)
              return x
            """,
        ),
        (
            swapped,
            """
            function swapped(a, b)
              (a_2, b_2) = (b, a)
              return np.multiply(a_2, b_2)
            """,
        ),
        (
            loop_variable_again,
            """
            function loop_variable_again(xs)
              for x in xs
                opaque print(x)
              for x_2 in xs
                opaque print(x_2)
              return None
            """,
        ),
        (
            stored_into,
            """
            function stored_into(x, y)
              y_2 = [x]
              opaque y_2[0] = x
              y_3 = np.negative(x)
              return y_3
            """,
        ),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_the_webs_of(function, text):
    assert show(webs(function)[0]) == expected(text)


@pytest.mark.parametrize(
    "function", [one_branch, round_a_loop, read_behind_the_loop, left_by_break, added_to, captured_later]
)
def test_definitions_that_one_use_can_see_stay_one_web(function):
    assert webs(function)[1] == {}


def test_every_new_name_knows_the_name_of_the_user():
    assert webs(in_a_row)[1] == {"x_2": "x", "x_3": "x"}

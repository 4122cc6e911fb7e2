"""Both sweeps as text: what is kept on the way, and how control flow is mirrored."""

# ruff: noqa: B007  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.testing import gradcheck
from tests.stages import expected, sweeps

ROW = np.array([0.5, -0.25, 0.75])


def straight(w, x):
    h = np.tanh(w * x)
    return np.sum(h)


def counted(x, n):
    for i in range(n):
        x = np.tanh(x) * i
    return np.sum(x)


def nothing_recorded(x, n):
    for i in range(n):
        x = x * 2.0
    return np.sum(x)


def branching(x, n):
    if n:
        y = x * x
    else:
        y = 2.0
    return y * x


def array_test(x):
    if np.sum(x) > 0:
        x = x * x
    return np.sum(x)


def left(x, n):
    for i in range(n):
        if x > 3.0:
            return x * i
        x = x * x
    return x


def breaking(x, n):
    while x < n:
        x = x * 1.5
        if x > 1.2:
            break
        x = x + 0.1
    return x * x


def over_a_list(xs):
    s = 0.0
    for x in xs:
        s = s + x * x
    return s


def unpacked(p):
    a, b = p
    return a * b


def inactive(x, n):
    k = n * 2
    print(k, end="")
    return x * k


@pytest.mark.parametrize(
    ("function", "args", "forward", "backward"),
    [
        (
            straight,
            (ROW, ROW),
            """
            h = np.tanh(np.multiply(w, x))
            return (np.sum(h), (w, x, h))
            """,
            """
            (w, x, h) = residuals
            prod_bar = np.multiply(straight_bar, np.subtract(1, np.multiply(h, h)))
            w_bar = np.multiply(prod_bar, x)
            x_bar = np.multiply(prod_bar, w)
            return (w_bar, x_bar)
            """,
        ),
        (
            nothing_recorded,
            (ROW, 3),
            """
            for i in range(n)
              x = np.multiply(x, 2.0)
            return (np.sum(x), (x, n))
            """,
            """
            (x, n) = residuals
            x_bar = np.full_like(x, nothing_recorded_bar)
            for _ in range(n)
              x_bar = np.multiply(2.0, x_bar)
            return x_bar
            """,
        ),
        (
            branching,
            (0.5, 1),
            """
            if n
              y = np.multiply(x, x)
            else
              y = 2.0
            return (np.multiply(y, x), (x, n, y))
            """,
            """
            (x, n, y) = residuals
            y_bar = np.multiply(branching_bar, x)
            x_bar = np.multiply(branching_bar, y)
            if n
              x_bar += np.multiply(np.multiply(2, y_bar), x)
            return x_bar
            """,
        ),
        (
            array_test,
            (ROW,),
            """
            x_prev = x
            branch = verbatim np.sum(x) > 0
            if branch
              x = np.multiply(x, x)
            return (np.sum(x), (x, x_prev, branch))
            """,
            """
            (x, x_prev, branch) = residuals
            x_bar = np.full_like(x, array_test_bar)
            if branch
              x_bar = np.multiply(np.multiply(2, x_bar), x_prev)
            return x_bar
            """,
        ),
        (
            left,
            (0.5, 3),
            """
            steps = []
            for i in range(n)
              x_prev = x
              if verbatim x > 3.0
                steps.append((i, x_prev))
                return (np.multiply(x, i), (1, steps))
              else
                x = np.multiply(x, x)
              steps.append((i, x_prev))
            return (x, (2, steps))
            """,
            """
            (leave, steps) = residuals
            if verbatim leave == 1
              x_bar = 0.0
            else
              x_bar = left_bar
            for (i, x_prev) in reversed(steps)
              if verbatim x_prev > 3.0
                x_bar = np.add(x_bar, np.multiply(left_bar, i))
              else
                x_bar = np.multiply(np.multiply(2, x_bar), x_prev)
            return x_bar
            """,
        ),
        (
            over_a_list,
            ([0.5, 0.25],),
            """
            s = 0.0
            steps = []
            for x in xs
              s = np.add(s, np.multiply(x, x))
              steps.append(x)
            return (s, (xs, steps))
            """,
            """
            (xs, steps) = residuals
            xs_bar = repeat_items([None], len(xs))
            for (k, x) in zip(reversed(range(len(steps))), reversed(steps))
              x_bar = np.multiply(np.multiply(2, over_a_list_bar), x)
              add_item(xs_bar, k, x_bar)
            return xs_bar
            """,
        ),
        (
            unpacked,
            ((0.5, 0.25),),
            """
            (a, b) = p
            return (np.multiply(a, b), (a, b))
            """,
            """
            (a, b) = residuals
            a_bar = np.multiply(unpacked_bar, b)
            b_bar = np.multiply(unpacked_bar, a)
            return (a_bar, b_bar)
            """,
        ),
        (
            inactive,
            (0.5, 3),
            """
            k = np.multiply(n, 2)
            opaque print(k, end='')
            return (np.multiply(x, k), k)
            """,
            """
            k = residuals
            x_bar = np.multiply(inactive_bar, k)
            return x_bar
            """,
        ),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_the_sweeps_of(function, args, forward, backward):
    assert sweeps(function, *args) == (expected(forward), expected(backward))


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (straight, (ROW, ROW * 2)),
        (counted, (ROW, 4)),
        (nothing_recorded, (ROW, 3)),
        (branching, (0.5, 1)),
        (branching, (0.5, 0)),
        (array_test, (ROW,)),
        (array_test, (-ROW,)),
        (left, (0.5, 3)),
        (left, (2.5, 3)),
        (left, (0.5, 0)),
        (breaking, (0.3, 1)),
        (breaking, (0.5, 0.8)),
        (breaking, (2.5, 1)),
        (over_a_list, ([0.5, 0.25],)),
        (unpacked, ((0.5, 0.25),)),
        (inactive, (0.5, 3)),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_every_way_through_agrees_with_differences(function, args):
    gradcheck(function, *args)

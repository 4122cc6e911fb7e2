"""Every operation gets a name; what is as cheap to repeat as to remember does not."""

# ruff: noqa: B007, B905, RET504  programs for the compiler are written in every way
from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.ir import verify
from knetc.ir.show import show
from tests.stages import anf, expected


def square(x):
    return x * x


def nested(w, x, b):
    return np.tanh(w @ x + b)


def named_result(w, x):
    h = w * x
    return h


def indices(x, i, n):
    y = x[i + 1, : n - 1, None] + x[2 * i]
    return y[square(i)]


def ranges(x, n):
    for i in range(n + 1, len(x)):
        x = x * i
    for i in range(square(n)):
        x = x * i
    return x


def walked(x, xs):
    for y in xs * 2:
        x = x + y
    for i, (a, b) in enumerate(zip(xs, x.T)):
        x = x + a * b
    return x


def rebound(x):
    for row in x:
        x = x + row
    return x


def calls(layer, x):
    return layer.act(x * 2) + square(x - 1) + layer.inner.act(x, n=x + 1)


def constants(x):
    return np.sum(x, axis=(0, 1)) * math.pi


def unpacked(x):
    a, b = x + 1, x[0]
    return {"k": [a, b]}["k"]


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (
            nested,
            """
            function nested(w, x, b)
              dot = np.matmul(w, x)
              total = np.add(dot, b)
              tanh_out = np.tanh(total)
              return tanh_out
            """,
        ),
        (
            named_result,
            """
            function named_result(w, x)
              h = np.multiply(w, x)
              return h
            """,
        ),
        (
            indices,
            """
            function indices(x, i, n)
              x_part = x[(np.add(i, 1), :np.subtract(n, 1):, None)]
              x_part_2 = x[np.multiply(2, i)]
              y = np.add(x_part, x_part_2)
              square_out = call square(i)
              y_part = y[square_out]
              return y_part
            """,
        ),
        (
            ranges,
            """
            function ranges(x, n)
              for i in range(np.add(n, 1), builtins.len(x))
                x = np.multiply(x, i)
              square_out = call square(n)
              for i_2 in range(square_out)
                x = np.multiply(x, i_2)
              return x
            """,
        ),
        (
            walked,
            """
            function walked(x, xs)
              prod = np.multiply(xs, 2)
              for y in prod
                x = np.add(x, y)
              x_T = x.T
              for (i, (a, b)) in enumerate(zip(xs, x_T))
                prod_2 = np.multiply(a, b)
                x = np.add(x, prod_2)
              return x
            """,
        ),
        (
            rebound,
            """
            function rebound(x)
              items = x
              for row in items
                x = np.add(x, row)
              return x
            """,
        ),
        (
            calls,
            """
            function calls(layer, x)
              prod = np.multiply(x, 2)
              act_out = dynamic layer.act(prod)
              diff = np.subtract(x, 1)
              square_out = call square(diff)
              total = np.add(act_out, square_out)
              inner = layer.inner
              total_2 = np.add(x, 1)
              act_out_2 = dynamic inner.act(x, n=total_2)
              total_3 = np.add(total, act_out_2)
              return total_3
            """,
        ),
        (
            constants,
            """
            function constants(x)
              sum_out = np.sum(x, axis=(0, 1))
              prod = np.multiply(sum_out, verbatim math.pi)
              return prod
            """,
        ),
        (
            unpacked,
            """
            function unpacked(x)
              total = np.add(x, 1)
              x_0 = x[0]
              parts = (total, x_0)
              (a, b) = parts
              parts_2 = [a, b]
              table = {'k': parts_2}
              k = table['k']
              return k
            """,
        ),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_the_a_normal_form_of(function, text):
    assert show(anf(function)[0]) == expected(text)


@pytest.mark.parametrize("function", [nested, indices, ranges, walked, rebound, calls, constants, unpacked])
def test_it_keeps_its_guarantee(function):
    verify.anormal(anf(function)[0])


def test_the_names_that_were_invented_are_told():
    assert anf(nested)[1] == {"dot", "total", "tanh_out"}
    assert anf(named_result)[1] == set()

"""Jumps stand at the ends of branches, and a function has one `return` if no loop is left by one."""

# ruff: noqa: B007, RET503, RET505, RET507  programs for the compiler are written in every way
from __future__ import annotations

import pytest

from knetc.ir import nodes as ir
from knetc.ir.show import show
from knetc.ir.walk import statements
from tests.stages import expected, tails


def early(x):
    if x > 0:
        return x * x
    y = -x
    return y * 3


def late(x):
    if x > 0:
        y = -x
    else:
        return x
    return y * 3


def chain(x):
    if x > 2:
        return 1.0
    if x > 1:
        return x
    return -x


def both(x, n):
    if n:
        return x
    else:
        return -x


def nothing_at_the_end(x):
    if x > 0:
        return x


def without_return(x):
    x = -x


def skipping(x, n):
    for i in range(n):
        if i == 2:
            continue
        x = x * 2.0
    return x


def always_continues(x, n):
    for i in range(n):
        if i in (1, 2):
            x = -x
            continue
        else:
            continue
    return x


def return_in_loop(x, n):
    for i in range(n):
        if x > n:
            return x
        x = x * 2.0
    return x


def breaking(x, n):
    while True:
        x = -x
        if n:
            break
        x = x * 2.0
    return x


def raising(x):
    if x is None:
        raise ValueError
    return x


def out_is_taken(out):
    if out > 0:
        return out
    return -out


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (
            early,
            """
            function early(x)
              if verbatim x > 0
                out = np.multiply(x, x)
              else
                y = np.negative(x)
                out = np.multiply(y, 3)
              return out
            """,
        ),
        (
            late,
            """
            function late(x)
              if verbatim x > 0
                y = np.negative(x)
                out = np.multiply(y, 3)
              else
                out = x
              return out
            """,
        ),
        (
            chain,
            """
            function chain(x)
              if verbatim x > 2
                out = 1.0
              else
                if verbatim x > 1
                  out = x
                else
                  out = np.negative(x)
              return out
            """,
        ),
        (
            both,
            """
            function both(x, n)
              if n
                out = x
              else
                out = np.negative(x)
              return out
            """,
        ),
        (
            nothing_at_the_end,
            """
            function nothing_at_the_end(x)
              if verbatim x > 0
                out = x
              else
                out = None
              return out
            """,
        ),
        (
            without_return,
            """
            function without_return(x)
              x = np.negative(x)
              return None
            """,
        ),
        (
            skipping,
            """
            function skipping(x, n)
              for i in range(n)
                if verbatim not i == 2
                  x = np.multiply(x, 2.0)
              return x
            """,
        ),
        (
            always_continues,
            """
            function always_continues(x, n)
              for i in range(n)
                if verbatim i in (1, 2)
                  x = np.negative(x)
              return x
            """,
        ),
        (
            return_in_loop,
            """
            function return_in_loop(x, n)
              for i in range(n)
                if verbatim x > n
                  return x
                else
                  x = np.multiply(x, 2.0)
              return x
            """,
        ),
        (
            breaking,
            """
            function breaking(x, n)
              while True
                x = np.negative(x)
                if n
                  break
                else
                  x = np.multiply(x, 2.0)
              return x
            """,
        ),
        (
            raising,
            """
            function raising(x)
              if verbatim x is None
                opaque raise ValueError
              else
                return x
            """,
        ),
        (
            out_is_taken,
            """
            function out_is_taken(out)
              if verbatim out > 0
                out_2 = out
              else
                out_2 = np.negative(out)
              return out_2
            """,
        ),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_the_canonical_form_of(function, text):
    assert show(tails(function)) == expected(text)


@pytest.mark.parametrize("function", [early, late, chain, both, nothing_at_the_end, without_return, skipping])
def test_without_a_return_in_a_loop_there_is_one_at_the_end(function):
    body = tails(function).body
    assert [s for s in statements(body) if isinstance(s, ir.Return)] == [body[-1]]

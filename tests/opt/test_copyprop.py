"""Variables that only rename another value go, unless one of the two changes."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.ir import nodes as ir
from knetc.opt.copyprop import propagate, replace_names
from tests.stages import expected, generated, shown


def chain(x, g):
    a = g
    b = a
    c = 2.0
    return x * b * c


def into_blocks(x, g, n):
    a = g
    for _ in range(n):
        if n:
            x = x * a
    return x


def in_a_block(x, g, n):
    if n:
        a = g
        x = x * a
    return x


def origin_rebound(x, g):
    a = g
    g = x
    return a * g


def origin_rebound_in_a_loop(x, g, n):
    a = g
    for _ in range(n):
        x = x * a
        g = x
    return x


def defined_twice(x, g, n):
    a = g
    if n:
        a = x
    return a


def read_outside(x, g, n):
    if n:
        a = g
        x = x * a
    return a


def copy_added_to(x, g):
    a = g
    a += x
    return a * g


def origin_added_to(x, g):
    a = g
    g += x
    return a * g


def missing(x):
    a = None
    return x, a


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (chain, "return np.multiply(np.multiply(x, g), 2.0)"),
        (
            into_blocks,
            """
            for _ in range(n)
              if n
                x = np.multiply(x, g)
            return x
            """,
        ),
        (
            in_a_block,
            """
            if n
              x = np.multiply(x, g)
            return x
            """,
        ),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_copy_goes(function, text):
    assert shown(propagate(generated(function))) == expected(text)


@pytest.mark.parametrize(
    "function",
    [
        origin_rebound,
        origin_rebound_in_a_loop,
        defined_twice,
        read_outside,
        copy_added_to,
        origin_added_to,
        missing,
    ],
)
def test_a_copy_stays_where_the_two_may_differ(function):
    block = generated(function)
    assert shown(propagate(block)) == shown(block)


def test_a_copy_that_is_stored_into_stays():
    a, g = ir.Name("a"), ir.Name("g")
    block = (ir.Assign(a, g), ir.Accumulate(ir.Item(a, ir.Const(0)), g), ir.Return(ir.TupleExpr((a, g))))
    assert propagate(block) == block


def test_a_copy_that_a_call_changes_stays():
    a, g = ir.Name("a"), ir.Name("g")
    store = ir.Invoke(ir.Runtime("add_item", "knetc.runtime.accumulate"), (a, ir.Const(0), g))
    block = (ir.Assign(a, g), ir.Do(store), ir.Return(a))
    assert propagate(block) == block


def test_names_to_be_kept_are_not_replaced():
    block = generated(chain)
    assert "b = g" in shown(propagate(block, frozenset("b")))


def test_a_store_is_read_inside_its_target():
    i, bar = ir.Name("i"), ir.Name("bar")
    block = (ir.Accumulate(ir.Item(bar, i), i),)
    assert shown(replace_names(block, {"i": ir.Const(2), "bar": ir.Name("other")})) == "other[2] += 2"


def test_a_bound_name_is_not_replaced():
    block = (ir.Assign(ir.Name("x"), ir.Name("x")),)
    assert shown(replace_names(block, {"x": ir.Const(np.float64(1.0).item())})) == "x = 1.0"

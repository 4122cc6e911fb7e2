"""Cotangents at one point of the backward sweep."""

# ruff: noqa: E741  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.diff.bars import Bars, Value, bar_kind, basic_index
from knetc.diff.values import Values
from knetc.ir import nodes as ir
from knetc.ir.names import Namer
from knetc.ir.show import text
from tests.stages import facts, shown

G, H, I = map(ir.Name, "ghi")


class Layer:
    pass


def bars():
    known = facts(
        x=np.ones(3),
        s=2.0,
        p=(1.0, np.ones(2)),
        d={"w": 1.0},
        xs=[1.0],
        m=Layer(),
        g=1.0,
        h=1.0,
        i=1,
        k=np.arange(2),
    )
    values = Values(known.kinds, {}, Namer(known.kinds))
    values.at(ir.Return(ir.Const(None)))
    return Bars(known, values)


def written(*calls):
    b = bars()
    for call in calls:
        call(b)
    return shown(b.out)


@pytest.mark.parametrize(
    ("calls", "lines"),
    [
        ([lambda b: b.add("x", G)], "x_bar = g"),
        ([lambda b: b.add("x", G), lambda b: b.add("x", H)], "x_bar = g\nx_bar += h"),
        ([lambda b: b.add("xs", G), lambda b: b.add("xs", H)], "xs_bar = g\nxs_bar = accumulate(xs_bar, h)"),
        ([lambda b: b.add_item("x", I, G)], "x_bar = np.zeros_like(x)\nx_bar[i] += g"),
        ([lambda b: b.add_item("x", ir.Name("k"), G)], "x_bar = np.zeros_like(x)\nscatter_add(x_bar, k, g)"),
        (
            [lambda b: b.add_item("xs", I, G)],
            "xs_bar = repeat_items([None], len(xs))\nadd_item(xs_bar, i, g)",
        ),
        ([lambda b: b.add_item("p", ir.Const(1), G), lambda b: b.settle_all()], "p_bar = (None, g)"),
        ([lambda b: b.add_item("p", ir.Const(-2), G), lambda b: b.settle_all()], "p_bar = (g, None)"),
        ([lambda b: b.add_item("d", ir.Const("w"), G), lambda b: b.settle_all()], "d_bar = {'w': g}"),
        ([lambda b: b.add_attribute("m", "w", G), lambda b: b.settle_all()], "m_bar = Mirror(w=g)"),
        (
            [
                lambda b: b.add_attribute("m", "w", G),
                lambda b: b.add_attribute("m", "w", H),
                lambda b: b.settle_all(),
            ],
            "m_bar = Mirror(w=accumulate(g, h))",
        ),
        ([lambda b: b.ensure("x"), lambda b: b.ensure("s")], "x_bar = np.zeros_like(x)\ns_bar = 0.0"),
        ([lambda b: b.add("x", G), lambda b: b.ensure("x")], "x_bar = g"),
    ],
)
def test_what_is_written(calls, lines):
    assert written(*calls) == lines


def test_a_cotangent_that_nothing_flowed_into_is_none():
    assert bars().take("x") is None


def test_a_cotangent_ends_where_it_is_taken():
    b = bars()
    b.add("x", G)
    assert b.take("x") == ir.Name("x_bar")
    assert b.take("x") is None


def test_parts_that_are_taken_are_never_written():
    b = bars()
    b.add_item("p", ir.Const(0), G)
    assert text(b.take("p")) == "(g, None)"
    assert b.out == []


def test_parts_are_written_before_a_variable_in_them_is_assigned():
    b = bars()
    b.add("x", G)
    b.add_item("p", ir.Const(1), b.take("x"))
    b.add("x", H)
    assert shown(b.out).splitlines() == ["x_bar = g", "p_bar = (None, x_bar)", "x_bar = h"]


def test_a_foreign_cotangent_of_a_container_may_be_none():
    assert bars().foreign("xs") == Value(may_be_none=True)
    assert bars().foreign("x") == Value()


def test_a_snapshot_brings_everything_back():
    b = bars()
    b.add("x", G)
    before = b.snapshot()
    b.add("s", H)
    b.add("x", H)
    b.restore(before)
    assert shown(b.out) == "x_bar = g"
    assert set(b.state) == {"x"}


def test_the_kind_of_a_cotangent():
    kinds = facts(n=1, x=np.arange(3), xs=[1.0], m=Layer()).kinds
    assert [str(bar_kind(k)) for k in kinds.values()] == ["float", "array[n]", "list[float]", "unknown"]


@pytest.mark.parametrize(
    ("index", "basic"),
    [
        (ir.Const(0), True),
        (ir.Const(None), True),
        (I, True),
        (ir.Slice(None, I, None), True),
        (ir.TupleExpr((I, ir.Slice(None, None, None))), True),
        (ir.Name("k"), False),
        (ir.TupleExpr((I, ir.Name("k"))), False),
        (ir.Name("x"), False),
    ],
)
def test_integers_and_slices_select_each_element_once(index, basic):
    assert basic_index(index, bars().facts) is basic

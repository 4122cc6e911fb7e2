"""Statements that nothing needed reads go, and what becomes empty."""

# ruff: noqa: F841, RUF059  programs for the compiler are written in every way
from __future__ import annotations

import ast

import pytest

from knetc.ir import nodes as ir
from knetc.opt.dce import remove_dead
from tests.stages import expected, generated, shown


def helper(x):
    return x * x


def unused(x):
    y = x * 2
    z = y * 2
    return x


def fed_by_itself(x, n):
    total = 0.0
    for i in range(n):
        total = total + i
    return x


def empty_then(x, n):
    if n is None:
        y = x
    else:
        x = -x
    return x


def empty_branches(x, n):
    if n > 2:
        y = x
    else:
        y = -x
    return x


def overwritten(x, n):
    y = x
    if n:
        y = -x
    return y


def added_to(x):
    y_bar = x
    y_bar += x
    z_bar = x
    z_bar += x
    return z_bar


def loop_variable_is_read(xs):
    for x in xs:
        y = x
    return x


def with_a_call(x):
    y = helper(x)
    return x


def with_an_effect(x, xs):
    print(xs)
    y = x.f()
    return x


def endless(x, n):
    while n:
        y = x
    return x


def unpacked(p):
    a, b = p
    return a


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (unused, "return x"),
        (fed_by_itself, "return x"),
        (empty_branches, "return x"),
        (
            empty_then,
            """
            if verbatim n is not None
              x = np.negative(x)
            return x
            """,
        ),
        (
            added_to,
            """
            z_bar = x
            z_bar += x
            return z_bar
            """,
        ),
        (
            loop_variable_is_read,
            """
            for x in xs
            return x
            """,
        ),
        (
            endless,
            """
            while n
            return x
            """,
        ),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_what_nothing_needs_goes(function, text):
    assert shown(remove_dead(generated(function), frozenset())) == expected(text)


@pytest.mark.parametrize("function", [overwritten, with_a_call, with_an_effect, unpacked])
def test_what_is_needed_or_has_an_effect_stays(function):
    block = generated(function)
    assert shown(remove_dead(block, frozenset())) == shown(block)


def test_names_that_are_needed_elsewhere_stay():
    assert shown(remove_dead(generated(unused)[:-1], frozenset("y"))) == "y = np.multiply(x, 2)"


def test_a_store_into_what_nothing_reads_goes():
    bar, i = ir.Name("bar"), ir.Name("i")
    scatter = ir.Invoke(ir.Runtime("scatter_add", "knetc.runtime.scatter"), (bar, i, i))
    stores = (ir.Assign(bar, i), ir.Accumulate(ir.Item(bar, i), i), ir.Do(scatter))
    assert remove_dead(stores, frozenset()) == ()
    assert remove_dead(stores, frozenset(("bar",))) == stores


def test_a_list_that_nothing_reads_is_not_appended_to():
    steps, x = ir.Name("steps"), ir.Name("x")
    append = ir.Do(ir.Invoke(ir.Attr(steps, "append"), (x,)))
    block = (ir.Assign(steps, ir.ListExpr(())), append)
    assert remove_dead(block, frozenset()) == ()
    assert remove_dead(block, frozenset(("steps",))) == block


def test_a_test_with_a_call_is_evaluated_whatever_depends_on_it():
    test = ir.Verbatim(ast.parse("f(x)", mode="eval").body, frozenset("x"), "bool")
    block = (ir.If(test, (ir.Assign(ir.Name("y"), ir.Const(1.0)),), ()),)
    assert "f(x)" in shown(remove_dead(block, frozenset()))


def test_parts_that_nothing_reads_are_called_underscore():
    call = ir.Invoke(ir.Name("f_backward"), (ir.Name("saved"), ir.Name("bar")))
    block = (ir.Assign(ir.TupleExpr((ir.Name("a_bar"), ir.Name("b_bar"))), call),)
    assert shown(remove_dead(block, frozenset(("b_bar",)))) == "(_, b_bar) = f_backward(saved, bar)"

"""Small questions about control flow."""

# ruff: noqa: RET504  programs for the compiler are written in every way
from __future__ import annotations

import ast

import numpy as np
import pytest

from knetc.front.lower import lower
from knetc.ir import nodes as ir
from knetc.ir.flow import integer_like, is_augmented, negation, terminates
from knetc.ir.show import text

A = ir.Name("a")
STOP = ir.Return(A)
GO = ir.Assign(A, A)
RAISE = ir.Opaque(ast.Raise(), frozenset(), frozenset())


@pytest.mark.parametrize(
    "block",
    [
        (GO, STOP),
        (ir.Break(),),
        (ir.Continue(),),
        (RAISE,),
        (ir.If(A, (STOP,), (RAISE,)),),
        (ir.While(ir.Const(True), (GO,)),),
        (ir.While(ir.Const(1), (ir.For(A, ir.Each(A), (ir.Break(),)),)),),
    ],
)
def test_a_block_that_is_always_left_by_a_jump_terminates(block):
    assert terminates(block)


@pytest.mark.parametrize(
    "block",
    [
        (),
        (GO,),
        (ir.If(A, (STOP,), ()),),
        (ir.For(A, ir.Each(A), (STOP,)),),
        (ir.While(A, (STOP,)),),
        (ir.While(ir.Const(True), (ir.If(A, (ir.Break(),), ()),)),),
        (ir.While(ir.Const(0), (GO,)),),
    ],
)
def test_a_block_whose_end_can_be_reached_does_not(block):
    assert not terminates(block)


def condition(source):
    namespace = {}
    exec(f"def f(a, b):\n    if {source}:\n        return a", namespace)
    return lower(namespace["f"], f"def f(a, b):\n    if {source}:\n        return a").body[0].test


@pytest.mark.parametrize(
    ("source", "opposite"),
    [
        ("a", "verbatim not a"),
        ("a < b", "verbatim not a < b"),
        ("a == b", "verbatim not a == b"),
        ("a is None", "verbatim a is not None"),
        ("a not in b", "verbatim a in b"),
        ("a < b < 1", "verbatim not a < b < 1"),
        ("True", "False"),
    ],
)
def test_the_opposite_of_a_test(source, opposite):
    assert text(negation(condition(source))) == opposite


@pytest.mark.parametrize(
    "source", ["not a", "a and b", "not (a or b)", "a == b", "a <= b", "a is b", "a in [b]"]
)
@pytest.mark.parametrize("a", [0.0, 1.0, float("nan")])
@pytest.mark.parametrize("b", [1.0, float("nan")])
def test_the_opposite_is_true_where_the_test_is_false(source, a, b):
    turned = eval(ast.unparse(negation(condition(source)).node), {"a": a, "b": b})
    assert bool(turned) is not bool(eval(source, {"a": a, "b": b}))


def returned(x, n, i):
    return (
        n, 2, n + i * 2 - 1, len(x), len(x) // 2, x.shape[0], x.size % n,
        n / 2, n**2, x[0], x.T, np.sum(x), x.shape[i], -n,
    )  # fmt: skip


def test_integer_arithmetic_is_as_cheap_to_repeat_as_to_remember():
    items = lower(returned).body[0].value.items
    assert list(map(integer_like, items)) == [True] * 7 + [False] * 6 + [True]


def test_only_operators_in_place_are_augmented():
    def f(x, y):
        x += y
        x = x + y
        y = x
        return y

    assert list(map(is_augmented, lower(f).body)) == [True, False, False, False]

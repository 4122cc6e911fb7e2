"""Kinds of values, what two have in common, and what broadcasting makes of them."""

# ruff: noqa: PYI024  programs for the compiler are written in every way
from __future__ import annotations

import itertools
from collections import OrderedDict, namedtuple

import numpy as np
import pytest

from knetc.analysis.kinds import (
    BOTTOM,
    FLOAT,
    UNKNOWN,
    Kind,
    array,
    broadcast,
    join,
    kind_of,
    may_broadcast,
    method_of,
)
from knetc.runtime.frozen import frozen

Pair = namedtuple("Pair", "w b")


class Layer:
    rate = 0.5

    def __init__(self):
        self.w = np.ones(3)
        self.act = np.tanh
        self.inner = [1.0]
        self.rate = 0.25


KINDS = [
    (1.0, "float"), (1, "int"), (True, "bool"), ("s", "str"), (None, "none"), (np.float32(1), "float"),
    (np.int64(1), "int"), (np.bool_(1), "bool"), (np.ones((2, 1)), "array[n1]"), (np.ones(()), "array[]"),
    (np.ones((0, 3)), "array[nn]"), (np.arange(3), "array[n:i]"), (np.ones(2, bool), "array[n:i]"),
    (np.ones(2, object), "array[n:?]"), (len, "function"), (np.tanh, "function"), (np, "function"), (int, "function"),
    ([1.0, 2.0], "list[float]"), ([], "list"), ([1, 2.0], "list[float]"), ([1.0, "s"], "list[unknown]"),
    ((1, np.ones(2)), "tuple[int, array[n]]"), ((), "tuple[]"), ({"w": 1.0, 2: 1}, "dict[w: float, 2: int]"),
    ({(1,): 1.0}, "dict"), (OrderedDict(a=1.0), "dict[a: float]"), ([0.0] * 65, "list"), ((0.0,) * 65, "tuple"),
    (1j, "complex"), (np.ones(2, complex), "complex"), (Layer(), "Layer"), (Pair(1.0, 2), "tuple[float, int]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"), KINDS, ids=lambda v: v if isinstance(v, str) else type(v).__name__
)
def test_the_kind_of_a_value(value, text):
    assert str(kind_of(value)) == text


def test_an_op_is_known_by_its_kind():
    assert kind_of(np.tanh).cls is np.tanh
    assert kind_of(kind_of).cls is None


def test_an_object_knows_its_own_plain_attributes():
    assert kind_of(Layer()).keys == ("w", "act", "rate")
    assert kind_of(Layer()).items == (array("n"), kind_of(np.tanh), UNKNOWN)  # the class has a rate, too


class Stack:
    def __init__(self, first, rest=None):
        self.first, self.rest = first, rest


def test_an_object_knows_the_objects_that_it_holds():
    assert kind_of(Stack(Layer())).items == (kind_of(Layer()), kind_of(None))


def test_the_kind_of_a_tree_of_objects_does_not_tell_how_deep_it_is():
    assert kind_of(Stack(1.0, Stack(2.0, Stack(3.0)))) == kind_of(Stack(1.0, Stack(2.0)))


def test_a_frozen_part_is_not_looked_into():
    assert kind_of(Stack(frozen(Layer()))).keys == ("rest",)


def test_methods_are_found_unless_the_object_hides_them():
    layer = Stack(1.0)
    layer.__class__ = Method = type("Method", (Stack,), {"step": lambda self, x: x})
    assert method_of(kind_of(layer), "step") == (Method, Method.step)
    assert method_of(kind_of(layer), "first") is None
    assert method_of(Kind("object", cls=Method), "step") is None
    layer.step = 2.0
    assert method_of(kind_of(layer), "step") is None


def test_an_object_knows_its_options():
    layer = Layer()
    layer.stride, layer.padding, layer.parts, layer.rates = (2, 1), (np.ones(2), 1), (1, None), (0.5,)

    assert kind_of(layer).keys == ("w", "act", "rate", "stride")


def test_a_namedtuple_knows_its_fields():
    assert kind_of(Pair(1.0, 2)).keys == ("w", "b")


@pytest.mark.parametrize("value", [1, True, "s", None, len, np.arange(3), (2, (1, "s"))])
def test_integers_strings_and_functions_carry_no_derivative(value):
    assert not kind_of(value).may_be_active


@pytest.mark.parametrize("value", [1.0, np.ones(2), [1], {}, Layer(), np.ones(2, object), (1, 2.0)])
def test_floats_and_what_may_hold_some_can_carry_one(value):
    assert kind_of(value).may_be_active


# ---- join

ALL = [kind_of(value) for value, _ in KINDS] + [BOTTOM, UNKNOWN, array(None), array("?n")]


@pytest.mark.parametrize(
    ("a", "b", "both"),
    [
        (1.0, 2.0, "float"),
        (1.0, 1, "float"),
        (1, "s", "unknown"),
        (True, 1, "unknown"),
        (np.ones((2, 1)), np.ones((2, 2)), "array[n?]"),
        (np.ones(2), np.ones((2, 2)), "array[...]"),
        (np.ones(2), np.arange(2), "array[n:?]"),
        ([1.0], [np.ones(2)], "list[unknown]"),
        ((1.0, 2), (1.0, 2.0), "tuple[float, float]"),
        ((1.0,), (1.0, 2.0), "tuple"),
        ({"a": 1.0}, {"b": 1.0}, "dict"),
        (Layer(), Layer(), "Layer"),
        (np.tanh, np.sin, "function"),
    ],
)
def test_what_two_kinds_have_in_common(a, b, both):
    assert str(join(kind_of(a), kind_of(b))) == both


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_a_kind_joined_with_itself_or_with_nothing_is_itself(kind):
    assert join(kind, kind) == join(kind, BOTTOM) == join(BOTTOM, kind) == kind


def test_join_is_symmetric():
    different = [(a, b) for a, b in itertools.combinations(ALL, 2) if str(join(a, b)) != str(join(b, a))]
    assert different == []


def test_a_join_covers_both():
    missing = [(a, b) for a, b in itertools.combinations(ALL, 2) if join(join(a, b), a) != join(a, b)]
    assert missing == []


# ---- broadcasting


def fits(a, b):
    return all(m == n or 1 in (m, n) for m, n in zip(reversed(a), reversed(b), strict=False))


SHAPES = [(), (1,), (3,), (2, 1), (1, 3), (2, 3), (4, 2, 3), (1, 1)]
PAIRS = [(a, b) for a in SHAPES for b in SHAPES if fits(a, b)]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_a_broadcast_kind_is_that_of_the_result(a, b):
    x, y = np.ones(a), np.ones(b)
    assert broadcast(kind_of(x), kind_of(y)).axes == kind_of(np.asarray(x + y)).axes


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_what_is_stretched_may_be(a, b):
    x, y = np.ones(a), np.ones(b)
    assert may_broadcast(kind_of(x), [kind_of(y)]) or (x + y).shape == a


@pytest.mark.parametrize(
    ("a", "b", "both"),
    [
        (FLOAT, Kind("int"), "float"),
        (Kind("int"), Kind("bool"), "int"),
        (array("n", "i"), FLOAT, "array[n]"),
        (array("n", "i"), Kind("int"), "array[n:i]"),
        (array("?n"), array("n1"), "array[nn]"),
        (array("?"), array("?"), "array[?]"),
        (array(None), array("n"), "array[...]"),
        (UNKNOWN, array("n"), "unknown"),
        (Kind("str"), FLOAT, "unknown"),
    ],
)
def test_the_kind_of_an_elementwise_result(a, b, both):
    assert str(broadcast(a, b)) == both


def test_an_axis_of_unknown_length_may_be_stretched():
    assert may_broadcast(array("?"), [array("n")])
    assert not may_broadcast(array("?"), [FLOAT])
    assert may_broadcast(array("n"), [array(None)])

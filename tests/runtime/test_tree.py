"""Leaves of values made of arrays, and gradients that mirror them."""

# ruff: noqa: PYI024  programs for the compiler are written in every way
from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from knetc.errors import Refusal
from knetc.runtime.frozen import frozen
from knetc.runtime.mirror import Mirror
from knetc.runtime.tree import attributes, differentiable, gradient_of, leaves

Pair = namedtuple("Pair", "w b")


class Layer:
    rate = np.ones(2)

    def __init__(self, **held):
        self.__dict__.update(held)

    @property
    def twice(self):
        return 2 * self.w


@dataclass(frozen=True, slots=True)
class Fixed:
    w: np.ndarray
    name: str = "fixed"


class Base:
    __slots__ = ("w",)


class Derived(Base):
    __slots__ = ("b", "missing")

    def __init__(self, w, b):
        self.w = w
        self.b = b


def loop():
    layer = Layer(w=np.ones(1))
    layer.self = layer
    return layer


def paths(tree):
    return [path for path, _ in leaves(tree)]


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        (np.ones(2), [""]),
        ({"w": np.ones(2), "n": 3}, ["['w']"]),
        ([np.ones(1), (np.ones(1), "s")], ["[0]", "[1][0]"]),
        (Layer(w=np.ones(1), inner=Layer(b=np.ones(1))), ["w", "inner.b"]),
        (Derived(np.ones(1), np.ones(1)), ["b", "w"]),
        (Fixed(np.ones(1)), ["w"]),
        ({"i": np.arange(3), "f": frozen(np.ones(1)), "c": np.tanh}, []),
        (1.0, []),
        (loop(), ["w"]),
    ],
    ids=lambda v: type(v).__name__,
)
def test_the_leaves_with_their_paths(tree, found):
    assert paths(tree) == found


def test_attributes_are_those_of_dict_and_slots():
    assert list(attributes(Derived(1.0, 2.0))) == ["b", "w"]
    assert attributes(Layer(w=1.0)) == {"w": 1.0}
    assert attributes(3) == {}


@pytest.mark.parametrize("value", [1.0, np.ones(2), [1, 2.0], {"a": (1.0,)}, Layer(w=1.0), loop()])
def test_what_holds_a_float_is_differentiable(value):
    assert differentiable(value)


@pytest.mark.parametrize(
    "value", [1, "s", None, np.arange(3), [1], {}, Layer(n=1), frozen(np.ones(2)), len, np]
)
def test_what_holds_none_is_not(value):
    assert not differentiable(value)


# ---- gradients


def test_a_gradient_of_the_right_shape_and_type_is_kept():
    bar = np.ones(3)
    assert gradient_of(np.zeros(3), bar) is bar


def test_a_gradient_takes_the_dtype_of_the_value():
    assert gradient_of(np.zeros(3, np.float32), np.ones(3)).dtype == np.float32


@pytest.mark.parametrize("bar", [2.0, np.full(1, 2.0), np.float64(2.0)])
def test_a_gradient_takes_the_shape_of_the_value(bar):
    assert gradient_of(np.zeros((2, 1)), bar).tolist() == [[2.0], [2.0]]


@pytest.mark.parametrize(
    ("value", "bar", "gradient"),
    [
        (1.5, 2, 2.0),
        (1.5, None, 0.0),
        (3, 2.0, None),
        ("s", None, None),
        ([1.0, 2], [None, None], [0.0, None]),
        ((1.0, 2.0), None, (0.0, 0.0)),
        (Pair(1.0, 2.0), [3.0, None], Pair(3.0, 0.0)),
        ({"a": 1.0, "b": 2.0}, {"b": 3.0}, {"a": 0.0, "b": 3.0}),
        ({"a": [1.0]}, {}, {"a": [0.0]}),
    ],
)
def test_a_gradient_mirrors_the_value(value, bar, gradient):
    found = gradient_of(value, bar)
    assert found == gradient
    assert type(found) is type(gradient)


def test_a_numpy_number_has_a_gradient_of_its_type():
    assert type(gradient_of(np.float32(1), 2.0)) is np.float32


def test_nothing_flowed_into_an_array_is_zeros():
    assert gradient_of(np.ones(2), None).tolist() == [0.0, 0.0]


def test_the_gradient_of_an_object_is_of_its_class_and_made_without_init():
    gradient = gradient_of(Derived(np.ones(1), 2.0), Mirror(b=3.0))
    assert type(gradient) is Derived
    assert (gradient.w.tolist(), gradient.b) == ([0.0], 3.0)


def test_a_frozen_dataclass_has_a_gradient():
    assert gradient_of(Fixed(np.ones(1)), Mirror(w=np.ones(1))).w.tolist() == [1.0]


def test_an_object_that_holds_itself_has_a_finite_gradient():
    gradient = gradient_of(loop(), Mirror(w=np.ones(1)))
    assert vars(gradient).keys() == {"w"} or gradient.self is None


def test_what_is_frozen_has_no_gradient():
    assert gradient_of(frozen(np.ones(2)), np.ones(2)) is None
    assert gradient_of(frozen(Layer(w=1.0)), Mirror(w=1.0)) is None


def test_a_gradient_of_a_constant_of_the_class_is_dropped():
    assert vars(gradient_of(Layer(w=1.0), Mirror(w=2.0, rate=np.ones(2)))) == {"w": 2.0}


def test_what_flows_into_a_property_is_not_lost_silently():
    with pytest.raises(Refusal, match=r"`\.twice` of a Layer, which is not an attribute of its own"):
        gradient_of(Layer(w=1.0), Mirror(twice=1.0))

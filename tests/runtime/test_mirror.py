"""Cotangents of containers and objects."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest

from knetc.runtime.mirror import Mirror, is_array, is_number, zero


def test_an_attribute_that_nothing_flowed_into_is_none():
    assert Mirror(w=1.0).b is None


def test_special_names_are_no_attributes():
    with pytest.raises(AttributeError, match="__len__"):
        Mirror().__len__


def test_a_mirror_says_what_it_holds():
    assert repr(Mirror(w=1.0, b=None)) == "Mirror(w=1.0, b=None)"


def test_a_mirror_can_be_copied():
    assert vars(copy.deepcopy(Mirror(w=[1.0]))) == {"w": [1.0]}


@pytest.mark.parametrize("value", [np.ones(2), np.ones(()), np.arange(3)])
def test_arrays_of_numpy_are_arrays(value):
    assert is_array(value)


@pytest.mark.parametrize("value", [1.0, np.float64(1), [1.0], None, np.ndarray])
def test_numbers_and_containers_are_no_arrays(value):
    assert not is_array(value)


@pytest.mark.parametrize("value", [1.0, np.float32(1), math.pi])
def test_floats_are_numbers_with_a_derivative(value):
    assert is_number(value)


@pytest.mark.parametrize("value", [1, True, np.int64(1), "1", None, np.ones(())])
def test_integers_have_none(value):
    assert not is_number(value)


@pytest.mark.parametrize(
    ("value", "bar"),
    [(1.0, 0.0), (3, 0.0), (True, 0.0), ("s", None), (None, None), ([1.0, "s"], [None, None]), ((1.0,), [None]),
     ({"w": 1.0}, {}), (np.float32(1), 0.0)],
)  # fmt: skip
def test_the_zero_cotangent_of_a_value(value, bar):
    assert zero(value) == bar


@pytest.mark.parametrize(
    ("dtype", "of_zeros"), [("f4", "f4"), ("f8", "f8"), ("i8", "f8"), ("?", "f8"), ("c16", "c16")]
)
def test_the_zeros_of_an_array_are_floats(dtype, of_zeros):
    assert zero(np.ones((2, 1), dtype)).dtype == of_zeros
    assert zero(np.ones((2, 1), dtype)).shape == (2, 1)


def test_the_zero_of_an_object_is_an_empty_mirror():
    assert vars(zero(object())) == {}

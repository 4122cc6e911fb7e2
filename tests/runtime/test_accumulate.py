"""Adding cotangents of every kind; None is zero."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import Refusal
from knetc.runtime.accumulate import accumulate, add_attribute, add_item, copied, filled
from knetc.runtime.mirror import Mirror


@pytest.mark.parametrize(
    ("a", "b", "total"),
    [
        (1.0, 2.0, 3.0),
        (None, 2.0, 2.0),
        (1.0, None, 1.0),
        (None, None, None),
        ([1.0, None], [2.0, 3.0], [3.0, 3.0]),
        ((1.0, None), [2.0, None], [3.0, None]),
        ({"a": 1.0}, {"a": 2.0, "b": 3.0}, {"a": 3.0, "b": 3.0}),
        ([{"a": 1.0}], [{"b": [2.0]}], [{"a": 1.0, "b": [2.0]}]),
    ],
)
def test_the_sum_of_two_cotangents(a, b, total):
    assert accumulate(a, b) == total


def test_mirrors_are_added_by_attribute():
    total = accumulate(Mirror(w=1.0), Mirror(w=2.0, b=3.0))
    assert vars(total) == {"w": 3.0, "b": 3.0}


def test_neither_operand_is_changed():
    a, b = [np.ones(2)], [np.ones(2)]
    accumulate(a, b)[0][0] = 7.0
    assert a[0].tolist() == b[0].tolist() == [1.0, 1.0]


def test_lists_of_different_lengths_are_an_error():
    with pytest.raises(ValueError, match="longer than argument 1"):
        accumulate([1.0], [1.0, 2.0])


@pytest.mark.parametrize(
    ("bar", "index", "after"),
    [
        ([None, 1.0], 1, [None, 3.0]),
        ([None, 1.0], 0, [2.0, 1.0]),
        ([None, 1.0], -1, [None, 3.0]),
        ({}, "w", {"w": 2.0}),
        ({"w": 1.0}, "w", {"w": 3.0}),
    ],
)
def test_an_item_is_added_in_place(bar, index, after):
    assert add_item(bar, index, 2.0) is bar
    assert bar == after


def test_a_slice_of_a_list_is_added_item_by_item():
    assert add_item([1.0, None, None], slice(0, 2), [2.0, 3.0]) == [3.0, 3.0, None]


def test_an_index_that_repeats_adds_every_time():
    assert add_item(np.zeros(3), np.array([0, 0, 2]), np.ones(3)).tolist() == [2.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "add", [lambda bar: add_item(bar, 0, None), lambda bar: add_attribute(bar, "w", None)]
)
def test_adding_nothing_changes_nothing(add):
    bar = [1.0]
    assert add(bar) is bar
    assert bar == [1.0]


def test_an_item_of_an_object_is_refused():
    with pytest.raises(Refusal, match="the subscript of an object"):
        add_item(Mirror(), 0, 1.0)


def test_an_attribute_is_added_in_place():
    bar = Mirror(w=1.0)
    assert add_attribute(bar, "w", 2.0) is bar
    add_attribute(bar, "b", 3.0)
    assert vars(bar) == {"w": 3.0, "b": 3.0}


def test_what_flows_into_a_transpose_flows_into_the_array():
    bar = np.zeros((2, 1))
    add_attribute(bar, "T", np.ones((1, 2)))
    assert bar.tolist() == [[1.0], [1.0]]


def test_another_attribute_of_an_array_is_refused():
    with pytest.raises(Refusal, match=r"no rule for the attribute `\.flat` of an array"):
        add_attribute(np.zeros(2), "flat", np.ones(2))


@pytest.mark.parametrize("bar", [np.ones(2), [1.0], (1.0,), {"w": 1.0}, Mirror(w=1.0)])
def test_a_copy_may_be_added_to(bar):
    again = copied(bar)
    assert again is not bar
    assert repr(again) == repr([1.0] if isinstance(bar, tuple) else bar)


def test_a_copy_of_nothing_is_nothing():
    assert copied(None) is None


def test_a_part_that_nothing_flowed_into_is_filled_with_zeros():
    assert filled(None, np.ones(2)).tolist() == [0.0, 0.0]
    assert filled(2.0, 1.0) == 2.0

from __future__ import annotations

import operator

import numpy as np
import pytest

from knetc.runtime.accumulate import accumulate, add_attribute, add_item, copied
from knetc.runtime.rows import Rows
from knetc.runtime.tree import gradient_of, leaves

IDS = np.array([3, 1, 3, 3])


def some(dtype=np.float64, seed=0):
    return Rows((5, 2), IDS, np.random.default_rng(seed).normal(size=(4, 2)).astype(dtype))


def plain(rows):
    """What rows stand for, by another way."""
    out = np.zeros(rows.shape, rows.dtype)
    for ids, values in rows._pieces:
        for i, value in zip(ids, values, strict=True):
            out[i] += value
    return out


def test_they_stand_for_a_matrix_with_the_sums_of_repeated_rows():
    rows = some()
    expected = plain(rows)

    np.testing.assert_array_equal(rows.dense(), expected)
    assert rows.is_sparse
    np.testing.assert_array_equal(np.asarray(rows), expected)
    assert (rows.shape, rows.ndim, rows.size, len(rows), rows.dtype) == ((5, 2), 2, 10, 5, np.float64)


def test_rows_come_in_order_and_once():
    ids, values = some().summed()

    assert ids.tolist() == [1, 3]
    np.testing.assert_array_equal(values, plain(some())[[1, 3]])


def test_sums_of_rows_are_rows_and_change_neither():
    a, b = some(), some(seed=1)
    total = a + b + a

    assert isinstance(total, Rows)
    assert total.is_sparse
    np.testing.assert_allclose(total, 2 * plain(a) + plain(b))
    np.testing.assert_array_equal(a.dense(), plain(a))


def test_rows_times_a_number_are_rows():
    for product in (some() * 3.0, 3.0 * some(), np.float64(3.0) * some()):
        assert isinstance(product, Rows)
        assert product.is_sparse
        np.testing.assert_allclose(product, 3 * plain(some()))


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("other", [np.full((5, 2), 10.0), np.arange(2.0), 1.5, np.float64(2.0)])
@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul, operator.truediv, np.maximum])
def test_with_anything_else_they_compute_as_an_array(function, other, swap):
    def both(rows):
        return function(other, rows) if swap else function(rows, other)

    with np.errstate(divide="ignore", invalid="ignore"):
        np.testing.assert_allclose(both(some()), both(plain(some())), rtol=1e-12)


def test_a_sum_with_an_array_is_a_new_array():
    array = np.ones((5, 2))
    total = array + some()

    assert type(total) is np.ndarray
    np.testing.assert_array_equal(array, 1)
    np.testing.assert_array_equal(total, 1 + plain(some()))


def test_an_array_they_are_added_to_stays_the_same_object():
    array = before = np.ones((5, 2))
    array += some()

    assert array is before
    np.testing.assert_array_equal(array, 1 + plain(some()))


def test_they_are_added_to_a_view():
    array = np.zeros((5, 6))
    array[:, ::3] += some()

    np.testing.assert_array_equal(array[:, ::3], plain(some()))


@pytest.mark.parametrize("other", [some(seed=1), plain(some(seed=1)), 1.0])
def test_what_is_added_in_place_is_seen_under_every_name(other):
    rows = alias = some()
    rows += other

    np.testing.assert_allclose(alias, plain(some()) + np.asarray(other))


def test_stores_and_views_change_them():
    rows, expected = some(), plain(some())
    for x in (rows, expected):
        x[1:3] += 1.0
        x[0] = 7.0
        x.T[1] *= 2.0

    assert not rows.is_sparse
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_array_equal(rows.dense(), expected)
    assert not np.may_share_memory(rows.dense(), rows.whole)
    assert rows.summed()[0].tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(rows.summed()[1], expected)


def test_sums_of_those_that_were_stored_into_are_right():
    for left, right in [(some(), stored()), (stored(), some()), (stored(), stored())]:
        np.testing.assert_allclose(left + right, np.asarray(left) + np.asarray(right))


def stored():
    rows = some(seed=2)
    rows[4] = 3.0
    return rows


def test_functions_of_numpy_take_them():
    rows, expected = some(), plain(some())

    for function in (np.sum, np.transpose, np.copy, np.zeros_like, np.linalg.norm, lambda x: x.sum(axis=0)):
        np.testing.assert_allclose(function(rows), function(expected))
    assert np.shape(rows) == (5, 2)


def test_types_widen_as_those_of_arrays():
    single, double = some(np.float32), np.ones((5, 2))

    assert (single + double).dtype == (double + single).dtype == (single + some()).dtype == np.float64
    assert (single + single).dtype == (single * 2.0).dtype == single.dense().dtype == np.float32
    assert (single + np.ones((5, 2), np.float32)).dtype == np.float32
    target = np.ones((5, 2), np.float32)
    target += some()
    assert target.dtype == np.float32


def test_no_rows_are_zero():
    rows = Rows((3, 2), np.array([], int), np.zeros((0, 2)))

    assert [part.shape for part in rows.summed()] == [(0,), (0, 2)]
    assert not np.asarray(rows).any()


def test_the_run_time_adds_to_them():
    np.testing.assert_array_equal(accumulate(None, some()), plain(some()))
    assert accumulate(some(), some()).is_sparse
    np.testing.assert_allclose(accumulate(plain(some()), some()), 2 * plain(some()))
    expected = plain(some())
    for i in (1, 1, 4):
        expected[i] += 1.0
    np.testing.assert_array_equal(add_item(some(), [1, 1, 4], 1.0), expected)
    np.testing.assert_array_equal(add_attribute(some(), "T", np.ones((2, 5))), plain(some()) + 1)


def test_what_is_added_to_an_attribute_is_not_lost():
    rows = some()
    add_attribute(rows, "T", np.ones((2, 5)))

    np.testing.assert_array_equal(rows, plain(some()) + 1)


def test_a_copy_is_apart():
    rows = some()
    copy = copied(rows)
    copy[0] = 9.0

    np.testing.assert_array_equal(rows, plain(some()))


def test_a_gradient_is_an_array_unless_rows_are_asked_for():
    value = {"w": np.zeros((5, 2)), "n": 1}
    whole = gradient_of(value, {"w": some()})["w"]
    rows = gradient_of(value, {"w": some()}, rows=True)

    assert type(whole) is type(gradient_of(value["w"], some())) is np.ndarray
    np.testing.assert_array_equal(whole, plain(some()))
    assert rows["w"].is_sparse
    assert leaves(rows) == [("['w']", rows["w"])]
    assert type(gradient_of(value["w"], stored(), rows=True)) is np.ndarray


def test_a_gradient_has_the_type_of_its_argument():
    assert gradient_of(np.zeros((5, 2), np.float32), some(), rows=True).dtype == np.float32

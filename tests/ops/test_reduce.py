from __future__ import annotations

import numpy as np
import pytest

import knetc
from tests.ops.checker import case, cotangents


def bar(function, x, **options):
    return cotangents(case(function, x, **options), like=np.ones_like)[1][0]


@pytest.mark.parametrize("function", [np.max, np.min])
def test_tied_extremes_share_the_gradient(function):
    assert bar(function, np.ones((2, 2))).tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert bar(function, np.ones((2, 2)), axis=0, keepdims=True).tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_tied_numbers_share_the_gradient_of_python_s_max():
    assert cotangents(case(max, 2.0, 2.0), like=lambda _: 1.0)[1] == {0: 0.5, 1: 0.5}


def test_the_share_of_a_tie_is_float32():
    assert bar(np.max, np.ones((2, 3), np.float32), axis=1).dtype == np.float32


def test_a_product_with_zeros_has_a_gradient():
    assert bar(np.prod, np.array([2.0, 0.0, 3.0])).tolist() == [0, 6, 0]
    assert bar(np.prod, np.array([0.0, 0.0, 3.0])).tolist() == [0, 0, 0]


@pytest.mark.parametrize("function", [np.sum, np.mean])
@pytest.mark.parametrize("axis", [None, 0])
def test_a_sum_in_another_dtype_has_a_cotangent_in_that_of_its_argument(function, axis):
    assert bar(function, np.ones((2, 3), np.float32), axis=axis, dtype=np.float64).dtype == np.float32


def test_the_sum_of_nothing_has_an_empty_gradient():
    assert bar(np.sum, np.ones((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("axis", [None, 1, -1, (0, 2)])
@pytest.mark.parametrize("f", [np.sum, np.mean, np.var, np.std, np.max, np.prod])
def test_an_axis_may_be_known_only_when_the_program_runs(f, axis):
    x = np.random.default_rng(0).uniform(0.5, 2.0, (2, 3, 4))
    assert knetc.gradcheck(lambda x, axis: f(x, axis=axis), x, axis)

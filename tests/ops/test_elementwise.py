from __future__ import annotations

import numpy as np
import pytest

from tests.ops.checker import case, cotangents

TIED = [np.maximum, np.minimum, np.fmax, np.fmin]


def partials(function, *args):
    """The slopes in all arguments."""
    return [bar.tolist() for bar in cotangents(case(function, *args), like=np.ones_like)[1].values()]


@pytest.mark.parametrize("function", TIED)
def test_equal_arguments_share_the_gradient(function):
    assert partials(function, np.array([2.0, np.inf]), np.array([2.0, np.inf])) == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("function", TIED)
def test_a_tie_keeps_float32(function):
    x = np.ones(2, np.float32)
    _, bars = cotangents(case(function, x, x))
    assert bars[0].dtype == np.float32


def test_the_argument_that_is_a_number_gets_the_other_half():
    assert partials(np.maximum, np.zeros(3), 0.0) == [[0.5, 0.5, 0.5], 1.5]


def test_fmax_and_fmin_ignore_nan():
    for function in (np.fmax, np.fmin):
        assert partials(function, np.array([np.nan, 1.0]), np.array([2.0, np.nan])) == [[0, 1], [1, 0]]


def test_the_ends_of_clip_belong_to_the_inside():
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    assert partials(np.clip, x, -1.0, 1.0) == [[0, 1, 1, 1, 0], 1, 1]


def test_where_takes_any_condition():
    ones = np.ones(3)
    assert partials(np.where, np.array([0, 2, -1]), ones, ones) == [[0, 1, 1], [1, 0, 0]]
    assert partials(np.where, False, ones, ones) == [[0, 0, 0], [1, 1, 1]]


def test_sinc_is_flat_at_zero_and_smooth_beside_it():
    x = np.array([0.0, 1e-9, -1e-9])
    np.testing.assert_allclose(partials(np.sinc, x)[0], -(np.pi**2) / 3 * x, rtol=1e-12)


def test_sinc_has_full_precision_in_float32():
    x = np.linspace(0.01, 3, 50, dtype=np.float32)
    single, double = partials(np.sinc, x)[0], partials(np.sinc, x.astype(float))[0]
    np.testing.assert_allclose(
        single, double, rtol=1e-4, atol=1e-6
    )  # a difference of two float32 values over x

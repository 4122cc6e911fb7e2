"""Axes that are equally long need no unbroadcasting; those that may differ do."""

from __future__ import annotations

import numpy as np
import pytest

import knetc


def neighbours(u):
    return np.sum((u[1:] - u[:-1]) * u[:-1] * u[1:])


def of_two(u, v):
    return np.sum(u[1:] * v[:-1])


def different_cuts(u, v):
    return np.sum(u[2:] * v[1:])


def source(f, *args):
    gradient = knetc.grad(f)
    gradient(*args)
    return gradient.source


def test_slices_of_one_array_are_known_to_fit():
    assert "unbroadcast" not in source(neighbours, np.arange(4.0))


def test_arrays_of_equal_length_are_known_to_fit():
    assert "unbroadcast" not in source(of_two, np.arange(4.0), np.ones(4))


def test_a_slice_of_length_one_may_be_stretched():
    assert "unbroadcast" in source(different_cuts, np.arange(3.0), np.ones(4))
    np.testing.assert_allclose(knetc.grad(different_cuts)(np.arange(3.0), np.ones(4)), [0.0, 0.0, 3.0])


def test_the_same_function_serves_both_patterns():
    gradient = knetc.grad(of_two)

    np.testing.assert_allclose(gradient(np.arange(4.0), np.ones(4)), [0.0, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(gradient(np.arange(2.0), np.ones(4)), [0.0, 3.0])


def chosen(x, w):
    y = x[np.array([0, 2])] * 2.0
    return np.sum(y * w * y)


def masked(x, w):
    return np.sum(x[x > 0.4] * w * x[x > 0.4])


@pytest.mark.parametrize("f", [chosen, masked])
@pytest.mark.parametrize("w", [0.5, np.array([0.5]), np.array([0.5, 0.6])])
def test_an_array_as_index_keeps_an_axis(f, w):
    assert knetc.gradcheck(f, np.array([0.3, 0.5, 0.7]), w)

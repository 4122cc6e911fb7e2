from __future__ import annotations

import numpy as np
import pytest

from knetc.ops.arithmetic import exponent_slope, power_slope
from tests.ops.checker import case, cotangents


def slope(function, *args, i=0):
    """The partial derivative of an elementwise op in argument `i`."""
    op = case(function, *args).op
    return op.pullbacks[op.parameters[i]](function(*args), *args)


def test_the_slope_of_abs_at_zero_is_zero():
    assert slope(np.abs, np.zeros(2)).tolist() == [0, 0]


def test_the_slope_of_sqrt_at_zero_is_infinite():
    with np.errstate(divide="ignore"):
        assert slope(np.sqrt, np.zeros(1)).tolist() == [np.inf]


@pytest.mark.parametrize(("p", "expected"), [(0, 0), (1, 1), (2, 0), (3, 0), (0.5, np.inf), (-1, -np.inf)])
def test_powers_at_zero_have_their_slope(p, expected):
    x = np.zeros(1)
    with np.errstate(divide="ignore"):
        assert np.all(slope(np.power, x, p) == expected)
        assert np.all(slope(np.power, x, np.array([float(p)])) == expected)


def test_the_slope_in_the_exponent_is_zero_where_the_base_is_zero():
    assert slope(np.power, np.zeros(3), np.array([0.5, 1.0, 2.0]), i=1).tolist() == [0, 0, 0]
    assert slope(np.power, 0.0, np.array([0.5, 1.0, 2.0]), i=1).tolist() == [0, 0, 0]


def test_a_number_as_base_or_exponent_does_not_widen_float32():
    p = np.array([1.5, 2.5], np.float32)
    assert slope(np.power, 2.0, p, i=1).dtype == np.float32
    assert power_slope(p**3, p, 3).dtype == np.float32


def test_the_slopes_of_powers_have_slopes():
    x, p, h = np.array([0.7, 1.3]), np.array([2.5, 0.7]), 1e-6

    def second(f, i):
        return slope(f, x**p, x, p, i=i)

    def difference(f, dx, dp):
        up, down = (f((x + s * dx) ** (p + s * dp), x + s * dx, p + s * dp) for s in (h, -h))
        return (up - down) / (2 * h)

    for f in (power_slope, exponent_slope):
        np.testing.assert_allclose(second(f, 1), difference(f, 1, 0), rtol=1e-6)
        np.testing.assert_allclose(second(f, 2), difference(f, 0, 1), rtol=1e-6)


def test_the_remainder_moves_with_the_dividend_and_against_the_divisor():
    _, bars = cotangents(case(np.remainder, np.array([7.0, -7.0]), np.array([3.0, 3.0])), like=np.ones_like)
    assert bars[0].tolist() == [1, 1]
    assert bars[1].tolist() == [-2, 3]

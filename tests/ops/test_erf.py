from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.backends.numpy import erf as kernels
from knetc.errors import DtypeError
from knetc.ops.erf import erf, erfc, normal_cdf, normal_pdf

X = np.concatenate(
    [
        np.linspace(-6, 6, 20_001),
        np.linspace(-27, 27, 10_001),
        -(10.0 ** np.arange(-300, 0)),
        [0.0, 1.0, -1.0],
    ]
)
PAIRS = [(erf, math.erf), (erfc, math.erfc)]


def in_units_of_the_last_place(y, exact, dtype):
    """The largest error, of the values that have all their digits."""
    normal = np.abs(exact) > np.finfo(dtype).tiny
    return np.max(np.abs(y - exact)[normal] / np.abs(exact)[normal]) / np.finfo(dtype).eps


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_float64_is_that_of_the_standard_library(ours, theirs):
    exact = np.array([theirs(x) for x in X.tolist()])
    assert in_units_of_the_last_place(ours(X), exact, np.float64) < 6


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_float32_has_all_digits_that_it_can_have(ours, theirs):
    x = X[np.abs(X) > 1e-30].astype(np.float32)
    exact = np.array([theirs(v) for v in x.tolist()])
    assert ours(x).dtype == np.float32
    assert in_units_of_the_last_place(ours(x), exact, np.float32) < 6


def test_the_ends_are_exact():
    ends = np.array([np.inf, -np.inf, 0.0, 30.0])
    assert erf(ends).tolist() == [1, -1, 0, 1]
    assert erfc(ends).tolist() == [0, 2, 1, 0]
    assert math.copysign(1, erf(-0.0)) == -1


@pytest.mark.parametrize("f", [erf, erfc, normal_cdf, normal_pdf])
def test_nan_propagates_and_numbers_stay_numbers(f):
    assert np.isnan(f(np.array([np.nan]))).all()
    assert isinstance(f(0.5), np.float64)
    assert f(1) == f(1.0)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("f", [erf, erfc])
def test_work_in_parts_changes_neither_values_nor_layout(f, order, monkeypatch):
    x = np.asarray(np.random.default_rng(0).normal(size=(7, 5, 11)), order=order)
    whole = f(x)
    monkeypatch.setattr(kernels, "PART", 4)
    np.testing.assert_array_equal(f(x), whole)
    assert f(x).strides == x.strides
    np.testing.assert_array_equal(f(np.broadcast_to(0.5, (3, 4))), np.full((3, 4), f(0.5)))


def test_the_normal_distribution_keeps_its_tail():
    np.testing.assert_allclose(
        normal_cdf(np.array([-30.0, -8.0, 1.0])),
        [math.erfc(30 / math.sqrt(2)) / 2, math.erfc(8 / math.sqrt(2)) / 2, 0.8413447460685429],
        rtol=1e-12,
    )
    np.testing.assert_allclose(normal_pdf(2.0), math.exp(-2) / math.sqrt(2 * math.pi), rtol=1e-14)


@pytest.mark.parametrize("x", [np.ones(2, complex), 1j, "text", np.array([None])])
@pytest.mark.parametrize("f", [erf, erfc])
def test_only_real_numbers_are_taken(f, x):
    with pytest.raises(
        DtypeError, match=r"KN319 the error function, which gelu is made of, was given .*; expected real"
    ):
        f(x)


def test_ints_and_half_precision_are_real():
    assert erfc(np.array([0, 1])).tolist() == [1.0, math.erfc(1)]
    half = erf(np.array([0.5, 3.0, 60_000.0], np.float16))
    assert half.dtype == np.float16
    np.testing.assert_allclose(half, [math.erf(0.5), math.erf(3), 1], rtol=1e-3)

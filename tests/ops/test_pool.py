from __future__ import annotations

import itertools

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.ops import pool
from knetc.ops.pool import pool_along, poolx

X = np.random.default_rng(0).normal(size=(2, 3, 7, 6))


def by_definition(x, window, padding, stride, mode):
    """One window at a time."""
    sizes = [min(window, n + 2 * padding) for n in x.shape[2:]]
    space = [(n + 2 * padding - s) // stride + 1 for n, s in zip(x.shape[2:], sizes, strict=True)]
    y = np.zeros((*x.shape[:2], *space))
    for n, c, *place in np.ndindex(*y.shape):
        spans = zip(place, sizes, x.shape[2:], strict=True)
        inside = tuple(
            slice(max(p * stride - padding, 0), min(p * stride - padding + s, m)) for p, s, m in spans
        )
        part = x[(n, c, *inside)]
        divisor = np.prod(sizes) if mode == 1 else part.size
        y[(n, c, *place)] = part.max() if mode in (0, 3) else part.sum() / divisor
    return y


@pytest.mark.parametrize("mode", range(4))
@pytest.mark.parametrize("x", [X, X[:, :, 0], X.reshape(2, 3, 7, 2, 3)], ids=["2-D", "1-D", "3-D"])
def test_values_are_those_of_the_definition(mode, x):
    for window, padding, stride in itertools.product((1, 2, 3, 50), (0, 1), (1, 2, 3)):
        if padding < window:
            y = pool(x, window=window, padding=padding, stride=stride, mode=mode)
            np.testing.assert_allclose(
                y, by_definition(x, window, padding, stride, mode), rtol=1e-12, atol=1e-12
            )


def test_windows_do_not_overlap_by_default_and_a_last_part_is_dropped():
    assert pool(X).shape == (2, 3, 3, 3)
    assert pool(X, window=(3, 2)).shape == (2, 3, 2, 3)


def test_a_window_larger_than_the_image_pools_all_of_it():
    np.testing.assert_array_equal(pool(X, window=100), X.max((2, 3), keepdims=True))


def test_max_and_mean_are_the_first_two_modes():
    np.testing.assert_array_equal(pool(X, op="max"), pool(X, mode=0))
    np.testing.assert_array_equal(pool(X, op="mean"), pool(X, mode=1))


def test_alpha_is_a_factor():
    np.testing.assert_allclose(pool(X, alpha=-2.0), -2 * pool(X), rtol=1e-12)


@pytest.mark.parametrize("mode", range(4))
def test_nan_propagates(mode):
    x = np.zeros((1, 1, 4, 4))
    x[0, 0, 1, 0] = np.nan
    assert np.isnan(pool(x, mode=mode)).tolist() == [[[[True, False], [False, False]]]]


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_first_of_equal_maxima_gets_the_gradient(order):
    x = np.array([[[[1.0, 2.0], [2.0, 1.0]]]], order=order)
    assert poolx(x, pool(x), np.ones((1, 1, 1, 1))).tolist() == [[[[0, 1], [0, 0]]]]
    assert poolx(0 * x, pool(0 * x), np.ones((1, 1, 1, 1))).tolist() == [[[[1, 0], [0, 0]]]]


def test_a_nan_loses_no_gradient():
    x = np.array([[[np.nan, 1.0, 2.0, 3.0]]])
    assert poolx(x, pool(x), np.ones((1, 1, 2))).sum() == 2


def test_the_gradient_has_the_layout_of_the_image_whatever_that_of_the_cotangent():
    x = np.moveaxis(np.ascontiguousarray(np.moveaxis(X, 0, -1)), -1, 0)
    y = pool(x)
    dy = np.ascontiguousarray(y)
    assert poolx(x, y, dy).strides == x.strides
    np.testing.assert_array_equal(poolx(x, y, dy), poolx(X, pool(X), dy))


@pytest.mark.parametrize("mode", range(3))
def test_second_derivatives_leave_the_places_of_the_maxima_alone(mode):
    v = np.random.default_rng(1).normal(size=X.shape)

    def along_v(x):
        y = pool(x, mode=mode)
        return np.sum(poolx(x, y, 3 * y**2, mode=mode) * v)

    def pooled_v(x):
        return np.sum(pool_along(x, v * x, mode=mode) ** 2)

    assert knetc.gradcheck(along_v, X)
    assert knetc.gradcheck(pooled_v, X)


class TestBadInput:
    def test_images_have_three_to_five_axes(self):
        with pytest.raises(ShapeError, match=r"KN210 pool: `x` has shape \(7, 6\); expected 3 to 5 axes"):
            pool(X[0, 0])

    def test_images_have_elements(self):
        with pytest.raises(
            ShapeError, match=r"KN210 pool: `x` has shape \(2, 3, 0, 6\); expected at least one element"
        ):
            pool(X[:, :, :0])

    def test_a_cotangent_has_the_shape_of_the_result(self):
        with pytest.raises(ShapeError, match=r"KN213 poolx: `dy` has shape \(1,\); expected \(2, 3, 3, 3\)"):
            poolx(X, pool(X), np.zeros(1))

    @pytest.mark.parametrize(
        ("name", "value"), [("window", 0), ("stride", (1,)), ("padding", "same"), ("window", True)]
    )
    def test_options_are_ints(self, name, value):
        with pytest.raises(ArgumentError, match=rf"KN310 pool: `{name}` is .*; expected an int >= "):
            pool(X, **{name: value})

    def test_the_border_is_narrower_than_the_window(self):
        with pytest.raises(
            ArgumentError, match="KN310 pool: `padding` is 2; expected less than the `window`, which is 2"
        ):
            pool(X, padding=2)

    @pytest.mark.parametrize("options", [{"mode": 4}, {"op": "min"}, {"mode": 0, "op": "max"}])
    def test_the_mode_is_known_and_said_once(self, options):
        with pytest.raises(
            ArgumentError, match=r"KN313 pool: `mode` is .* and `op` is .*; expected one of them"
        ):
            pool(X, **options)

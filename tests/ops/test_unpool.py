from __future__ import annotations

import itertools

import numpy as np
import pytest

from knetc.errors import ArgumentError, ShapeError
from knetc.ops import pool, unpool
from knetc.ops.unpool import fold_windows

X = np.random.default_rng(0).normal(size=(2, 3, 4, 6))


@pytest.mark.parametrize("mode", range(4))
@pytest.mark.parametrize("x", [X, X[:, :, 0], X.reshape(2, 3, 4, 2, 3)], ids=["2-D", "1-D", "3-D"])
def test_pooling_undoes_it(mode, x):
    for window, padding, apart, alpha in itertools.product((1, 2, 3), (0, 1), (0, 2), (1, 2.5)):
        if padding < window:
            options = {
                "window": window,
                "padding": padding,
                "stride": window + apart,
                "mode": mode,
                "alpha": alpha,
            }
            y = unpool(x, **options)
            np.testing.assert_allclose(pool(y, **options), x, rtol=1e-12)
            assert y.shape[2:] == tuple(
                (n - 1) * (window + apart) + window - 2 * padding for n in x.shape[2:]
            )


def test_elements_are_copied_to_the_last_bit():
    np.testing.assert_array_equal(unpool(X, window=(3, 2)), X.repeat(3, 2).repeat(2, 3))


def test_what_mode_1_takes_for_zeros_is_made_up_for():
    y = unpool(np.ones((1, 1, 3)), window=3, padding=1, mode=1)
    assert y.tolist() == [[[1.5, 1.5, 1, 1, 1, 1.5, 1.5]]]


def test_between_distant_windows_stand_zeros_and_overlapping_ones_add_up():
    x = np.array([[[1.0, 2.0]]])
    assert unpool(x, stride=3).tolist() == [[[1, 1, 0, 2, 2]]]
    assert unpool(x, stride=1).tolist() == [[[1, 3, 2]]]


@pytest.mark.parametrize("mode", range(4))
def test_fold_windows_is_its_transpose(mode):
    options = {"window": 3, "padding": 1, "stride": 2, "mode": mode, "alpha": 2.5}
    y = unpool(X, **options)
    v = np.random.default_rng(1).normal(size=y.shape)
    np.testing.assert_allclose(np.sum(fold_windows(v, **options) * X), np.sum(v * y), rtol=1e-12)


def test_float32_stays_float32():
    assert unpool(X.astype(np.float32), window=3, padding=1, mode=1, alpha=2.5).dtype == np.float32


class TestBadInput:
    def test_images_have_three_to_five_axes(self):
        with pytest.raises(ShapeError, match=r"KN210 unpool: `x` has shape \(4, 6\); expected 3 to 5 axes"):
            unpool(X[0, 0])

    def test_the_padding_leaves_something(self):
        with pytest.raises(
            ShapeError, match=r"KN217 unpool: .* images of \(1, 6\) would have the shape \(0, 10\)"
        ):
            unpool(X[:, :, :1], window=2, padding=1)

    def test_images_have_elements(self):
        with pytest.raises(ShapeError, match=r"KN217 unpool: .* images of \(0, 6\)"):
            unpool(X[:, :, :0])

    @pytest.mark.parametrize(("name", "value"), [("window", 0), ("stride", (1,)), ("padding", "same")])
    def test_options_are_ints(self, name, value):
        with pytest.raises(ArgumentError, match=rf"KN310 unpool: `{name}` is .*; expected an int >= "):
            unpool(X, **{name: value})

    def test_the_border_is_narrower_than_the_window(self):
        with pytest.raises(
            ArgumentError, match="KN310 unpool: `padding` is 2; expected less than the `window`"
        ):
            unpool(X, padding=2)

    def test_the_mode_is_known(self):
        with pytest.raises(ArgumentError, match="KN313 unpool: `mode` is 4"):
            unpool(X, mode=4)

    def test_a_factor_of_0_cannot_be_undone(self):
        with pytest.raises(ArgumentError, match="KN317 unpool: `alpha` is 0"):
            unpool(X, alpha=0)

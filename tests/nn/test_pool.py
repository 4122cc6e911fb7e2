from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.nn import Chain, MeanPool, Pool
from knetc.testing import gradcheck

rng = np.random.default_rng(0)


def test_pool_is_the_op_with_its_options():
    x = rng.normal(size=(2, 3, 7, 8))

    np.testing.assert_array_equal(Pool((3, 2))(x), knetc.pool(x, (3, 2)))
    np.testing.assert_array_equal(
        Pool(3, padding=1, stride=2, op="mean")(x), knetc.pool(x, 3, 1, 2, op="mean")
    )


def test_pool_shows_what_is_not_usual():
    assert repr(Pool()) == "Pool(2, max)"
    assert repr(Pool((3, 2), padding=1, stride=2, op="mean")) == "Pool((3, 2), padding=1, stride=2, mean)"


def adaptive(x, size):
    """The definition, window by window."""
    height, width = x.shape[2:]
    y = np.empty((*x.shape[:2], size, size))
    for i in range(size):
        for j in range(size):
            rows = slice(i * height // size, -(-(i + 1) * height // size))
            columns = slice(j * width // size, -(-(j + 1) * width // size))
            y[:, :, i, j] = x[:, :, rows, columns].mean((2, 3))
    return y


@pytest.mark.parametrize("shape", [(7, 7), (14, 21), (5, 9), (1, 1), (3, 16)])
@pytest.mark.parametrize("size", [1, 4, 7])
def test_means_over_as_many_windows_as_places(shape, size):
    x = rng.normal(size=(2, 3, *shape))

    np.testing.assert_allclose(MeanPool(size)(x), adaptive(x, size), rtol=1e-12)


def test_gradients_are_those_of_differences():
    x = rng.permutation(2 * 3 * 5 * 7).reshape(2, 3, 5, 7) / 10

    for layer in (MeanPool(3), Pool(2), Pool(3, padding=1, stride=2, op="mean")):
        gradcheck(layer, x)


def test_float32_stays_float32():
    assert MeanPool(2)(np.ones((1, 1, 5, 5), np.float32)).dtype == np.float32


def test_images_without_their_axes_are_told_with_the_layer():
    with pytest.raises(ShapeError, match="KN210 pool: `x` has shape") as caught:
        Chain(np.tanh, Pool(2))(np.ones((4, 4)))

    assert caught.value.layer == "`layers[1]` of Chain, Pool(2, max)"


def test_means_have_places():
    with pytest.raises(ArgumentError, match="KN346 MeanPool: `size` is 0; expected an int of at least 1"):
        MeanPool(0)

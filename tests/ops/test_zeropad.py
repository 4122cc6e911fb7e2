from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError, ShapeError
from knetc.ops import conv4, zeropad
from knetc.ops.zeropad import crop

X = np.random.default_rng(0).normal(size=(2, 3, 4, 5))


@pytest.mark.parametrize(
    ("padding", "pairs"),
    [
        (2, [(2, 2), (2, 2)]),
        ((1, 0), [(1, 1), (0, 0)]),
        (((1, 2), (0, 3)), [(1, 2), (0, 3)]),
        ([1, (0, 3)], [(1, 1), (0, 3)]),
        (0, [(0, 0), (0, 0)]),
    ],
)
def test_the_border_is_of_zeros(padding, pairs):
    np.testing.assert_array_equal(zeropad(X, padding), np.pad(X, [(0, 0), (0, 0), *pairs]))
    np.testing.assert_array_equal(crop(zeropad(X, padding), padding), X)


def test_images_have_one_to_three_spatial_axes():
    assert zeropad(X[:, :, 0], ((1, 2),)).shape == (2, 3, 8)
    assert zeropad(X[..., None], (0, 0, (1, 2))).shape == (2, 3, 4, 5, 4)


def test_the_dtype_and_the_layout_stay():
    y = conv4(np.ones((2, 3, 2, 2), np.float32), X.astype(np.float32))
    padded = zeropad(y, 1)
    assert padded.dtype == np.float32
    assert np.argsort(padded.strides).tolist() == np.argsort(y.strides).tolist()


class TestBadInput:
    def test_images_have_three_to_five_axes(self):
        with pytest.raises(ShapeError, match=r"KN210 zeropad: `x` has shape \(4, 5\); expected 3 to 5 axes"):
            zeropad(X[0, 0], 1)

    @pytest.mark.parametrize("padding", [-1, 1.5, "same", (1,), ((1, 2), 3, 4), ((1, 2, 3), 0), None])
    def test_the_padding_is_of_ints(self, padding):
        with pytest.raises(ArgumentError, match=r"KN310 zeropad: `padding` is .*; expected an int >= 0, or"):
            zeropad(X, padding)

    def test_only_what_was_padded_is_cropped(self):
        with pytest.raises(
            ShapeError, match=r"KN213 crop: `x` has shape \(2, 3, 4, 5\); expected a border of 3"
        ):
            crop(X, 3)

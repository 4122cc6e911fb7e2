from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ShapeError
from knetc.ops import join_heads, split_heads


def test_heads_are_parts_of_the_features():
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 12))
    parts = split_heads(x, 4)

    assert parts.shape == (2, 3, 4, 5, 3)
    for i, part in enumerate(np.split(x, 4, axis=-1)):
        np.testing.assert_array_equal(parts[:, :, i], part)
    np.testing.assert_array_equal(join_heads(parts), x)


@pytest.mark.parametrize("shape", [(2, 5, 10), (12,)])
def test_features_divide_into_heads(shape):
    message = r"KN236 split_heads: `x` has shape .*; expected \(\.\.\., T, features\), and features .* into 4 heads\n"
    with pytest.raises(ShapeError, match=message):
        split_heads(np.zeros(shape), 4)


def test_heads_have_an_axis():
    with pytest.raises(
        ShapeError, match=r"KN236 join_heads: `x` has shape \(2, 3\); expected \(\.\.\., heads, T, D\)"
    ):
        join_heads(np.zeros((2, 3)))


def test_there_is_a_head():
    with pytest.raises(ShapeError, match=r"KN236 split_heads: .* into 0 heads"):
        split_heads(np.zeros((2, 4)), 0)

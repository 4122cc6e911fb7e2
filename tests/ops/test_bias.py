from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ShapeError
from knetc.ops.bias import add_bias, channel_sums

Y = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize("shape", [(3,), (1, 3, 1)])
def test_each_channel_gets_its_number(shape):
    bias = np.array([10.0, 20.0, 30.0]).reshape(shape)
    np.testing.assert_array_equal(add_bias(Y, bias), Y + np.array([[[10.0], [20.0], [30.0]]]))
    assert channel_sums(Y, bias).tolist() == Y.sum((0, 2)).reshape(shape).tolist()


def test_float32_stays_float32():
    assert add_bias(Y.astype(np.float32), np.ones(3, np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    "bias", [np.ones(4), np.ones((3, 1)), np.ones((1, 3, 4)), np.ones(1), 2.5, [1.0, 2.0, 3.0]]
)
def test_a_bias_has_as_many_elements_as_channels(bias):
    with pytest.raises(
        ShapeError, match=r"KN216 add_bias: `bias` has shape .*; expected \(3,\) or \(1, 3, 1\)"
    ):
        add_bias(Y, bias)


def test_no_bias_adds_nothing():
    y = np.ones((2, 3, 4))

    assert add_bias(y, None) is y

from __future__ import annotations

import numpy as np
import pytest

from knetc.datasets import onehot
from knetc.errors import ArgumentError, DtypeError


def test_a_label_is_the_place_of_the_one():
    encoded = onehot([2, 0], classes=4)
    assert encoded.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0]]
    assert encoded.dtype == np.float32


def test_without_classes_the_greatest_label_is_the_last():
    assert onehot(np.array([1, 3])).shape == (2, 4)
    assert onehot(np.array([], int)).shape == (0, 0)


def test_labels_have_any_shape():
    labels = np.random.default_rng(0).integers(0, 5, (2, 3))
    encoded = onehot(labels, 5, dtype=np.float64)
    assert (encoded.shape, encoded.dtype) == ((2, 3, 5), np.float64)
    np.testing.assert_array_equal(encoded.argmax(-1), labels)
    np.testing.assert_array_equal(encoded.sum(-1), 1)
    assert onehot(2, 3).tolist() == [0, 0, 1]


@pytest.mark.parametrize("wrong", [-1, 3])
def test_a_label_out_of_range_is_named(wrong):
    with pytest.raises(ArgumentError, match=f"KN430 `labels` has {wrong}; expected 0 to 2"):
        onehot([0, wrong, 2], classes=3)


def test_labels_are_ints():
    with pytest.raises(DtypeError, match="KN430 `labels` are float64; expected ints"):
        onehot([0.0, 1.0])

from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.ops import mat

X = np.arange(384.0).reshape(3, 2, 8, 8)


@pytest.mark.parametrize(
    ("dims", "shape"), [(4, (1, 384)), (3, (3, 128)), (2, (6, 64)), (1, (48, 8)), (0, (384, 1))]
)
def test_the_last_axes_become_the_columns(dims, shape):
    assert mat(X, dims).shape == shape
    assert np.array_equal(mat(X, dims).ravel(), X.ravel())


def test_by_default_a_row_is_an_instance():
    assert mat(X).shape == (3, 128)
    assert mat(X[:0]).shape == (0, 128)


@pytest.mark.parametrize("dims", [5, -1])
def test_there_are_not_more_columns_than_axes(dims):
    with pytest.raises(ArgumentError, match=rf"KN326 mat: `dims` is {dims}; expected an int from 0 to 4"):
        mat(X, dims)

"""Only a scalar has a gradient."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ShapeError
from knetc.runtime.scalar import check_scalar


@pytest.mark.parametrize("value", [1.5, 2, np.float32(1), np.ones(()), True])
def test_a_scalar_passes(value):
    check_scalar(value)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (np.ones(3), r"an array of shape \(3,\)"),
        (np.ones((1, 1)), r"an array of shape \(1, 1\)"),
        ([1.0], "a list"),
        ((1.0, 2.0), "a tuple"),
        (None, "a NoneType"),
    ],
)
def test_anything_else_is_refused(value, what):
    with pytest.raises(ShapeError, match=f"KN301 `grad` needs a scalar, but the result of `loss` is {what}"):
        check_scalar(value, "loss")

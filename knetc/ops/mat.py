"""Images to rows of features: what stands between the convolutions and the dense layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.ops.registry import linear, traceable

Array = Any


@traceable
def mat(x: Array, dims: int | None = None) -> Array:
    """Reshape `x` to a matrix whose columns are its last `dims` axes.

    By default these are all axes but the first: (N, C, H, W) becomes (N, C * H * W), one row an instance.

    Raises `ArgumentError` (KN326) unless `dims` is from 0 to `x.ndim`.

    >>> mat(np.zeros((3, 2, 8, 8))).shape
    (3, 128)
    >>> mat(np.zeros((3, 2, 8, 8)), dims=2).shape
    (6, 64)
    """
    columns = max(x.ndim - 1, 0) if dims is None else dims
    if not 0 <= columns <= x.ndim:
        raise ArgumentError(
            "KN326",
            f"mat: `dims` is {dims!r}; expected an int from 0 to {x.ndim}, the number of axes of `x`",
            help="leave it out for one row an instance",
        )
    rows = x.ndim - columns
    return np.reshape(x, (math.prod(x.shape[:rows]), math.prod(x.shape[rows:])))


linear(mat, lambda g, x, dims=None: np.reshape(g, x.shape))

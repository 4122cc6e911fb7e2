"""The heads of attention: the features of a sequence in equal parts, each a sequence of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import ShapeError
from knetc.ops.registry import linear, traceable

Array = Any


@traceable
def split_heads(x: Array, heads: int) -> Array:
    """Part the features of sequences (..., T, heads * D): the result has the shape (..., heads, T, D).

    Raises `ShapeError` (KN236) where the features have no such parts.

    >>> split_heads(np.zeros((2, 5, 12)), 3).shape
    (2, 3, 5, 4)
    """
    if x.ndim < 2 or heads < 1 or x.shape[-1] % heads:
        raise ShapeError(
            "KN236",
            f"split_heads: `x` has shape {x.shape}; expected (..., T, features), and features that divide into "
            f"{heads} heads",
            help="pass as many heads as divide the last axis of `x`",
        )
    apart = np.reshape(x, (*x.shape[:-1], heads, x.shape[-1] // heads))
    return np.swapaxes(apart, -2, -3)


@traceable
def join_heads(x: Array) -> Array:
    """The inverse of `split_heads`: from (..., heads, T, D) to (..., T, heads * D).

    Raises `ShapeError` (KN236) for an array of fewer than three axes.

    >>> join_heads(split_heads(np.arange(12.0).reshape(2, 6), 3)).tolist()[0]
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    """
    if x.ndim < 3:
        raise ShapeError(
            "KN236",
            f"join_heads: `x` has shape {x.shape}; expected (..., heads, T, D)",
            help="pass the result of attention on arrays that split_heads has made",
        )
    apart = np.swapaxes(x, -2, -3)
    return np.reshape(apart, (*apart.shape[:-2], apart.shape[-2] * apart.shape[-1]))


linear(split_heads, lambda g, x, heads: join_heads(g))
linear(join_heads, lambda g, x: split_heads(g, x.shape[-3]))

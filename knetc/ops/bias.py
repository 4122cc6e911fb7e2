"""A number for every channel, added to images."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import ShapeError
from knetc.ops.registry import rule, traceable

Array = Any


@traceable
def add_bias(y: Array, bias: Array) -> Array:
    """Add one number per channel to the images `y` (N, C, *space); `bias` has the shape (C,) or (1, C, 1, ...).

    None adds nothing. Raises `ShapeError` (KN216) where it has another shape.

    >>> add_bias(np.zeros((1, 2, 3)), np.array([1.0, 2.0])).tolist()
    [[[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]]
    """
    if bias is None:
        return y
    column = (1, y.shape[1], *(1,) * (y.ndim - 2))
    shape = getattr(bias, "shape", ())
    if shape not in ((y.shape[1],), column):
        raise ShapeError(
            "KN216",
            f"add_bias: `bias` has shape {shape}; expected {(y.shape[1],)} or {column}, a number for each channel",
            help=f"give the bias as many elements as the result has channels: np.zeros({y.shape[1]})",
        )
    return y + np.reshape(bias, column)


@traceable
def channel_sums(g: Array, like: Array) -> Array:
    """The sum of the images `g` over everything but their channels, in the shape of `like`.

    >>> channel_sums(np.ones((5, 2, 3)), np.zeros(2))
    array([15., 15.])
    """
    return np.reshape(np.sum(g, axis=(0, *range(2, g.ndim))), like.shape)


def _copies(h: Array, g: Array) -> Array:
    return np.broadcast_to(np.reshape(h, (1, g.shape[1], *(1,) * (g.ndim - 2))), g.shape)


rule(add_bias, y=lambda g, z, y, bias: g, bias=lambda g, z, y, bias: channel_sums(g, bias))
rule(
    channel_sums,
    g=lambda h, z, g, like: _copies(h, g),
    like=lambda h, z, g, like: np.zeros_like(like),
)

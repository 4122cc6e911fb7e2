"""A border of zeros around images."""

from __future__ import annotations

from typing import Any

import numpy as np  # noqa: F401 - for the examples

from knetc.backends import array_module
from knetc.errors import ShapeError
from knetc.ops.registry import linear, traceable
from knetc.ops.windows import borders, spatial

Array = Any
Padding = Any  # an int, or a tuple of one a spatial axis, each an int or a pair (before, after)


@traceable
def zeropad(x: Array, padding: Padding) -> Array:
    """Surround the images `x` (N, C, *space) with zeros, in 1, 2 or 3 spatial dimensions.

    `padding` is an int for both ends of every spatial axis, or a tuple of one per axis, each an int or a pair
    (before, after). Raises `ShapeError` (KN210) for `x`, `ArgumentError` (KN310) for the padding.

    >>> zeropad(np.ones((1, 1, 3)), ((1, 2),)).tolist()
    [[[0.0, 1.0, 1.0, 1.0, 0.0, 0.0]]]
    >>> zeropad(np.ones((2, 3, 8, 8)), (1, (0, 2))).shape
    (2, 3, 10, 10)
    """
    space = spatial("zeropad", "x", x)
    pads = borders("zeropad", padding, len(space))
    size = (n + before + after for n, (before, after) in zip(space, pads, strict=True))
    padded = array_module(x).zeros_like(x, shape=(*x.shape[:2], *size))
    padded[(..., *(slice(p, p + n) for (p, _), n in zip(pads, space, strict=True)))] = x
    return padded


@traceable
def crop(x: Array, padding: Padding) -> Array:
    """The images `x` without the border that `zeropad` gave them.

    >>> crop(np.arange(6.0).reshape(1, 1, 6), ((1, 2),)).tolist()
    [[[1.0, 2.0, 3.0]]]
    """
    space = spatial("crop", "x", x)
    pads = borders("crop", padding, len(space))
    if any(sum(p) > n for p, n in zip(pads, space, strict=True)):
        raise ShapeError(
            "KN213",
            f"crop: `x` has shape {x.shape}; expected a border of {padding!r} around it",
            help="pass the cotangent of the result of zeropad, with the same padding",
        )
    return x[(..., *(slice(before, n - after) for (before, after), n in zip(pads, space, strict=True)))]


linear(zeropad, lambda g, x, padding: crop(g, padding))
linear(crop, lambda h, x, padding: zeropad(h, padding))

"""Gradients that are too long, made shorter: one array's, or those of a whole model together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from knetc.runtime.rows import Rows

Array = Any


def norm(g: Array) -> float:
    """The Euclidean norm of an array of any shape; one whose square is too large for the dtype has a norm as well.

    >>> norm(np.array([[3.0], [4.0]])), norm(np.full(4, 1e30, np.float32)) == 2 * float(np.float32(1e30))
    (5.0, True)
    """
    if isinstance(g, Rows):
        _, g = g.summed()
    with np.errstate(over="ignore"):
        found = float(np.linalg.norm(g))
    if math.isfinite(found) or not g.size:
        return found
    largest = float(abs(g).max())
    return largest * float(np.linalg.norm(g / largest)) if math.isfinite(largest) else found


def clipped(g: Array, limit: float) -> Array:
    """`g`, scaled down to the norm `limit` if that is above 0 and below the norm of `g`.

    >>> clipped(np.array([3.0, 4.0]), 1.0).round(6).tolist()
    [0.6, 0.8]
    """
    if limit <= 0:
        return g
    length = norm(g)
    return g * (limit / length) if length > limit else g


def global_scale(gradients: Iterable[Array], limit: float) -> float:
    """The factor that brings the norm of all gradients together down to `limit`; 1 if that is 0.

    >>> round(global_scale([np.array([3.0]), np.array([4.0])], 1.0), 6)
    0.2
    """
    if limit <= 0:
        return 1.0
    length = math.hypot(*map(norm, gradients))
    return limit / length if length > limit else 1.0

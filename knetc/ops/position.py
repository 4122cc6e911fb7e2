"""Where a word stands: vectors to be added to those of the words, and rotations of queries and keys."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, ShapeError
from knetc.ops.registry import linear, nondifferentiable, traceable

Array = Any


def positional_encoding(length: int, size: int, dtype: Any = np.float32) -> Array:
    """Sines and cosines of positions, from fast to slow (Vaswani et al., arXiv 1706.03762).

    Row `t` of the result, which has shape (length, size), is `sin(t * r)` at the even places and `cos(t * r)` at the
    odd ones, where the rate `r` falls from 1 to nearly 1 / 10000: `r = 10000 ** (-2i / size)` for pair `i`.

    Raises `ArgumentError` (KN344) for a negative length, a size below 1, or a dtype that is not of floats.

    >>> positional_encoding(3, 4).round(2)
    array([[ 0.  ,  1.  ,  0.  ,  1.  ],
           [ 0.84,  0.54,  0.01,  1.  ],
           [ 0.91, -0.42,  0.02,  1.  ]], dtype=float32)
    """
    _check_count("positional_encoding", "length", length, least=0)
    _check_count("positional_encoding", "size", size, least=1)
    if np.dtype(dtype).kind != "f":
        raise _out_of_range("positional_encoding", "dtype", dtype, "a type of floats", "dtype=np.float32")
    angles = _angles(np, 0, length, size, 10000.0)
    result = np.empty((length, size), dtype)
    result[:, 0::2] = np.sin(angles)
    result[:, 1::2] = np.cos(angles[:, : size // 2])
    return result


@traceable
def rotary(x: Array, *, base: float = 10000.0, start: int = 0) -> Array:
    """Turn pairs of neighbouring elements by angles that grow with the position (Su et al., arXiv 2104.09864).

    The scalar product of two vectors that have been turned depends on how far apart they stand, not on where: queries
    and keys are turned before `attention`.

    Arguments:
        x: shape (..., T, D) with an even D; position `start + t` turns pair `i` by `(start + t) * base ** (-2i / D)`.
        base: sets how slow the slowest pair turns.
        start: the position of the first vector, where others have gone before.

    Raises `ShapeError` (KN234) for an `x` with fewer than two axes or an odd D, `ArgumentError` (KN344) for options.

    >>> rotary(np.array([[1.0, 0.0], [1.0, 0.0]])).round(4)
    array([[1.    , 0.    ],
           [0.5403, 0.8415]])
    """
    return _turned("rotary", x, 1, base, start)


@traceable
def unrotary(g: Array, *, base: float = 10000.0, start: int = 0) -> Array:
    """The transpose of `rotary`, which turns back.

    >>> unrotary(rotary(np.array([[3.0, 4.0]]), start=5), start=5).round(6)
    array([[3., 4.]])
    """
    return _turned("unrotary", g, -1, base, start)


def _turned(op: str, x: Array, sign: int, base: float, start: int) -> Array:
    if np.ndim(x) < 2 or x.shape[-1] % 2:
        raise ShapeError(
            "KN234",
            f"{op}: `x` has shape {np.shape(x)}; expected (..., T, D) with an even D",
            help="turn queries and keys of an even size, before the heads are put together",
        )
    _check_count(op, "start", start, least=0)
    if not isinstance(base, (int, float)) or not 0 < base < math.inf:
        raise _out_of_range(op, "base", base, "a number above 0", "base=10000.0")
    if x.dtype.kind not in "fc":
        x = x.astype(float)
    angles = _angles(array_module(x), start, x.shape[-2], x.shape[-1], base)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(sign * angles).astype(x.dtype)
    left, right = x[..., 0::2], x[..., 1::2]
    result = np.empty_like(x)
    result[..., 0::2] = left * cos - right * sin
    result[..., 1::2] = left * sin + right * cos
    return result


def _angles(xp: Any, start: int, length: int, size: int, base: float) -> Array:
    """Position times rate: (length, pairs), in double precision, as positions are long."""
    rates = base ** (-2 * xp.arange((size + 1) // 2) / size)
    return xp.arange(start, start + length)[:, None] * rates


def _check_count(op: str, name: str, value: Any, least: int) -> None:
    if not isinstance(value, (int, np.integer)) or value < least:
        raise _out_of_range(op, name, value, f"an int from {least}", f"{name}={max(least, 1)}")


def _out_of_range(op: str, name: str, value: Any, expected: str, fix: str) -> ArgumentError:
    return ArgumentError(
        "KN344", f"{op}: `{name}` is {value!r}; expected {expected}", help=f"pass a value such as {fix}"
    )


nondifferentiable(positional_encoding)
linear(rotary, lambda g, x, **options: unrotary(g, **options))
linear(unrotary, lambda h, g, **options: rotary(h, **options))

"""Undo broadcasting: the cotangent of a broadcast argument is the sum over the axes it was stretched along."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def unbroadcast(g: Array, shape: tuple[int, ...]) -> Array:
    """Sum `g` over the axes along which `shape` was broadcast; the result has that shape and the dtype of `g`.

    `g` is an array, a numpy scalar or a Python float, and `shape` broadcasts to the shape of `g`.

    >>> import numpy as np
    >>> unbroadcast(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    >>> unbroadcast(np.ones((2, 3)), (2, 1))
    array([[3.],
           [3.]])
    """
    g_shape = getattr(g, "shape", ())
    if g_shape == shape:
        return g
    if shape == ():
        return g.sum()
    if len(g_shape) < len(shape):  # a zero that was made for another value of the same variable
        return np.broadcast_to(g, shape)
    extra = len(g_shape) - len(shape)
    if g_shape[extra:] == shape:  # by far the most frequent case: a bias
        return g.sum(axis=0 if extra == 1 else tuple(range(extra)))
    return g.sum(axis=_stretched(g_shape, shape)).reshape(shape)


def unbroadcast_like(g: Array, x: Any) -> Array:
    """Sum `g` to the shape of `x`, which may also be a number: then the result is the sum over everything.

    >>> import numpy as np
    >>> float(unbroadcast_like(np.ones((2, 3)), 1.5))
    6.0
    """
    return unbroadcast(g, getattr(x, "shape", ()))


def _stretched(wide: tuple[int, ...], narrow: tuple[int, ...]) -> tuple[int, ...]:
    """The axes of the shape `wide` that the shape `narrow` lacks or has with length 1."""
    extra = len(wide) - len(narrow)
    inner = (i + extra for i, n in enumerate(narrow) if n == 1 and wide[i + extra] != 1)
    return (*range(extra), *inner)

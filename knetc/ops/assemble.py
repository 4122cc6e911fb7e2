"""Rules of the functions that join arrays, take them apart, convert them, or make them from numbers and lists."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.ops.registry import linear, methods, rule, traceable
from knetc.ops.shape import fold_broadcast, unlift

Array = Any
Arrays = Any  # a list or tuple of arrays, or one array, whose first axis is then the list


TAKES_LISTS: set[Any] = {
    *(np.concatenate, np.hstack, np.vstack, np.column_stack, np.dstack, np.stack, np.array, np.asarray),
    *(np.ascontiguousarray, max, min, math.fsum, math.dist, sum),
}
"""Operations whose rules know lists of arrays, or that add themselves; to all others a list is given as an array."""


@traceable
def unconcatenate(g: Array, arrays: Arrays, axis: int | None = 0, rank: int = 1) -> Arrays:
    """Cut `g` into the pieces that `np.concatenate(arrays, axis)` joined, each in its own shape.

    An array of fewer than `rank` dimensions counts as one row or column: so `np.vstack` treats vectors.

    >>> unconcatenate(np.arange(3), [np.zeros(1), np.zeros(2)])
    [array([0]), array([1, 2])]
    """
    if axis is None:
        axis = 0
        lengths = [np.size(a) for a in arrays]
    else:
        lengths = [np.shape(a)[axis] if np.ndim(a) >= rank else 1 for a in arrays]
    pieces = np.split(g, list(itertools.accumulate(lengths))[:-1], axis)
    return _like(arrays, [np.reshape(piece, np.shape(a)) for piece, a in zip(pieces, arrays, strict=True)])


@traceable
def unsplit(g: Arrays, pieces: Arrays, axis: int = 0) -> Array:
    """Join the cotangents of the pieces of `np.split`; those that nothing has flowed into are None.

    >>> unsplit([None, np.ones(2)], [np.zeros(1), np.zeros(2)])
    array([0., 1., 1.])
    """
    parts = [np.zeros_like(piece) if bar is None else bar for bar, piece in zip(g, pieces, strict=True)]
    return np.concatenate(parts, axis)


@traceable
def unstack(g: Array, arrays: Arrays, axis: int = 0) -> Arrays:
    """Take apart what `np.stack(arrays, axis)` put together.

    >>> unstack(np.eye(2), [np.zeros(2), np.zeros(2)])
    [array([1., 0.]), array([0., 1.])]
    """
    return _like(arrays, list(np.moveaxis(g, axis, 0)))


@traceable
def unnest(g: Array, nested: Any) -> Any:
    """Distribute `g` over the lists, tuples and numbers that `np.array(nested)` was made of.

    >>> unnest(np.array([[1.0, 2.0]]), [(3.0, 4.0)])
    [(np.float64(1.0), np.float64(2.0))]
    """
    if isinstance(nested, (list, tuple)):
        return _like(nested, [unnest(part, item) for part, item in zip(g, nested, strict=True)])
    return cast_back(g, nested)


@traceable
def cast_back(g: Array, x: Any) -> Array:
    """`g` in the shape and dtype of `x`, which may be a plain number.

    >>> cast_back(2.0, np.ones(1, np.float32))
    array([2.], dtype=float32)
    """
    shape = getattr(x, "shape", ())
    if getattr(g, "shape", ()) != shape:
        g = np.reshape(g, shape)
    dtype = getattr(x, "dtype", None)
    if dtype is None or getattr(g, "dtype", None) == dtype:
        return g
    return dtype.type(g) if isinstance(g, float) else g.astype(dtype)


@traceable
def undiff(g: Array, n: int = 1, axis: int = -1) -> Array:
    """The transpose of `np.diff`: differences of the neighbours, with zeros beyond the ends.

    >>> undiff(np.array([1.0, 5.0]))
    array([-1., -4.,  5.])
    """
    width = [(0, 0)] * g.ndim
    width[axis] = (n, n)
    return (-1) ** n * np.diff(np.pad(g, width), n, axis)


def _like(arrays: Arrays, parts: list[Array]) -> Arrays:
    """`parts` as the kind of sequence that `arrays` is."""
    return type(arrays)(parts) if isinstance(arrays, (list, tuple)) else np.stack(parts)


@traceable
def if_floating(g: Array, dtype: Any) -> Array:
    """`g` if it has come through a conversion to floats; zeros if to ints, which have no derivative.

    >>> if_floating(np.ones(2), int)
    array([0., 0.])
    """
    if np.dtype(dtype).kind == "O":
        raise Refusal("KN101", OBJECTS, help="make it an array of floats: `np.array(..., dtype=float)`")
    return g if np.dtype(dtype).kind in "fc" else np.zeros_like(g)


OBJECTS = "knetc cannot differentiate an array of Python objects"


def _converted(g: Array, x: Array, dtype: Any = None) -> Array:
    return unnest(g if dtype is None else if_floating(g, dtype), x)


linear(
    np.concatenate,
    lambda g, arrays, axis=0: unconcatenate(g, arrays, axis),
    aliases=(np.concat,),
)
linear(np.hstack, lambda g, tup: unconcatenate(g, tup, 0 if np.ndim(g) == 1 else 1))
linear(np.vstack, lambda g, tup: unconcatenate(g, tup, 0, rank=2))
linear(np.column_stack, lambda g, tup: unconcatenate(g, tup, 1, rank=2))
linear(np.dstack, lambda g, tup: unconcatenate(g, tup, 2, rank=3))
linear(np.stack, lambda g, arrays, axis=0: unstack(g, arrays, axis))
rule(
    np.split,
    ary=lambda g, y, ary, indices_or_sections, axis=0: unsplit(g, y, axis),
    aliases=(np.array_split,),
)
linear(np.diff, lambda g, a, n=1, axis=-1: undiff(g, n, axis))

linear(np.copy, lambda g, a: g)
linear(
    np.array,
    lambda g, object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0: _converted(g, object, dtype),
)
linear(
    np.asarray,
    lambda g, a, dtype=None, order=None, *, copy=None: _converted(g, a, dtype),
    aliases=(np.asanyarray,),
)
linear(np.ascontiguousarray, lambda g, a, dtype=None: _converted(g, a, dtype), aliases=(np.asfortranarray,))
linear(
    np.ndarray.astype,
    lambda g, x, dtype: cast_back(if_floating(g, dtype), x),
    aliases=(np.astype,),
)
linear(float, cast_back, aliases=(np.float64, np.float32))
linear(np.ndarray.item, cast_back)
linear(np.atleast_1d, unlift)
linear(np.atleast_2d, unlift)
linear(np.atleast_3d, unlift)
rule(np.full, fill_value=lambda g, y, shape, fill_value, dtype=None: fold_broadcast(g, fill_value))
rule(np.full_like, fill_value=lambda g, y, a, fill_value, dtype=None: fold_broadcast(g, fill_value))

# The transposes are linear too.
linear(if_floating, lambda h, g, dtype: if_floating(h, dtype))
linear(unstack, lambda h, g, arrays, axis=0: np.stack(h, axis))
linear(unnest, lambda h, g, nested: np.array(h))
linear(cast_back, lambda h, g, x: cast_back(h, g))
linear(undiff, lambda h, g, n=1, axis=-1: np.diff(h, n, axis))
linear(unsplit, lambda h, g, pieces, axis=0: unconcatenate(h, pieces, axis))
methods(copy=np.copy, astype=np.ndarray.astype, item=np.ndarray.item)

"""Embedding: the rows of a matrix by number, with a cotangent that holds no other rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops.registry import linear, traceable
from knetc.runtime.mirror import is_array
from knetc.runtime.rows import Rows
from knetc.runtime.scatter import scatter_add

Array = Any


@traceable
def embed(w: Array, ids: Array) -> Array:
    """The rows `w[ids]` of a matrix of embeddings.

    Arguments:
        w: shape (V, E), a row for each of V words.
        ids: ints from 0 to V - 1 in an array (or list, or one int) of any shape.

    Returns an array of shape (*ids.shape, E). A row that occurs several times gets the sum of the gradients.

    On the way back only the rows that were read are held and added up, and `minimize` updates only these: with SGD as
    if the gradient were whole; with an optimiser that remembers (momentum, Adam), the memory of a row rests while the
    row is not read. `w[ids]` computes the same with a gradient of the size of `w`. On a device it is of that size too,
    and the values of `ids` are not waited for: one out of range gives a row of NaN there.

    Raises `ShapeError` (KN230) for a `w` that is no matrix, `DtypeError` (KN341) for ids that are not ints, and
    `ArgumentError` (KN342) for ids out of range; none counts from the end.

    >>> w = np.array([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]])
    >>> embed(w, [2, 0, 2])
    array([[2. , 2.5],
           [0. , 0.5],
           [2. , 2.5]])
    """
    _check_matrix(w)
    xp = array_module(w)
    ids = xp.asarray(ids)
    _check_integers(ids, w.shape[0])
    if xp is np:
        _check_range(ids, w.shape[0])
        return np.take(np.asarray(w), ids.astype(np.intp, copy=False), axis=0)
    good = (ids >= 0) & (ids < w.shape[0])
    return xp.where(good[..., None], w[xp.where(good, ids, 0)], np.nan)


@traceable
def unembed(g: Array, shape: tuple[int, int], ids: Array) -> Any:
    """The cotangent of a matrix of the given shape of which `embed(w, ids)` has read rows: `Rows`.

    >>> np.asarray(unembed(np.ones((2, 1)), (3, 1), [2, 2]))
    array([[0.],
           [0.],
           [2.]])
    """
    xp = array_module(g)
    if xp is not np:
        ids = xp.asarray(ids)
        good = (ids >= 0) & (ids < shape[0])
        return scatter_add(xp.zeros_like(g, shape=shape), xp.where(good, ids, 0), g * good[..., None])
    ids = np.array(ids, np.intp)  # copies: both may be changed in place
    values = np.array(np.broadcast_to(g, (*ids.shape, shape[1])))
    return Rows(shape, ids.reshape(-1), values.reshape(ids.size, shape[1]))


def _check_matrix(w: Array) -> None:
    if not is_array(w) or w.ndim != 2:
        what = f"has shape {w.shape}" if is_array(w) else f"is a {type(w).__name__}"
        raise ShapeError(
            "KN230",
            f"embed: `w` {what}; expected a matrix (V, E), a row for each id",
            help="make it by param(vocabulary, size)",
        )


def _check_integers(ids: Array, rows: int) -> None:
    if ids.dtype.kind not in "iu" and ids.size:
        raise DtypeError(
            "KN341",
            f"embed: `ids` has dtype {ids.dtype}; expected ints from 0 to {rows - 1}",
            help="pass ids.astype(int), or ids.argmax(-1) if they are one-hot",
        )


def _check_range(ids: Array, rows: int) -> None:
    low, high = (int(ids.min()), int(ids.max())) if ids.size else (0, -1)
    if low < 0 or high >= rows:
        raise ArgumentError(
            "KN342",
            f"embed: `ids` contains {low if low < 0 else high}; expected 0 to {rows - 1} for a `w` of {rows} rows",
            help="count rows from 0, and keep a row for unknown words and one for padding",
        )


linear(embed, lambda g, w, ids: unembed(g, w.shape, ids))
linear(unembed, lambda h, g, shape, ids: embed(h, ids))

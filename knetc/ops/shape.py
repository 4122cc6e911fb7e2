"""Rules of the functions that only move elements: most are linear, and their transpose moves them back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError
from knetc.ops.registry import linear, methods, traceable
from knetc.runtime.broadcast import unbroadcast, unbroadcast_like
from knetc.runtime.scatter import scatter_add

Array = Any


@traceable
def fold_broadcast(g: Array, x: Any) -> Array:
    """The sum of the copies that broadcasting made of `x`, an array or a number.

    >>> float(fold_broadcast(np.ones((2, 3)), 1.5))
    6.0
    """
    return unbroadcast_like(g, x)


def unlift(g: Array, x: Any) -> Array:
    """The cotangent of `x`, an array or a number, that was given axes of length 1."""
    return np.sum(g) if np.ndim(x) == 0 else np.reshape(g, x.shape)


def _reshaped_back(g: Array, x: Array, order: Any) -> Array:
    return np.reshape(g, x.shape) if order == "C" else np.reshape(g, x.shape, order)


def _permuted_back(g: Array, axes: Any = None) -> Array:
    if axes is None:
        return g.T
    return np.transpose(g, tuple(sorted(range(len(axes)), key=lambda i: axes[i] % len(axes))))


def _transpose_method(g: Array, x: Array, *axes: Any) -> Array:
    """`x.transpose()`, `x.transpose(1, 0)` and `x.transpose((1, 0))`."""
    if not axes:
        return g.T
    return _permuted_back(g, axes if isinstance(axes[0], int) else axes[0])


def _rolled_back(g: Array, a: Array, shift: Any, axis: Any = None) -> Array:
    negative = tuple(-s for s in shift) if isinstance(shift, tuple) else -shift
    return np.roll(g, negative, axis)


@traceable
def cut(g: Array, shape: tuple[int, ...], pad_width: Any) -> Array:
    """The part of `g` of the given shape that `np.pad` surrounded with `pad_width`.

    >>> cut(np.arange(5), (3,), 1)
    array([1, 2, 3])
    """
    before = np.broadcast_to(pad_width, (len(shape), 2))[:, 0].tolist()
    return g[tuple(slice(start, start + n) for start, n in zip(before, shape, strict=True))]


def _pad(
    g: Array, array: Array, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0
) -> Array:
    if mode != "constant":
        raise ArgumentError(
            "KN325",
            f"np.pad: the derivative for `mode`={mode!r} is not known, only for 'constant'",
            help='pad with mode="constant", or build the border with np.concatenate',
        )
    return cut(g, array.shape, pad_width)


@traceable
def fold_tiles(g: Array, shape: tuple[int, ...], reps: Any) -> Array:
    """The sum of the tiles that `np.tile` made of an array of the given shape.

    >>> fold_tiles(np.arange(6), (3,), 2)
    array([3, 5, 7])
    """
    counts = [reps] if isinstance(reps, int) else list(reps)
    lengths = (1,) * (len(counts) - len(shape)) + tuple(shape)
    counts = [1] * (len(lengths) - len(counts)) + counts
    pairs = [n for pair in zip(counts, lengths, strict=True) for n in pair]
    return g.reshape(pairs).sum(axis=tuple(range(0, len(pairs), 2))).reshape(shape)


@traceable
def fold_repeats(g: Array, shape: tuple[int, ...], repeats: Any, axis: int | None = None) -> Array:
    """The sum of the copies that `np.repeat` made of each element of an array of the given shape.

    >>> fold_repeats(np.arange(6), (3,), 2)
    array([1, 5, 9])
    """
    if axis is None:
        flat = fold_repeats(g, (math.prod(shape),), repeats, 0)
        return flat.reshape(shape)
    axis %= len(shape)
    if isinstance(repeats, int):
        return g.reshape(*shape[: axis + 1], repeats, *shape[axis + 1 :]).sum(axis=axis + 1)
    owners = array_module(g).asarray(np.repeat(np.arange(shape[axis]), repeats))
    return scatter_add(np.zeros_like(g, shape=shape), (slice(None),) * axis + (owners,), g)


linear(np.reshape, lambda g, a, shape, order="C": _reshaped_back(g, a, order))
linear(np.ravel, lambda g, a, order="C": _reshaped_back(g, a, order))
linear(np.transpose, lambda g, a, axes=None: _permuted_back(g, axes), aliases=(np.permute_dims,))
linear(np.swapaxes, lambda g, a, axis1, axis2: np.swapaxes(g, axis1, axis2))
linear(np.moveaxis, lambda g, a, source, destination: np.moveaxis(g, destination, source))
linear(np.expand_dims, lambda g, a, axis: unlift(g, a))
linear(np.squeeze, lambda g, a, axis=None: np.reshape(g, a.shape))
linear(np.broadcast_to, lambda g, array, shape: fold_broadcast(g, array))
linear(np.flip, lambda g, m, axis=None: np.flip(g, axis))
linear(np.fliplr, lambda g, m: np.fliplr(g))
linear(np.flipud, lambda g, m: np.flipud(g))
linear(np.rot90, lambda g, m, k=1, axes=(0, 1): np.rot90(g, -k, axes))
linear(np.roll, _rolled_back)
linear(np.pad, _pad)
linear(np.tile, lambda g, A, reps: fold_tiles(g, A.shape, reps))
linear(np.repeat, lambda g, a, repeats, axis=None: fold_repeats(g, a.shape, repeats, axis))

# The transposes are linear too: theirs are the functions above.
linear(fold_broadcast, lambda h, g, x: np.broadcast_to(h, g.shape), aliases=(unbroadcast, unbroadcast_like))
linear(cut, lambda h, g, shape, pad_width: np.pad(h, pad_width))
linear(fold_tiles, lambda h, g, shape, reps: np.tile(h, reps))
linear(fold_repeats, lambda h, g, shape, repeats, axis=None: np.repeat(h, repeats, axis))

# As methods these three take their shape or axes as separate arguments too.
linear(np.ndarray.reshape, lambda g, x, *shape, order="C": _reshaped_back(g, x, order))
linear(np.ndarray.transpose, _transpose_method)
linear(np.ndarray.flatten, lambda g, x, order="C": _reshaped_back(g, x, order))
methods(
    reshape=np.ndarray.reshape,
    transpose=np.ndarray.transpose,
    flatten=np.ndarray.flatten,
    ravel=np.ravel,
    swapaxes=np.swapaxes,
    squeeze=np.squeeze,
    repeat=np.repeat,
)

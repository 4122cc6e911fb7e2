"""Rules of the functions that select or order elements. Plain indexing, `x[i]`, is the compiler's own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.ops.registry import linear, methods, rule, traceable
from knetc.runtime.scatter import scatter_add

Array = Any


@traceable
def untake(g: Array, a: Array, indices: Any, axis: int | None = None) -> Array:
    """The transpose of `np.take(a, indices, axis)`: elements taken several times get the sum.

    >>> untake(np.ones(3), np.zeros(3), [0, 2, 2])
    array([1., 0., 2.])
    """
    if axis is None:
        flat = np.zeros_like(g, shape=(math.prod(a.shape),))
        return scatter_add(flat, indices, g).reshape(a.shape)
    return scatter_add(np.zeros_like(g, shape=a.shape), (slice(None),) * (axis % a.ndim) + (indices,), g)


@traceable
def untake_along_axis(g: Array, arr: Array, indices: Array, axis: int = -1) -> Array:
    """The transpose of `np.take_along_axis(arr, indices, axis)`.

    >>> untake_along_axis(np.ones((1, 2)), np.zeros((1, 3)), np.array([[2, 2]]), 1)
    array([[0., 0., 2.]])
    """
    axis %= arr.ndim
    xp = array_module(g)
    index = []
    for i, n in enumerate(arr.shape):
        line = xp.arange(n if n == g.shape[i] else 1)  # an axis of length 1 was broadcast
        index.append(indices if i == axis else line.reshape(-1, *(1,) * (arr.ndim - i - 1)))
    return scatter_add(np.zeros_like(g, shape=arr.shape), tuple(index), g)


@traceable
def undiagonal(g: Array, shape: tuple[int, ...], offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """Zeros of the given shape with `g` on the diagonal that `np.diagonal` reads.

    >>> undiagonal(np.array([1.0, 2.0]), (2, 3), 1)
    array([[0., 1., 0.],
           [0., 0., 2.]])
    """
    result = np.zeros_like(g, shape=shape)
    matrices = np.moveaxis(result, (axis1, axis2), (-2, -1))
    line = array_module(g).arange(g.shape[-1])
    matrices[..., line + max(-offset, 0), line + max(offset, 0)] = g
    return result


@traceable
def untrace(g: Array, shape: tuple[int, ...], offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """The transpose of `np.trace`: every element of `g` all along its diagonal.

    >>> untrace(2.0, (2, 2))
    array([[2., 0.],
           [0., 2.]])
    """
    rows, columns = shape[axis1], shape[axis2]
    length = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    return undiagonal(np.repeat(np.expand_dims(g, -1), length, -1), shape, offset, axis1, axis2)


@traceable
def unsort(g: Array, a: Array, axis: int | None = -1) -> Array:
    """The transpose of `np.sort(a, axis)`: each element of `g` back where its value came from.

    >>> unsort(np.array([1.0, 2.0, 3.0]), np.array([30, 10, 20]))
    array([3., 1., 2.])
    """
    if axis is None:
        return unsort(g, np.ravel(a)).reshape(a.shape)
    ranks = np.argsort(np.argsort(a, axis=axis), axis=axis)
    return np.take_along_axis(g, ranks, axis=axis)


rule(
    np.take,
    a=lambda g, y, a, indices, axis=None, *, mode="raise": untake(g, a, indices, axis),
)
rule(np.take_along_axis, arr=lambda g, y, arr, indices, axis=-1: untake_along_axis(g, arr, indices, axis))
rule(np.sort, a=lambda g, y, a, axis=-1, *, kind=None, stable=None: unsort(g, a, axis))
linear(np.diag, lambda g, v, k=0: np.diag(g, k) if np.ndim(v) == 1 else undiagonal(g, v.shape, k))
linear(
    np.diagonal,
    lambda g, a, offset=0, axis1=0, axis2=1: undiagonal(g, a.shape, offset, axis1, axis2),
)
linear(np.trace, lambda g, a, offset=0, axis1=0, axis2=1: untrace(g, a.shape, offset, axis1, axis2))
linear(np.tril, lambda g, m, k=0: np.tril(g, k))
linear(np.triu, lambda g, m, k=0: np.triu(g, k))

# The transposes are linear too: theirs are the functions above.
linear(untake, lambda h, g, a, indices, axis=None: np.take(h, indices, axis))
linear(untake_along_axis, lambda h, g, arr, indices, axis=-1: np.take_along_axis(h, indices, axis))
linear(undiagonal, lambda h, g, shape, offset=0, axis1=0, axis2=1: np.diagonal(h, offset, axis1, axis2))
linear(untrace, lambda h, g, shape, offset=0, axis1=0, axis2=1: np.trace(h, offset, axis1, axis2))
methods(take=np.take, diagonal=np.diagonal, trace=np.trace)

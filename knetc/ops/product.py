"""Rules of the matrix products: `@`, `dot`, `inner`, `outer`, `tensordot`.

For arguments of one or two dimensions the rules print the formulas of a textbook; with more dimensions, where batch
axes broadcast, they call `matmul_x1` and its kin, which work on any.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from knetc.ops.registry import methods, rule, traceable
from knetc.runtime.broadcast import unbroadcast

Array = Any


def matmul_left_bar(g: Array, y: Array, x1: Array, x2: Array) -> Array:
    """The cotangent of `x1` in `y = x1 @ x2`."""
    dims = (np.ndim(x1), np.ndim(x2))
    if dims == (2, 2):
        return g @ x2.T
    if dims == (2, 1):
        return np.outer(g, x2)
    if dims == (1, 2):
        return x2 @ g
    return g * x2 if dims == (1, 1) else matmul_x1(g, x1, x2)


def matmul_right_bar(g: Array, y: Array, x1: Array, x2: Array) -> Array:
    """The cotangent of `x2` in `y = x1 @ x2`."""
    dims = (np.ndim(x1), np.ndim(x2))
    if dims in ((2, 2), (2, 1)):
        return x1.T @ g
    if dims == (1, 2):
        return np.outer(x1, g)
    return g * x1 if dims == (1, 1) else matmul_x2(g, x1, x2)


@traceable
def matmul_x1(g: Array, x1: Array, x2: Array) -> Array:
    """The cotangent of `x1` in `x1 @ x2`, for any number of dimensions.

    >>> matmul_x1(np.ones((5, 2, 4)), np.ones((2, 3)), np.ones((5, 3, 4))).shape
    (2, 3)
    """
    g, x1_rows, x2_columns = _as_matrices(g, x1, x2)
    return unbroadcast(g @ np.swapaxes(x2_columns, -1, -2), x1_rows.shape).reshape(x1.shape)


@traceable
def matmul_x2(g: Array, x1: Array, x2: Array) -> Array:
    """The cotangent of `x2` in `x1 @ x2`, for any number of dimensions.

    >>> matmul_x2(np.ones((5, 2, 4)), np.ones((2, 3)), np.ones((5, 3, 4))).shape
    (5, 3, 4)
    """
    g, x1_rows, x2_columns = _as_matrices(g, x1, x2)
    return unbroadcast(np.swapaxes(x1_rows, -1, -2) @ g, x2_columns.shape).reshape(x2.shape)


def _as_matrices(g: Array, x1: Array, x2: Array) -> tuple[Array, Array, Array]:
    """The three arrays with the axes that `matmul` adds to a vector and then takes away."""
    if np.ndim(x1) == 1 and np.ndim(x2) == 1:
        return np.reshape(g, (1, 1)), x1[None, :], x2[:, None]
    if np.ndim(x1) == 1:
        return g[..., None, :], x1[None, :], x2
    if np.ndim(x2) == 1:
        return g[..., None], x1, x2[:, None]
    return g, x1, x2


def _dot_a(g: Array, y: Array, a: Array, b: Array) -> Array:
    if np.ndim(b) == 0:
        return g * b
    if np.ndim(a) == 0:
        return np.sum(g * b)
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return matmul_left_bar(g, y, a, b)
    return tensordot_a(g, a, b, _dot_axes(b))


def _dot_b(g: Array, y: Array, a: Array, b: Array) -> Array:
    if np.ndim(a) == 0:
        return g * a
    if np.ndim(b) == 0:
        return np.sum(g * a)
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return matmul_right_bar(g, y, a, b)
    return tensordot_b(g, a, b, _dot_axes(b))


def _dot_axes(b: Array) -> tuple[list[int], list[int]]:
    return [-1], [-2 if np.ndim(b) > 1 else -1]


def _inner_a(g: Array, y: Array, a: Array, b: Array) -> Array:
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _dot_a(g, y, a, b)
    if np.ndim(a) == np.ndim(b) == 2:
        return g @ b
    return g * b if np.ndim(a) == np.ndim(b) == 1 else tensordot_a(g, a, b, ([-1], [-1]))


def _inner_b(g: Array, y: Array, a: Array, b: Array) -> Array:
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _dot_b(g, y, a, b)
    if np.ndim(a) == np.ndim(b) == 2:
        return g.T @ a
    return g * a if np.ndim(a) == np.ndim(b) == 1 else tensordot_b(g, a, b, ([-1], [-1]))


@traceable
def tensordot_a(g: Array, a: Array, b: Array, axes: Any = 2) -> Array:
    """The cotangent of `a` in `np.tensordot(a, b, axes)`.

    >>> tensordot_a(np.ones((2, 4)), np.ones((2, 3)), np.ones((3, 4)), 1).shape
    (2, 3)
    """
    a_sum, b_sum = _summed_axes(a, b, axes)
    a_free, b_free = _free_axes(a, a_sum), _free_axes(b, b_sum)
    bar = np.tensordot(g, b, (tuple(range(len(a_free), len(a_free) + len(b_free))), b_free))
    order = [*a_free, *(a_sum[b_sum.index(i)] for i in sorted(b_sum))]
    return np.transpose(bar, np.argsort(order).tolist())


@traceable
def tensordot_b(g: Array, a: Array, b: Array, axes: Any = 2) -> Array:
    """The cotangent of `b` in `np.tensordot(a, b, axes)`.

    >>> tensordot_b(np.ones((2, 4)), np.ones((2, 3)), np.ones((3, 4)), 1).shape
    (3, 4)
    """
    a_sum, b_sum = _summed_axes(a, b, axes)
    a_free, b_free = _free_axes(a, a_sum), _free_axes(b, b_sum)
    bar = np.tensordot(a, g, (a_free, tuple(range(len(a_free)))))
    order = [*(b_sum[a_sum.index(i)] for i in sorted(a_sum)), *b_free]
    return np.transpose(bar, np.argsort(order).tolist())


def _summed_axes(a: Array, b: Array, axes: Any) -> tuple[list[int], list[int]]:
    if isinstance(axes, int):
        return list(range(a.ndim - axes, a.ndim)), list(range(axes))
    a_axes, b_axes = ([i] if isinstance(i, int) else i for i in axes)
    return [i % a.ndim for i in a_axes], [i % b.ndim for i in b_axes]


def _free_axes(a: Array, summed: list[int]) -> list[int]:
    return [i for i in range(a.ndim) if i not in summed]


rule(np.matmul, x1=matmul_left_bar, x2=matmul_right_bar, aliases=(np.linalg.matmul, operator.matmul))
rule(
    matmul_x1,
    g=lambda h, z, g, x1, x2: h @ x2,
    x1=lambda h, z, g, x1, x2: np.zeros_like(x1),  # only its shape counts
    x2=lambda h, z, g, x1, x2: matmul_x2(g, h, x2),
)
rule(
    matmul_x2,
    g=lambda h, z, g, x1, x2: x1 @ h,
    x1=lambda h, z, g, x1, x2: matmul_x1(g, x1, h),
    x2=lambda h, z, g, x1, x2: np.zeros_like(x2),
)
rule(np.dot, a=_dot_a, b=_dot_b)
rule(np.inner, a=_inner_a, b=_inner_b)
rule(
    np.vdot,
    a=lambda g, y, a, b: np.reshape(g * b, a.shape),
    b=lambda g, y, a, b: np.reshape(g * a, b.shape),
)
rule(
    np.outer,
    a=lambda g, y, a, b: np.reshape(g @ np.ravel(b), np.shape(a)),
    b=lambda g, y, a, b: np.reshape(np.ravel(a) @ g, np.shape(b)),
)
rule(
    np.tensordot,
    a=lambda g, y, a, b, axes=2: tensordot_a(g, a, b, axes),
    b=lambda g, y, a, b, axes=2: tensordot_b(g, a, b, axes),
)
methods(dot=np.dot)

"""Rules of `np.linalg`: norms, determinants, inverses, linear systems, Cholesky factors.

Sources: Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008);
Murray, Differentiation of the Cholesky decomposition, arXiv 1602.07527.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.ops.reduce import share_among_ties, widened
from knetc.ops.registry import rule, traceable
from knetc.runtime.broadcast import unbroadcast

Array = Any


def transposed(a: Array) -> Array:
    """The matrix transpose, of the last two axes."""
    return a.T if np.ndim(a) == 2 else np.swapaxes(a, -1, -2)


def _norm(
    g: Array, y: Array, x: Array, ord: Any = None, axis: Any = None, *, keepdims: bool = False
) -> Array:
    vector = np.ndim(x) == 1 if axis is None else not isinstance(axis, tuple)
    if ord in (None, "fro") or (ord == 2 and vector):
        return x * widened(g / y, axis, keepdims)
    if not vector or isinstance(ord, str):
        raise ArgumentError(
            "KN327",
            f"np.linalg.norm: the derivative of the matrix norm `ord`={ord!r} is not known, only that of 'fro'",
            help='pass ord="fro", or write the norm with np.sum, np.max and np.linalg.svd',
        )
    if ord == 0:
        return np.zeros_like(x)
    if ord == 1:
        return np.sign(x) * widened(g, axis, keepdims)
    if abs(ord) == math.inf:
        return np.sign(x) * share_among_ties(g, y, np.abs(x), axis, keepdims)
    return np.sign(x) * np.abs(x) ** (ord - 1) * widened(g / y ** (ord - 1), axis, keepdims)


def _inv(g: Array, y: Array, a: Array) -> Array:
    return -(transposed(y) @ g @ transposed(y))


def _det(g: Array, y: Array, a: Array) -> Array:
    if np.ndim(a) == 2:
        return g * y * np.linalg.inv(a).T
    return np.expand_dims(g * y, (-1, -2)) * transposed(np.linalg.inv(a))


@traceable
def slogdet_bar(g: Any, a: Array) -> Array:
    """The cotangent of `a` in `sign, logdet = np.linalg.slogdet(a)`, whose sign is constant.

    >>> slogdet_bar((0.0, 1.0), np.diag([2.0, 4.0]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    if g[1] is None:
        return np.zeros_like(a)
    return np.expand_dims(g[1], (-1, -2)) * transposed(np.linalg.inv(a))


@traceable
def solve_a(g: Array, y: Array, a: Array, b: Array) -> Array:
    """The cotangent of `a` in `y = np.linalg.solve(a, b)`.

    >>> solve_a(np.ones(2), np.array([1.0, 2.0]), np.eye(2), np.array([1.0, 2.0]))
    array([[-1., -2.],
           [-1., -2.]])
    """
    b_bar = np.linalg.solve(transposed(a), _columns(g, b))
    return -unbroadcast(b_bar @ transposed(_columns(y, b)), a.shape)


@traceable
def solve_b(g: Array, a: Array, b: Array) -> Array:
    """The cotangent of `b` in `np.linalg.solve(a, b)`.

    >>> solve_b(np.ones(2), 2 * np.eye(2), np.zeros(2))
    array([0.5, 0.5])
    """
    b_bar = np.linalg.solve(transposed(a), _columns(g, b))
    return unbroadcast(b_bar[..., 0] if np.ndim(b) == 1 else b_bar, b.shape)


def _columns(x: Array, b: Array) -> Array:
    """`x` as matrices, where the right-hand side is one vector."""
    return x[..., None] if np.ndim(b) == 1 else x


def _solve_b(g: Array, y: Array, a: Array, b: Array) -> Array:
    if np.ndim(a) == 2 and np.ndim(b) <= 2:
        return np.linalg.solve(a.T, g)
    return solve_b(g, a, b)


@traceable
def cholesky_bar(g: Array, y: Array, upper: bool = False) -> Array:
    """The cotangent of `a` in `y = np.linalg.cholesky(a)`, which reads the lower triangle only (`upper`: the upper).

    >>> cholesky_bar(np.eye(2), np.diag([2.0, 4.0]))
    array([[0.25 , 0.   ],
           [0.   , 0.125]])
    """
    if upper:
        return transposed(cholesky_bar(transposed(g), transposed(y)))
    inverse = np.linalg.inv(y)
    full = transposed(y) @ g
    halved = (np.tril(full) + np.tril(full, -1)) / 2  # the lower triangle, with half of the diagonal
    s = transposed(inverse) @ halved @ inverse
    return np.tril(s) + transposed(np.triu(s, 1))


rule(np.linalg.norm, x=_norm)
rule(np.linalg.inv, a=_inv)
rule(np.linalg.det, a=_det)
rule(np.linalg.slogdet, a=lambda g, y, a: slogdet_bar(g, a))
rule(
    np.linalg.solve,
    a=solve_a,
    b=_solve_b,
)
rule(np.linalg.cholesky, a=lambda g, y, a, *, upper=False: cholesky_bar(g, y, upper))

"""Products of many matrices at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import ShapeError
from knetc.ops.registry import rule, traceable

Array = Any


@traceable
def bmm(a: Array, b: Array, *, transA: bool = False, transB: bool = False) -> Array:
    """The matrix products `a[i] @ b[i]` of two batches of matrices: (..., M, K) by (..., K, N) is (..., M, N).

    With `transA` (`transB`) the matrices of `a` (`b`) are transposed first. The axes of the batch are the same in
    both; `a @ b` is the product that broadcasts them.

    Raises `ShapeError` (KN218) where the shapes do not fit.

    >>> a, b = np.ones((5, 2, 3)), np.ones((5, 4, 3))
    >>> bmm(a, b, transB=True).shape
    (5, 2, 4)
    """
    left, right = _turned(a, transA), _turned(b, transB)
    if left.shape[:-2] != right.shape[:-2] or left.shape[-1] != right.shape[-2]:
        raise ShapeError(
            "KN218",
            f"bmm: `a` has shape {a.shape} and `b` {b.shape}, with transA={transA!r}, transB={transB!r}; expected "
            "(..., M, K) and (..., K, N) after transposition",
            help="transpose with transA or transB; a @ b broadcasts the axes before the last two",
        )
    return np.matmul(left, right)


def _turned(a: Array, trans: bool) -> Array:
    if len(getattr(a, "shape", ())) < 2:
        raise ShapeError(
            "KN218",
            f"bmm: an argument has shape {getattr(a, 'shape', ())}; expected at least two axes (..., M, K)",
            help="make it a matrix: x[:, None] is one column, x[None] one row",
        )
    return np.swapaxes(a, -1, -2) if trans else a


def _left_bar(g: Array, y: Array, a: Array, b: Array, transA: bool = False, transB: bool = False) -> Array:
    return bmm(b, g, transA=transB, transB=True) if transA else _product(g, b, False, not transB)


def _right_bar(g: Array, y: Array, a: Array, b: Array, transA: bool = False, transB: bool = False) -> Array:
    return bmm(g, a, transA=True, transB=transA) if transB else _product(a, g, not transA, False)


def _product(a: Array, b: Array, transA: bool, transB: bool) -> Array:
    """`bmm` of as few options as it takes."""
    if transA:
        return bmm(a, b, transA=True)
    return bmm(a, b, transB=True) if transB else bmm(a, b)


rule(bmm, a=_left_bar, b=_right_bar)

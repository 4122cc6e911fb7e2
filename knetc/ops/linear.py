"""The affine map of a dense layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import ShapeError
from knetc.ops.registry import rule, traceable

Array = Any


@traceable
def linear(w: Array, x: Array, bias: Array = None) -> Array:
    """`x @ w.T + bias`, for weights of shape (out, in): the last axis of `x`, (..., in), becomes (..., out).

    Raises `ShapeError` (KN219 for `w` and `x`, KN216 for a `bias` that has not the shape (out,)).

    >>> linear(np.array([[1.0, 10.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5])).tolist()
    [[21.5], [43.5]]
    """
    w_shape, x_shape, bias_shape = _shape(w), _shape(x), _shape(bias)
    if len(w_shape) != 2 or not x_shape or x_shape[-1] != w_shape[1]:
        raise ShapeError(
            "KN219",
            f"linear: `w` has shape {w_shape} and `x` {x_shape}; expected (out, in) and (..., in)",
            help="flatten images with knetc.mat(x); weights (in, out) are transposed by w.T",
        )
    if bias is None:
        return x @ w.T
    if bias_shape != w_shape[:1]:
        raise ShapeError(
            "KN216",
            f"linear: `bias` has shape {bias_shape}; expected {w_shape[:1]}, a number for each output",
            help=f"pass np.zeros({w_shape[0]})",
        )
    return x @ w.T + bias


def _shape(x: Array) -> tuple[int, ...]:
    return getattr(x, "shape", ())


def _w_bar(g: Array, y: Array, w: Array, x: Array, bias: Array = None) -> Array:
    return g.T @ x if np.ndim(x) == 2 else np.outer(g, x) if np.ndim(x) == 1 else rows(g).T @ rows(x)


def _bias_bar(g: Array, y: Array, w: Array, x: Array, bias: Array = None) -> Array:
    return g if np.ndim(x) == 1 else np.sum(g, axis=0) if np.ndim(x) == 2 else np.sum(rows(g), axis=0)


def rows(x: Array) -> Array:
    """All axes but the last in one."""
    return np.reshape(x, (-1, x.shape[-1]))


rule(linear, w=_w_bar, x=lambda g, y, w, x, bias=None: g @ w, bias=_bias_bar)

"""Softmax, its logarithm and log-sum-exp: shifted by the maximum, so that nothing overflows.

Their derivatives keep the tail: where one element takes nearly all of the probability, `1 - y` would round to 0 and
the gradient with it, although the other elements still say exactly how much is missing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.ops.reduce import widened
from knetc.ops.registry import rule, traceable

Array = Any
Axis = Any  # an int, a tuple of ints, or None for the whole array


@traceable
def softmax(x: Array, axis: Axis = -1) -> Array:
    """`exp(x) / sum(exp(x))` along `axis` (an int, a tuple of ints, or None for the whole array).

    Raises `ArgumentError` (KN324) for an axis that `x` does not have.

    >>> softmax(np.array([[1000.0, 1000.0], [0.0, -1000.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    if _is_empty("softmax", x, axis):
        return np.copy(x)
    exp = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return exp / np.sum(exp, axis=axis, keepdims=True)


@traceable
def logsoftmax(x: Array, axis: Axis = -1) -> Array:
    """The logarithm of `softmax(x, axis)`, also where that is too small for a float.

    Raises `ArgumentError` (KN324) for an axis that `x` does not have.

    >>> logsoftmax(np.array([0.0, -1000.0]))
    array([    0., -1000.])
    """
    if _is_empty("logsoftmax", x, axis):
        return np.copy(x)
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


@traceable
def logsumexp(x: Array, axis: Axis = -1, *, keepdims: bool = False) -> Array:
    """`log(sum(exp(x)))` along `axis` (an int, a tuple of ints, or None for the whole array).

    Raises `ArgumentError` (KN324) for an axis that `x` does not have, or along which it has no element.

    >>> float(logsumexp(np.array([1000.0, 1000.0])).round(4))
    1000.6931
    """
    check_axis("logsumexp", x, axis)
    if np.size(x) == 0:
        _check_elements("logsumexp", x, axis)
    top = np.max(x, axis=axis, keepdims=True)
    shift = np.where(np.isfinite(top), top, 0)  # so that -inf everywhere gives -inf, not nan
    with np.errstate(divide="ignore"):
        result = np.log(np.sum(np.exp(x - shift), axis=axis, keepdims=True)) + shift
    return result if keepdims else np.squeeze(result, axis)[()]


@traceable
def softmax_along(y: Array, v: Array, axis: Axis = -1) -> Array:
    """The change of `y = softmax(x, axis)` when `x` moves along `v`: a symmetric map, so the cotangent as well.

    >>> softmax_along(np.array([1.0, 1e-30]), np.array([1.0, 0.0]))
    array([ 1.e-30, -1.e-30])
    """
    if np.size(y) == 0:
        return np.copy(v)
    centred = v - _at_the_top(y, v, axis)  # exactly 0 at the largest y, whose rounding then does not matter
    return y * (centred - np.sum(y * centred, axis=axis, keepdims=True))


def _at_the_top(y: Array, v: Array, axis: Axis) -> Array:
    """What `v` is where `y` is largest, or the mean of it where several are."""
    if isinstance(axis, int) and np.ndim(y) and np.shape(y) == np.shape(v):
        return np.take_along_axis(v, np.argmax(y, axis=axis, keepdims=True), axis=axis)  # one of them will do
    top = y == np.max(y, axis=axis, keepdims=True)
    return np.sum(v * top, axis=axis, keepdims=True) / np.sum(top, axis=axis, keepdims=True, dtype=v.dtype)


@traceable
def logsoftmax_bar(g: Array, y: Array, axis: Axis = -1) -> Array:
    """The cotangent of `x` in `y = logsoftmax(x, axis)`: `g - exp(y) * sum(g)`.

    >>> logsoftmax_bar(np.array([1.0, 0.0]), np.array([0.0, -50.0])).round(24)
    array([ 1.93e-22, -1.93e-22])
    """
    plain = g - np.exp(y) * np.sum(g, axis=axis, keepdims=True)
    top = y == np.max(y, axis=axis, keepdims=True)
    alone = np.sum(top, axis=axis, keepdims=True) == 1
    others = np.sum(np.where(top, 0, plain), axis=axis, keepdims=True)
    return np.where(top & alone, -others, plain)  # the elements sum to 0, so the others tell the largest


def _along_y(g: Array, z: Array, y: Array, v: Array, axis: Axis = -1) -> Array:
    first = g * (v - np.sum(y * v, axis=axis, keepdims=True))
    return first - v * np.sum(g * y, axis=axis, keepdims=True)


def _is_empty(op: str, x: Array, axis: Axis) -> bool:
    check_axis(op, x, axis)
    return np.size(x) == 0


def check_axis(op: str, x: Array, axis: Axis) -> None:
    """Complain about an axis that `x` does not have."""
    ndim = max(np.ndim(x), 1)  # a number counts as an array of one
    axes = () if axis is None else axis if isinstance(axis, tuple) else (axis,)
    there = all(isinstance(i, (int, np.integer)) and -ndim <= i < ndim for i in axes)
    if not there or len({i % ndim for i in axes}) < len(axes):
        raise ArgumentError(
            "KN324",
            f"{op}: `axis` is {axis!r}; expected one or several of the {ndim} axes of `x` of shape {np.shape(x)}",
            help="pass axis=-1 for the last axis, axis=None for the whole array",
        )


def _check_elements(op: str, x: Array, axis: Axis) -> None:
    """Complain about an empty array of whose groups something would be returned, which for no elements is nothing."""
    axes = range(np.ndim(x)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if 0 in [np.shape(x)[i] for i in axes]:
        raise ArgumentError(
            "KN324",
            f"{op}: `x` of shape {np.shape(x)} has no elements along `axis`={axis!r}; expected at least one",
            help="leave out what is empty",
        )


rule(softmax, x=lambda g, y, x, *axis, **options: softmax_along(y, g, *axis, **options))
rule(logsoftmax, x=lambda g, y, x, *axis, **options: logsoftmax_bar(g, y, *axis, **options))
rule(
    softmax_along,
    y=_along_y,
    v=lambda g, z, y, v, axis=-1: softmax_along(y, g, axis),
)
rule(
    logsoftmax_bar,
    g=lambda h, z, g, y, axis=-1: h - np.sum(h * np.exp(y), axis=axis, keepdims=True),
    y=lambda h, z, g, y, axis=-1: -h * np.exp(y) * np.sum(g, axis=axis, keepdims=True),
)
rule(logsumexp, x=lambda g, y, x, axis=-1, *, keepdims=False: widened(g, axis, keepdims) * softmax(x, axis))

"""Rules of the reductions: `sum`, `mean`, `max`, `cumsum` and their kin, over any axis or axes."""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np

from knetc.ops.registry import Op, linear, methods, rule, traceable
from knetc.runtime.broadcast import unbroadcast_like

Array = Any
Axis = Any  # None, an int or a tuple of ints


def spread(g: Array, a: Array, axis: Axis, keepdims: bool, dtype: Any = None) -> Array:
    """The cotangent of a sum: `g` copied along the axes that were summed, in the dtype of `a`."""
    if axis is None:
        return np.full_like(a, g)
    copies = np.broadcast_to(widened(g, axis, keepdims), a.shape)
    return copies if dtype is None else copies.astype(a.dtype)


def widened(g: Array, axis: Axis, keepdims: bool) -> Array:
    """`g` with the reduced axes back in place, of length 1, so that it broadcasts against the argument."""
    if axis is None or keepdims:
        return g
    return np.expand_dims(g, axis) if isinstance(axis, (int, tuple)) else widened_by(g, axis)


@traceable
def widened_by(g: Array, axis: Axis) -> Array:
    """`widened(g, axis, False)`, for an axis that is only known when the program runs: it may be None.

    >>> widened_by(2.0, None)
    2.0
    """
    return g if axis is None else np.expand_dims(g, axis)


@traceable
def group_size(a: Array, axis: Axis) -> int:
    """How many elements go into one result of a reduction along an axis that is only known when the program runs.

    >>> group_size(np.zeros((2, 3, 4)), (0, -1))
    8
    """
    return math.prod(a.shape if axis is None else np.take(a.shape, axis, 0).ravel().tolist())


def count(a: Array, axis: Axis) -> Any:
    """How many elements go into one result."""
    if axis is None:
        return a.size
    if not isinstance(axis, (int, tuple)):
        return group_size(a, axis)
    axes = axis if isinstance(axis, tuple) else (axis,)
    return functools.reduce(operator.mul, [a.shape[i] for i in axes]) if axes else 1


@traceable
def product_of_others(a: Array, axis: Axis = None) -> Array:
    """For every element the product of the other elements that it is reduced with; exact where some are 0.

    >>> product_of_others(np.array([2.0, 3.0, 0.0]))
    array([0., 0., 6.])
    """
    axes = tuple(range(a.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(a, axes, last)
    flat = moved.reshape(*moved.shape[: moved.ndim - len(axes)], math.prod(a.shape[i] for i in axes))
    others = _before(flat) * np.flip(_before(np.flip(flat, -1)), -1)
    return np.moveaxis(others.reshape(moved.shape), last, axes)


def _before(a: Array) -> Array:
    """The product of all elements before each one, along the last axis."""
    result = np.ones_like(a)
    np.cumprod(a[..., :-1], axis=-1, out=result[..., 1:])
    return result


@traceable
def share_among_ties(g: Array, y: Array, a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The cotangent of a maximum or minimum: `g` goes to the elements that equal `y`, in equal shares.

    >>> share_among_ties(1.0, 3.0, np.array([3.0, 1.0, 3.0]))
    array([0.5, 0. , 0.5])
    """
    ties = a == widened(y, axis, keepdims)
    number = np.sum(ties, axis=axis, keepdims=keepdims, dtype=a.dtype)
    return ties * widened(g / number, axis, keepdims)


@traceable
def share_among_values(g: Any, y: Any, *operands: Any) -> tuple[Any, ...]:
    """The cotangents of the arguments of Python's own `max` and `min`: numbers, or one sequence of them.

    >>> share_among_values(1.0, 3.0, 3.0, 1.0, 3.0)
    (0.5, 0.0, 0.5)
    >>> share_among_values(1.0, 3.0, [1.0, 3.0])
    ([0.0, 1.0],)
    """
    numbers = operands[0] if len(operands) == 1 else operands
    ties = sum(bool(v == y) for v in numbers)
    bars = [g * float(v == y) / ties for v in numbers]
    return (type(numbers)(bars),) if len(operands) == 1 else tuple(bars)


@traceable
def share_among_terms(g: Any, terms: Any) -> Any:
    """The cotangents of the terms of Python's own `sum`: numbers, arrays that broadcast, or the rows of one array.

    >>> share_among_terms(2.0, [1.5, 3.0])
    [2.0, 2.0]
    """
    if hasattr(terms, "shape"):
        return np.broadcast_to(g, terms.shape)
    bars = [unbroadcast_like(g, x) for x in terms]
    return tuple(bars) if isinstance(terms, tuple) else bars


def _sum(g: Array, a: Array, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False) -> Array:
    return spread(g, a, axis, keepdims, dtype)


def _mean(g: Array, a: Array, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False) -> Array:
    return spread(g / count(a, axis), a, axis, keepdims, dtype)


def _var(
    g: Array,
    y: Array,
    a: Array,
    axis: Axis = None,
    dtype: Any = None,
    *,
    ddof: int = 0,
    keepdims: bool = False,
) -> Array:
    return widened(g * (2 / _freedom(a, axis, ddof)), axis, keepdims) * _centred(a, axis)


def _std(
    g: Array,
    y: Array,
    a: Array,
    axis: Axis = None,
    dtype: Any = None,
    *,
    ddof: int = 0,
    keepdims: bool = False,
) -> Array:
    return widened(g / (_freedom(a, axis, ddof) * y), axis, keepdims) * _centred(a, axis)


def _freedom(a: Array, axis: Axis, ddof: int) -> Any:
    return count(a, axis) - ddof if ddof else count(a, axis)


def _centred(a: Array, axis: Axis) -> Array:
    return a - (np.mean(a) if axis is None else np.mean(a, axis=axis, keepdims=True))


def _extreme(g: Array, y: Array, a: Array, axis: Axis = None, *, keepdims: bool = False) -> Array:
    if keepdims:
        return share_among_ties(g, y, a, axis, keepdims)
    return share_among_ties(g, y, a) if axis is None else share_among_ties(g, y, a, axis)


def _range(g: Array, y: Array, a: Array, axis: Axis = None, *, keepdims: bool = False) -> Array:
    highest = share_among_ties(g, np.max(a, axis=axis, keepdims=keepdims), a, axis, keepdims)
    return highest - share_among_ties(g, np.min(a, axis=axis, keepdims=keepdims), a, axis, keepdims)


def _cumsum(g: Array, a: Array, axis: Axis = None) -> Array:
    if axis is None:
        return np.reshape(np.flip(np.cumsum(np.flip(g))), a.shape)
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


linear(np.sum, _sum)
linear(np.mean, _mean)
linear(np.cumsum, _cumsum)
rule(
    np.prod,
    a=lambda g, y, a, axis=None, dtype=None, *, keepdims=False: (
        widened(g, axis, keepdims) * product_of_others(a, axis)
    ),
)
rule(np.var, a=_var)
rule(np.std, a=_std)
rule(np.max, a=_extreme, aliases=(np.amax,))
rule(np.min, a=_extreme, aliases=(np.amin,))
rule(np.ptp, a=_range)
rule(
    sum,
    seq=lambda g, y, seq, start=0: share_among_terms(g, seq),
    start=lambda g, y, seq, start=0: share_among_terms(g, [start])[0],
)
rule(max, operands=share_among_values)
rule(min, operands=share_among_values)
rule(
    share_among_ties,
    g=lambda h, z, g, y, a, axis=None, keepdims=False: np.sum(
        h * share_among_ties(np.ones_like(y), y, a, axis, keepdims), axis=axis, keepdims=keepdims
    ),
    y=lambda h, z, g, y, a, axis=None, keepdims=False: np.zeros_like(y),  # which elements tie does not change
    a=lambda h, z, g, y, a, axis=None, keepdims=False: np.zeros_like(a),
)
FSUM = Op("math.fsum", math.fsum, "general", ("seq",), {"seq": lambda g, y, seq: [g] * len(seq)})
SUM = Op("builtins.sum", sum, "general", ("seq",), {"seq": lambda g, y, seq: [g] * len(seq)})
DIST = Op(
    "math.dist",
    math.dist,
    "general",
    ("p", "q"),
    {
        "p": lambda g, y, p, q: [g * (a - b) / y for a, b in zip(p, q, strict=True)],
        "q": lambda g, y, p, q: [g * (b - a) / y for a, b in zip(p, q, strict=True)],
    },
)
HYPOT = Op(
    "math.hypot",
    math.hypot,
    "general",
    ("coordinates",),
    {"coordinates": lambda g, y, *coordinates: tuple(g * x / y for x in coordinates)},
)
"""Of lists, and of any number of coordinates: for recorded code, which knows what it has got."""

methods(
    sum=np.sum, mean=np.mean, prod=np.prod, var=np.var, std=np.std, max=np.max, min=np.min, cumsum=np.cumsum
)

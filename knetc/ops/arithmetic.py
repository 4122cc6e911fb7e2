"""Rules of the arithmetic operators. `x * y`, `np.multiply(x, y)` and `operator.mul(x, y)` are one op."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from knetc.ops.registry import SYMBOLS, elementwise, traceable

Array = Any


@traceable
def power_slope(y: Array, x: Array, p: Any) -> Array:
    """The derivative of `y = x ** p` with respect to `x`, right at `x == 0` and at `p == 0`.

    >>> power_slope(8.0, 2.0, 3)
    12.0
    >>> power_slope(1.0, 0.0, 0)
    0
    """
    if isinstance(p, (int, float)):
        return _number_power_slope(y, x, p)
    return p * x ** np.where(p == 0, 1, p - 1)


@traceable
def exponent_slope(y: Array, x: Any, p: Array) -> Array:
    """The derivative of `y = x ** p` with respect to `p`, which is 0 where `x == 0`.

    >>> round(exponent_slope(8.0, 2.0, 3.0), 4)
    5.5452
    """
    if isinstance(x, (int, float)):
        return y * math.log(x) if x else 0 * y  # a Python number, so that float32 stays float32
    return y * np.log(np.where(x == 0, 1, x))


def absolute_slope(x: Array) -> Array:
    """The derivative of `abs(x)`; compiled code, in which numbers are real, says `np.sign(x)`."""
    return np.sign(x) if type(x) in SYMBOLS or not np.iscomplexobj(x) else np.conj(np.sign(x))


def _number_power_slope(y: Array, x: Array, p: float) -> Array:
    if p in (0, 1):
        return p
    if p == 2:
        return 2 * x
    if p == 0.5:
        return 0.5 / y
    return p * x ** (p - 1)


def _power_slope(y: Array, x: Array, p: Any) -> Array:
    """What is printed: the formula where the exponent is known, a call where it is not."""
    return _number_power_slope(y, x, p) if isinstance(p, (int, float)) else power_slope(y, x, p)


elementwise(
    np.add,
    lambda y, x1, x2: 1,
    lambda y, x1, x2: 1,
    aliases=(operator.add,),
)
elementwise(
    np.subtract,
    lambda y, x1, x2: 1,
    lambda y, x1, x2: -1,
    aliases=(operator.sub,),
)
elementwise(
    np.multiply,
    lambda y, x1, x2: x2,
    lambda y, x1, x2: x1,
    aliases=(operator.mul,),
)
elementwise(
    np.divide,
    lambda y, x1, x2: 1 / x2,
    lambda y, x1, x2: -y / x2,
    aliases=(np.true_divide, operator.truediv),
)
elementwise(
    np.remainder,
    lambda y, x1, x2: 1,
    lambda y, x1, x2: -(x1 // x2),
    aliases=(np.mod, operator.mod),
)
elementwise(
    np.fmod,
    lambda y, x1, x2: 1,
    lambda y, x1, x2: -np.trunc(x1 / x2),
    aliases=(math.fmod,),
)
elementwise(
    np.power,
    _power_slope,
    exponent_slope,
    aliases=(np.float_power, operator.pow, math.pow, pow),
)
elementwise(
    power_slope,
    lambda z, y, x, p: 0,
    lambda z, y, x, p: p * power_slope(x ** (p - 1), x, p - 1),
    lambda z, y, x, p: x ** (p - 1) + p * exponent_slope(x ** (p - 1), x, p - 1),
)
elementwise(
    exponent_slope,
    lambda z, y, x, p: 0,
    lambda z, y, x, p: exponent_slope(power_slope(y, x, p), x, p) + x ** (p - 1),
    lambda z, y, x, p: exponent_slope(z, x, p),
)
elementwise(np.negative, lambda y, x: -1, aliases=(operator.neg,))
elementwise(np.positive, lambda y, x: 1, aliases=(operator.pos,))
elementwise(np.absolute, lambda y, x: absolute_slope(x), aliases=(np.fabs, math.fabs, operator.abs, abs))
elementwise(np.square, lambda y, x: 2 * x)
elementwise(np.sqrt, lambda y, x: 0.5 / y, aliases=(math.sqrt,))
elementwise(np.cbrt, lambda y, x: 1 / (3 * y * y), aliases=(math.cbrt,))
elementwise(np.reciprocal, lambda y, x: -y * y)

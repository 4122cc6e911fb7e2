"""Rules of numpy's elementwise functions and of their twins in `math`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.ops.registry import elementwise, traceable

Array = Any

LN2 = math.log(2)
LN10 = math.log(10)
DEGREE = math.pi / 180

# Exponentials and logarithms.
elementwise(np.exp, lambda y, x: y, aliases=(math.exp,))
elementwise(np.exp2, lambda y, x: LN2 * y, aliases=(math.exp2,))
elementwise(np.expm1, lambda y, x: y + 1, aliases=(math.expm1,))
elementwise(np.log, lambda y, x: 1 / x)
elementwise(
    math.log,
    lambda y, x, base=None: 1 / x if base is None else 1 / (x * np.log(base)),
    lambda y, x, base: -y / (base * np.log(base)),
)
elementwise(np.log2, lambda y, x: 1 / (LN2 * x), aliases=(math.log2,))
elementwise(np.log10, lambda y, x: 1 / (LN10 * x), aliases=(math.log10,))
elementwise(np.log1p, lambda y, x: 1 / (1 + x), aliases=(math.log1p,))
elementwise(np.logaddexp, lambda y, x1, x2: np.exp(x1 - y), lambda y, x1, x2: np.exp(x2 - y))
elementwise(np.logaddexp2, lambda y, x1, x2: np.exp2(x1 - y), lambda y, x1, x2: np.exp2(x2 - y))

# Trigonometry.
elementwise(np.sin, lambda y, x: np.cos(x), aliases=(math.sin,))
elementwise(np.cos, lambda y, x: -np.sin(x), aliases=(math.cos,))
elementwise(np.tan, lambda y, x: 1 + y * y, aliases=(math.tan,))
elementwise(np.arcsin, lambda y, x: 1 / np.sqrt(1 - x * x), aliases=(math.asin,))
elementwise(np.arccos, lambda y, x: -1 / np.sqrt(1 - x * x), aliases=(math.acos,))
elementwise(np.arctan, lambda y, x: 1 / (1 + x * x), aliases=(math.atan,))
elementwise(
    np.arctan2,
    lambda y, x1, x2: x2 / (x1 * x1 + x2 * x2),
    lambda y, x1, x2: -x1 / (x1 * x1 + x2 * x2),
    aliases=(math.atan2,),
)
elementwise(np.deg2rad, lambda y, x: DEGREE, aliases=(np.radians, math.radians))
elementwise(np.rad2deg, lambda y, x: 1 / DEGREE, aliases=(np.degrees, math.degrees))

# Hyperbolic functions.
elementwise(np.sinh, lambda y, x: np.cosh(x), aliases=(math.sinh,))
elementwise(np.cosh, lambda y, x: np.sinh(x), aliases=(math.cosh,))
elementwise(np.tanh, lambda y, x: 1 - y * y, aliases=(math.tanh,))
elementwise(np.arcsinh, lambda y, x: 1 / np.sqrt(x * x + 1), aliases=(math.asinh,))
elementwise(np.arccosh, lambda y, x: 1 / np.sqrt(x * x - 1), aliases=(math.acosh,))
elementwise(np.arctanh, lambda y, x: 1 / (1 - x * x), aliases=(math.atanh,))

# The error function, which numpy lacks.
elementwise(math.erf, lambda y, x: 2 / math.sqrt(math.pi) * np.exp(-x * x))
elementwise(math.erfc, lambda y, x: -2 / math.sqrt(math.pi) * np.exp(-x * x))

# Distances and signs.
elementwise(np.hypot, lambda y, x1, x2: x1 / y, lambda y, x1, x2: x2 / y, aliases=(math.hypot,))
elementwise(np.copysign, lambda y, x1, x2: np.sign(x1) * np.sign(y), aliases=(math.copysign,))
elementwise(np.ldexp, lambda y, x1, x2: np.ldexp(np.ones_like(x1), x2), aliases=(math.ldexp,))
elementwise(np.heaviside, None, lambda y, x1, x2: np.equal(x1, 0))
elementwise(np.nan_to_num, lambda y, x: np.isfinite(x))

# Choices. Equal arguments share the gradient equally; the ends of `clip` belong to the inside.
elementwise(
    np.maximum,
    lambda y, x1, x2: np.add(x1 > x2, x1 >= x2, dtype=y.dtype) / 2,
    lambda y, x1, x2: np.add(x2 > x1, x2 >= x1, dtype=y.dtype) / 2,
)
elementwise(
    np.minimum,
    lambda y, x1, x2: np.add(x1 < x2, x1 <= x2, dtype=y.dtype) / 2,
    lambda y, x1, x2: np.add(x2 < x1, x2 <= x1, dtype=y.dtype) / 2,
)
elementwise(
    np.fmax,
    lambda y, x1, x2: np.add((x1 > x2) | np.isnan(x2), (x1 >= x2) | np.isnan(x2), dtype=y.dtype) / 2,
    lambda y, x1, x2: np.add((x2 > x1) | np.isnan(x1), (x2 >= x1) | np.isnan(x1), dtype=y.dtype) / 2,
)
elementwise(
    np.fmin,
    lambda y, x1, x2: np.add((x1 < x2) | np.isnan(x2), (x1 <= x2) | np.isnan(x2), dtype=y.dtype) / 2,
    lambda y, x1, x2: np.add((x2 < x1) | np.isnan(x1), (x2 <= x1) | np.isnan(x1), dtype=y.dtype) / 2,
)
elementwise(
    np.where,
    None,
    lambda y, condition, x1, x2: np.not_equal(condition, 0),
    lambda y, condition, x1, x2: np.logical_not(condition),
)


def _inside(y: Array, a: Array, low: Any = None, high: Any = None) -> Array:
    if low is None:
        return a <= high
    return a >= low if high is None else (low <= a) & (a <= high)


elementwise(
    np.clip,
    lambda y, a, a_min=None, a_max=None: _inside(y, a, a_min, a_max),
    lambda y, a, a_min=None, a_max=None: a < a_min,
    lambda y, a, a_min=None, a_max=None: a > a_max,
)
elementwise(
    np.ndarray.clip,
    lambda y, a, min=None, max=None: _inside(y, a, min, max),  # noqa: A006 - numpy's names
    lambda y, a, min=None, max=None: a < min,  # noqa: A006
    lambda y, a, min=None, max=None: a > max,  # noqa: A006
)


@traceable
def sinc_slope(y: Array, x: Array) -> Array:
    """The derivative of `y = np.sinc(x)`: a series near 0, where the formula cancels.

    >>> float(sinc_slope(np.sinc(0.0), 0.0))
    -0.0
    """
    t = np.pi * np.pi * x * x
    series = -np.pi * np.pi / 3 * x * (1 - t / 10 * (1 - t / 28 * (1 - t / 54 * (1 - t / 88))))
    near = np.abs(x) < 0.1
    return np.where(near, series, (np.cos(np.pi * x) - y) / np.where(near, 1, x))


elementwise(np.sinc, sinc_slope)

"""Activation functions, elementwise on arrays and numbers; all are stable for large arguments of either sign."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.ops.erf import normal_cdf, normal_pdf
from knetc.ops.registry import elementwise, traceable

Array = Any

REAL = (int, float, np.floating)
PLAIN = (math.inf, 0, 0)  # no maximum, no slope, the threshold at 0

SELU_SCALE = 1.0507009873554805
SELU_SHIFT = 1.7580993408473766  # times alpha = 1.6732632423543772


@traceable
def identity(x: Array) -> Array:
    """`x` itself: the activation of a layer without one.

    >>> identity(2.0)
    2.0
    """
    return x


@traceable
def relu(
    x: Array, *, max_value: float = math.inf, negative_slope: float = 0.0, threshold: float = 0.0
) -> Array:
    """The positive part, `max(x, 0)`; its derivative at 0 is 0.

    In general `x` from `threshold` on, but `max_value` where `x >= max_value`; below the threshold
    `negative_slope * (x - threshold)`. The derivative at the two ends is that outside of them: `negative_slope` at
    the threshold, 0 at the maximum.

    Raises `ArgumentError` (KN314) for options that are not numbers, and for a `max_value` below the `threshold`.

    >>> relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    >>> relu(np.array([-1.0, 0.5, 7.0]), negative_slope=0.1, max_value=6)
    array([-0.1,  0.5,  6. ])
    """
    if (
        not isinstance(max_value, REAL)
        or not isinstance(negative_slope, REAL)
        or not isinstance(threshold, REAL)
    ):
        raise _no_number(max_value, negative_slope, threshold)
    if _is_plain(max_value, negative_slope, threshold):
        return np.maximum(x, 0)
    if not max_value >= threshold or math.isnan(negative_slope):
        raise _no_range(max_value, negative_slope, threshold)
    y = np.where(x < threshold, negative_slope * (x - float(threshold)) if negative_slope else 0, x)
    return (y if max_value == math.inf else np.where(x >= max_value, max_value, y))[()]


@traceable
def sigm(x: Array) -> Array:
    """The logistic sigmoid `1 / (1 + exp(-x))`.

    >>> sigm(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    z = np.exp(-1.0 * np.abs(x))  # a product, because unsigned ints have no negatives
    return np.where(x >= 0, 1, z) / (1 + z)


@traceable
def elu(x: Array) -> Array:
    """The exponential linear unit: `x` where `x >= 0`, else `exp(x) - 1` (Clevert et al., arXiv 1511.07289).

    >>> elu(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.6321,  0.    ,  2.    ])
    """
    y: Array = np.where(x > 0, x, np.expm1(np.minimum(x, 0)))
    return y[()]  # a number for a number


@traceable
def selu(x: Array) -> Array:
    """The scaled exponential linear unit, which keeps mean 0 and variance 1 (Klambauer et al., arXiv 1706.02515).

    >>> selu(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.1113,  0.    ,  2.1014])
    """
    y: Array = np.where(x > 0, SELU_SCALE * x, SELU_SHIFT * np.expm1(np.minimum(x, 0)))
    return y[()]


@traceable
def gelu(x: Array) -> Array:
    """The Gaussian error linear unit, `x` times the probability that a standard normal variable is less than `x`.

    In its exact form, `x * (1 + erf(x / sqrt(2))) / 2`, but with all digits for negative `x` too (Hendrycks and
    Gimpel, arXiv 1606.08415).

    >>> gelu(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.1587,  0.    ,  1.9545])
    """
    return x * normal_cdf(x)


@traceable
def swish(x: Array) -> Array:
    """`x * sigm(x)`, also known as SiLU (Ramachandran et al., arXiv 1710.05941).

    >>> swish(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.2689,  0.    ,  1.7616])
    """
    return x * sigm(x)


@traceable
def hardsigmoid(x: Array) -> Array:
    """A sigmoid of three straight lines: 0 up to -3, 1 from 3 on, `(x + 3) / 6` in between (arXiv 1905.02244).

    Its derivative at -3 and 3 is 0.

    >>> hardsigmoid(np.array([-4.0, 0.0, 1.5, 3.0]))
    array([0.  , 0.5 , 0.75, 1.  ])
    """
    return np.clip(x / 6 + 0.5, 0, 1)


@traceable
def hardswish(x: Array) -> Array:
    """`x * hardsigmoid(x)`: 0 up to -3, `x` from 3 on (Howard et al., arXiv 1905.02244).

    Its derivative at -3 is 0 and at 3 it is 1.

    >>> hardswish(np.array([-4.0, 0.0, 1.5, 3.0]))
    array([-0.   ,  0.   ,  1.125,  3.   ])
    """
    return np.maximum(x, -3.0) * hardsigmoid(x)


@traceable
def softplus(x: Array) -> Array:
    """A smooth positive part, `log(1 + exp(x))`, whose derivative is `sigm`.

    >>> softplus(np.array([-1000.0, 0.0, 100.0])).round(4)
    array([  0.    ,   0.6931, 100.    ])
    """
    return np.maximum(x, 0) + np.log1p(np.exp(-1.0 * np.abs(x)))


tanh = np.tanh


def _is_plain(max_value: float, negative_slope: float, threshold: float) -> bool:
    return (max_value, negative_slope, threshold) == PLAIN


def _no_number(*options: Any) -> ArgumentError:
    names = ("max_value", "negative_slope", "threshold")
    name, value = next((n, v) for n, v in zip(names, options, strict=True) if not isinstance(v, REAL))
    return ArgumentError(
        "KN314",
        f"relu: `{name}` is {value!r}; expected a number",
        help="a slope that differs from element to element is written np.where(x > 0, x, slope * x)",
    )


def _no_range(max_value: float, negative_slope: float, threshold: float) -> ArgumentError:
    return ArgumentError(
        "KN314",
        f"relu: `threshold` is {threshold!r}, `max_value` {max_value!r} and `negative_slope` {negative_slope!r}; "
        "expected threshold <= max_value, and no nan",
        help="leave `max_value` out where there is no maximum",
    )


def _relu_slope(
    y: Array, x: Array, max_value: float = math.inf, negative_slope: float = 0.0, threshold: float = 0.0
) -> Array:
    if _is_plain(max_value, negative_slope, threshold):
        return y > 0
    inside = x > threshold if max_value == math.inf else (x > threshold) & (x < max_value)
    if negative_slope == 0:
        return inside
    return inside + np.multiply(x <= threshold, negative_slope, dtype=y.dtype)


elementwise(identity, lambda y, x: 1)
elementwise(relu, _relu_slope)
elementwise(sigm, lambda y, x: y * (1 - y))
elementwise(elu, lambda y, x: np.minimum(y, 0) + 1)
elementwise(selu, lambda y, x: np.where(y >= 0, SELU_SCALE, y + SELU_SHIFT))
elementwise(gelu, lambda y, x: normal_cdf(x) + x * normal_pdf(x))
elementwise(swish, lambda y, x: sigm(x) * (1 + (x - y)))
elementwise(hardsigmoid, lambda y, x: np.divide(np.abs(x) < 3, 6, dtype=y.dtype))
elementwise(hardswish, lambda y, x: np.where(np.abs(x) < 3, x / 3 + 0.5, x >= 3))
elementwise(softplus, lambda y, x: sigm(x))

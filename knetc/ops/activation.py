"""Activation functions, elementwise on arrays and numbers; all are stable for large arguments of either sign."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.ops.registry import elementwise, traceable

Array = Any

SELU_SCALE = 1.0507009873554805
SELU_SHIFT = 1.7580993408473766  # times alpha = 1.6732632423543772


@traceable
def relu(x: Array) -> Array:
    """The positive part, `max(x, 0)`; its derivative at 0 is 0.

    >>> relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    return np.maximum(x, 0)


@traceable
def sigm(x: Array) -> Array:
    """The logistic sigmoid `1 / (1 + exp(-x))`.

    >>> sigm(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    z = np.exp(-np.abs(x))
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


tanh = np.tanh

elementwise(relu, lambda y, x: y > 0)
elementwise(sigm, lambda y, x: y * (1 - y))
elementwise(elu, lambda y, x: np.minimum(y, 0) + 1)
elementwise(selu, lambda y, x: np.where(y >= 0, SELU_SCALE, y + SELU_SHIFT))

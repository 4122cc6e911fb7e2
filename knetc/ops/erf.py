"""The error function and the normal distribution, elementwise on arrays and numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.backends.numpy import erf as kernels
from knetc.ops.registry import elementwise, traceable

Array = Any

SLOPE_AT_0 = 2 / math.sqrt(math.pi)


@traceable
def erf(x: Array) -> Array:
    """The error function, `2 / sqrt(pi)` times the integral of `exp(-t * t)` from 0 to `x`.

    >>> erf(np.array([-10.0, 0.0, 0.5])).round(4)
    array([-1.    ,  0.    ,  0.5205])
    """
    return kernels.erf(x)


@traceable
def erfc(x: Array) -> Array:
    """`1 - erf(x)`, without the loss of digits that this has for large `x`.

    >>> float(erfc(10.0))
    2.088487583762545e-45
    """
    return kernels.erfc(x)


@traceable
def normal_cdf(x: Array) -> Array:
    """How probable it is that a standard normal variable is less than `x`.

    >>> normal_cdf(np.array([-1.0, 0.0, 1.0])).round(4)
    array([0.1587, 0.5   , 0.8413])
    """
    return kernels.erfc(x * -math.sqrt(0.5)) / 2


@traceable
def normal_pdf(x: Array) -> Array:
    """The density of the standard normal distribution at `x`.

    >>> float(normal_pdf(0.0).round(4))
    0.3989
    """
    return np.exp(x * x / -2) / math.sqrt(2 * math.pi)


elementwise(erf, lambda y, x: SLOPE_AT_0 * np.exp(-x * x))
elementwise(erfc, lambda y, x: -SLOPE_AT_0 * np.exp(-x * x))
elementwise(normal_cdf, lambda y, x: normal_pdf(x))
elementwise(normal_pdf, lambda y, x: -x * y)

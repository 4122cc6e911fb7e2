"""Parameters are plain arrays; here they get their first values.

Shapes are (out, in, *kernel). The number of inputs and outputs of a weight follows Knet's rule on the
reversed shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.runtime.rng import generator

Array = Any


def gaussian(*shape: int, mean: float = 0.0, std: float = 0.01) -> Array:
    """Normal numbers with the given mean and standard deviation, float64, of the given shape.

    >>> gaussian(2, 3).shape
    (2, 3)
    """
    return generator().normal(mean, std, shape)


def xavier_uniform(*shape: int, gain: float = 1.0) -> Array:
    """Uniform numbers in `+-gain * sqrt(6 / (fan_in + fan_out))` (Glorot and Bengio, 2010).

    >>> bool(abs(xavier_uniform(20, 1, 5, 5)).max() <= math.sqrt(6 / (25 + 500)))
    True
    """
    bound = gain * math.sqrt(6 / sum(fans(shape)))
    return generator().uniform(-bound, bound, shape)


xavier = xavier_uniform


def xavier_normal(*shape: int, gain: float = 1.0) -> Array:
    """Normal numbers with standard deviation `gain * sqrt(2 / (fan_in + fan_out))` (Glorot and Bengio, 2010).

    >>> xavier_normal(500, 800).shape
    (500, 800)
    """
    return generator().normal(0.0, gain * math.sqrt(2 / sum(fans(shape))), shape)


def bilinear(fh: int, fw: int, cin: int, cout: int) -> Array:
    """Weights of a transposed convolution that enlarges `cin` channels by bilinear interpolation.

    `fh` and `fw` are the factors, which must be equal, as must be `cin` and `cout`. The result has the shape
    (cout, cin, k, k) with `k = 2 * f - f % 2`; off the diagonal of channels it is zero (Long et al., 2015).
    Raises `ArgumentError` (KN401).

    >>> bilinear(2, 2, 1, 1)[0, 0, 1].tolist()
    [0.1875, 0.5625, 0.5625, 0.1875]
    """
    if fh != fw or cin != cout or fh < 1:
        raise ArgumentError(
            "KN401",
            f"bilinear enlarges every channel alike: got `fh`={fh}, `fw`={fw}, `cin`={cin}, `cout`={cout}",
            help="give equal factors of at least 1, and as many output as input channels",
        )
    size = 2 * fh - fh % 2
    center = fh - 1 if size % 2 else fh - 0.5
    slope = 1 - np.abs(np.arange(size) - center) / fh
    weights = np.zeros((cout, cin, size, size))
    weights[np.arange(cin), np.arange(cin)] = np.outer(slope, slope)
    return weights


def param(*shape: Any, init: Callable[..., Array] = xavier_uniform, dtype: Any = np.float32) -> Array:
    """A parameter: `param(20, 1, 5, 5)` draws one by `init(*shape)`, `param(array)` copies an array's values.

    Raises `ArgumentError` (KN401) for a shape that is not made of non-negative integers.

    >>> param(500, 800).dtype, param([1, 2]).tolist(), param(3, init=gaussian).shape
    (dtype('float32'), [1.0, 2.0], (3,))
    """
    if len(shape) == 1 and not isinstance(shape[0], (int, np.integer, tuple)):
        return np.array(shape[0], dtype)
    return np.asarray(init(*_checked(shape)), dtype)


def param0(*shape: int, dtype: Any = np.float32) -> Array:
    """A parameter of zeros, such as a bias.

    >>> param0(1, 2).tolist()
    [[0.0, 0.0]]
    """
    return np.zeros(_checked(shape), dtype)


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """The numbers of inputs and outputs of a weight; a vector of length n counts as n inputs of one output.

    >>> fans((50, 20, 5, 5)), fans((10, 500)), fans((7,))
    ((500, 1250), (500, 10), (7, 1))
    """
    if len(shape) < 2:
        return math.prod(shape), 1
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def _checked(shape: tuple[Any, ...]) -> tuple[int, ...]:
    for size in shape:
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 0:
            raise ArgumentError(
                "KN401",
                f"`shape` is {shape}; expected non-negative integers, or one array",
                help="write the sizes one by one, as in param(20, 1, 5, 5)",
            )
    return shape

"""First values of parameters: each initialiser takes the sizes of a shape and returns a float64 array.

Shapes are (out, in, *kernel). How many inputs and outputs a weight has follows Knet's rule on the reversed shape
(see `fans`). Random numbers are knetc's own: `knetc.seed` decides them.
"""

from __future__ import annotations

import math
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


def kaiming_uniform(*shape: int, negative_slope: float = 0.0, fan: str = "in") -> Array:
    """Uniform numbers in `+-gain * sqrt(3 / fan)`, `gain = sqrt(2 / (1 + negative_slope ** 2))` (He et al., 2015).

    The variance stays the same through layers with `relu`, or with a leaky one of this `negative_slope`: on the way
    there with fan="in", on the way back with fan="out". Raises `ArgumentError` (KN345) for another `fan`.

    >>> bool(abs(kaiming_uniform(20, 3, 5, 5)).max() <= math.sqrt(6 / 75))
    True
    """
    bound = math.sqrt(3) * _kaiming_std(shape, negative_slope, fan)
    return generator().uniform(-bound, bound, shape)


def kaiming_normal(*shape: int, negative_slope: float = 0.0, fan: str = "in") -> Array:
    """Normal numbers with standard deviation `gain / sqrt(fan)`, otherwise like `kaiming_uniform` (He et al., 2015).

    >>> kaiming_normal(500, 800, fan="out").shape
    (500, 800)
    """
    return generator().normal(0.0, _kaiming_std(shape, negative_slope, fan), shape)


def truncated_normal(*shape: int, mean: float = 0.0, std: float = 0.01, cut: float = 2.0) -> Array:
    """Normal numbers, drawn again while they are further than `cut * std` from the mean.

    What is cut off makes the deviation smaller than `std`: 0.88 of it with the usual cut=2. Raises `ArgumentError`
    (KN345) unless `std >= 0` and `cut > 0`.

    >>> bool(abs(truncated_normal(100, 100, std=0.5)).max() <= 1.0)
    True
    """
    if not (std >= 0 and cut > 0):
        raise ArgumentError(
            "KN345",
            f"truncated_normal: `std` is {std} and `cut` {cut}; expected `std` >= 0 and `cut` > 0",
            help="pass std=0.02, cut=2.0",
        )
    numbers = generator().standard_normal(shape)
    outside = abs(numbers) > cut
    while outside.any():
        numbers[outside] = generator().standard_normal(np.count_nonzero(outside))
        outside = abs(numbers) > cut
    return mean + std * numbers


def orthogonal(*shape: int, gain: float = 1.0) -> Array:
    """A random matrix (out, in * kernel) with orthonormal rows, or columns if it is tall, times `gain`.

    Saxe et al., Exact solutions to the nonlinear dynamics of learning (2014). Every such matrix is equally likely:
    the signs that the QR decomposition chooses are undone. Raises `ArgumentError` (KN401) for a vector.

    >>> w = orthogonal(3, 5)
    >>> (w @ w.T).round(12).tolist() == np.eye(3).tolist()
    True
    """
    if len(shape) < 2:
        raise ArgumentError(
            "KN401",
            f"orthogonal: `shape` is {shape}; expected two axes or more",
            help="pass (out, in, *kernel)",
        )
    rows, columns = shape[0], math.prod(shape[1:])
    q, r = np.linalg.qr(generator().standard_normal((max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))
    return gain * (q if rows >= columns else q.T).reshape(shape)


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


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """The numbers of inputs and outputs of a weight; a vector of length n counts as n inputs of one output.

    >>> fans((50, 20, 5, 5)), fans((10, 500)), fans((7,))
    ((500, 1250), (500, 10), (7, 1))
    """
    if len(shape) < 2:
        return math.prod(shape), 1
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def _kaiming_std(shape: tuple[int, ...], negative_slope: float, fan: str) -> float:
    if fan not in ("in", "out"):
        raise ArgumentError(
            "KN345",
            f'kaiming: `fan` is {fan!r}; expected "in" or "out"',
            help='pass fan="in", unless the gradients are to keep their variance',
        )
    fan_in, fan_out = fans(shape)
    return math.sqrt(2 / (1 + negative_slope**2) / (fan_in if fan == "in" else fan_out))

"""Normalisation: elements minus the mean of their group, divided by its standard deviation, and the way back.

The variance is taken of what is left after the mean has been subtracted, and the mean in float64, so that a mean that
is large beside the deviations costs no digits. Sums of products are einsums, which need no array for the product, and
everything else happens in place on one new array: memory is what normalisation waits for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any
Axes = tuple[int, ...]
Moves = tuple[Array | None, Array | None, Array | None]  # of x, scale and bias
LETTERS = "abcdefghijklmnop"


@dataclass(frozen=True)
class Statistics:
    """Mean (None for one that is not subtracted) and 1 / standard deviation of the groups along `axes`.

    For no axes they are constants, which do not depend on what is normalised.
    """

    mean: Array | None
    rstd: Array
    axes: Axes

    def standardised(self, x: Array) -> Array:
        """`(x - mean) * rstd`, a new array."""
        if self.mean is None:
            return x * self.rstd
        z = x - self.mean
        z *= self.rstd
        return z


def total(axes: Axes, *factors: Array) -> Array:
    """The sum of a product of arrays of one shape along `axes`, which stay as axes of length 1.

    >>> total((0,), np.ones((3, 2)), np.full((3, 2), 0.5))
    array([[1.5, 1.5]])
    """
    shape = factors[0].shape
    letters = LETTERS[: len(shape)]
    kept = "".join(letter for i, letter in enumerate(letters) if i not in axes)
    sums = np.einsum(f"{','.join([letters] * len(factors))}->{kept}", *factors)
    return np.reshape(sums, tuple(1 if i in axes else n for i, n in enumerate(shape)))


def mean(axes: Axes, *factors: Array) -> Array:
    """The mean of a product of arrays along `axes`."""
    sums = total(axes, *factors)
    sums *= 1 / size(factors[0], axes)
    return sums


def size(x: Array, axes: Axes) -> int:
    """How many elements a group along `axes` has."""
    return math.prod(x.shape[i] for i in axes)


def normalise(
    x: Array, axes: Axes, eps: float, scale: Array | None, bias: Array | None, *, centred: bool = True
) -> tuple[Array, Statistics, Array]:
    """The elements normalised along `axes`, scaled and shifted; the statistics, and the variance, of their groups."""
    if centred:
        middle = np.mean(x, axis=axes, keepdims=True, dtype=np.result_type(x, np.float64)).astype(x.dtype)
        y = x - middle
        variance = mean(axes, y, y)
    else:
        middle, y = None, x
        variance = mean(axes, x, x)
    statistics = Statistics(middle, 1 / np.sqrt(variance + eps), axes)
    if not centred:
        y = x * statistics.rstd
        return _affine(y, [] if scale is None else [scale], bias), statistics, variance
    return _affine(y, _factors(y, statistics.rstd, scale), bias), statistics, variance


def normalise_by(x: Array, statistics: Statistics, scale: Array | None, bias: Array | None) -> Array:
    """The elements normalised by what is known, scaled and shifted."""
    return _affine(x - statistics.mean, _factors(x, statistics.rstd, scale), bias)


def _affine(y: Array, factors: list[Array], bias: Array | None) -> Array:
    for factor in factors:
        y *= factor
    if bias is not None:
        y += bias
    return y


def _factors(y: Array, rstd: Array, scale: Array | None) -> list[Array]:
    """What to multiply by: one product where that is smaller than the array itself."""
    if scale is None:
        return [rstd]
    together = math.prod(np.broadcast_shapes(rstd.shape, scale.shape))
    return [rstd * scale] if together < math.prod(y.shape) else [rstd, scale]


# ---- the way back


def normalise_back(
    g: Array, x: Array, scale: Array | None, statistics: Statistics
) -> tuple[Array, Array, Array]:
    """The cotangents of `x`, `scale` and bias, given that of the result; the last two are None without a scale."""
    z = statistics.standardised(x)
    if scale is None:
        return _along(g, z, statistics, statistics.rstd), None, None
    shared = shared_axes(scale)
    bars = total(shared, g, z), total(shared, g)
    if not set(statistics.axes) <= set(shared):  # a scale that varies within the groups
        return _along(g * scale, z, statistics, statistics.rstd), *bars
    means = None
    if set(statistics.axes) == set(shared):
        means = tuple(bar / size(x, shared) for bar in bars)
    return _along(g, z, statistics, statistics.rstd * scale, means), *bars


def shared_axes(scale: Array) -> Axes:
    """The axes along which all elements have the same scale."""
    return tuple(i for i, n in enumerate(scale.shape) if n == 1)


def _along(
    v: Array, z: Array, statistics: Statistics, factor: Array, means: tuple[Array, Array] | None = None
) -> Array:
    """`factor * (v - mean(v) - z * mean(v * z))`, into the memory of `z`; `means` are those of v * z and v."""
    if not statistics.axes:
        return v * factor
    of_product, of_v = means or (mean(statistics.axes, v, z), None)
    z *= -of_product
    if statistics.mean is not None:
        z -= mean(statistics.axes, v) if of_v is None else of_v
    z += v
    z *= factor
    return z


# ---- and once more


def normalise_along(moves: Moves, x: Array, scale: Array | None, statistics: Statistics) -> Array:
    """The change of the result when `x`, `scale` and bias move; None stands for one that does not."""
    of_x, of_scale, of_bias = moves
    z = statistics.standardised(x)
    change = np.zeros_like(x) if of_scale is None else of_scale * z
    if of_bias is not None:
        change += of_bias
    if of_x is not None:
        factor = statistics.rstd if scale is None else statistics.rstd * scale
        change += _along(of_x, z, statistics, factor)
    return change


def normalise_twice(
    of_x: Array | None,
    of_scale: Array | None,
    g: Array,
    x: Array,
    scale: Array | None,
    statistics: Statistics,
) -> tuple[Array, Array | None]:
    """The cotangents of `x` and `scale` in `normalise_back(g, x, scale)`, given those of its results."""
    x_bar, scale_bar = np.zeros_like(x), None
    if of_scale is not None:
        x_bar += _along(of_scale * g, statistics.standardised(x), statistics, statistics.rstd)
    if of_x is not None:
        x_bar += _curvature(of_x, g if scale is None else g * scale, x, statistics)
    if scale is not None:
        shared = shared_axes(scale)
        along = 0 if of_x is None else _along(of_x, statistics.standardised(x), statistics, statistics.rstd)
        scale_bar = total(shared, g, along + np.zeros_like(x))
    return x_bar, scale_bar


def _curvature(v: Array, h: Array, x: Array, statistics: Statistics) -> Array:
    """The cotangent of `x` in `sum(v * along(h))`, which is the same for `v` and `h` exchanged.

    With z = (x - mean) * rstd, m for the mean of a group, and v and h less their own means, it is

        -rstd**2 * (m(h z) v + m(v z) h + z (m(v h) - 3 m(v z) m(h z)))
    """
    axes = statistics.axes
    if not axes:
        return np.zeros_like(x)
    z = statistics.standardised(x)
    if statistics.mean is not None:
        v, h = v - mean(axes, v), h - mean(axes, h)
    v_z, h_z = mean(axes, v, z), mean(axes, h, z)
    bar = h_z * v + v_z * h + z * (mean(axes, v, h) - 3 * v_z * h_z)
    bar *= -(statistics.rstd**2)
    return bar

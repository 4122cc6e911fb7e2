"""Normalisation of every instance by itself: layers, groups of channels, root mean squares.

Their derivatives, and those of `batchnorm`, are one op with one rule, `normalise_back`.

Ba, Kiros and Hinton, Layer normalization (2016); Wu and He, Group normalization, ECCV (2018);
Zhang and Sennrich, Root mean square layer normalization, NeurIPS (2019).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends.numpy import norm as kernels
from knetc.backends.numpy.norm import Statistics
from knetc.errors import ArgumentError
from knetc.ops.normalise import (
    affine,
    check_channels,
    check_eps,
    check_floats,
    check_group,
    like,
    normalise_back,
    widened,
)
from knetc.ops.registry import split
from knetc.ops.softmax import check_axis

Array = Any
Axis = Any  # an int, or a tuple of ints
Shape = tuple[int, ...]
Saved = tuple[Array, Array, Array, Statistics, Shape, Shape]
"""`x`, `scale` and `bias` as they were given; the statistics; the shapes in which `x` and scale were used."""


def layernorm(
    x: Array, scale: Array = None, bias: Array = None, *, axis: Axis = -1, eps: float = 1e-5
) -> Array:
    """Normalise each instance along its features: `(x - mean) / sqrt(variance + eps) * scale + bias`.

    Arguments:
        x: floats of any shape; mean and (population) variance are taken along `axis`.
        scale, bias: arrays with the lengths of these axes, in the order of `x`, as their shape; None for 1 and 0.
        axis: the axes of the features, an int or a tuple of ints.
        eps: above 0, keeps the division from overflowing.

    Raises `ShapeError` for parameters that do not fit (KN221) and for groups of one element (KN223), `ArgumentError`
    for `axis` (KN324) and `eps` (KN331), `DtypeError` (KN334) unless `x` holds floats.

    >>> layernorm(np.array([[1.0, 2.0, 3.0]])).round(3).tolist()
    [[-1.225, 0.0, 1.225]]
    """
    return layernorm_forward(x, scale, bias, axis=axis, eps=eps)[0]


def layernorm_forward(
    x: Array, scale: Array = None, bias: Array = None, *, axis: Axis = -1, eps: float = 1e-5
) -> tuple[Array, Saved]:
    """The result of `layernorm`, and what `norm_backward` needs."""
    axes = _feature_axes("layernorm", x, axis, eps)
    check_group("layernorm", x, axes)
    return _per_feature("layernorm", x, scale, bias, axes, eps, centred=True)


def rmsnorm(x: Array, scale: Array = None, *, axis: Axis = -1, eps: float = 1e-6) -> Array:
    """Divide each instance by its root mean square: `x / sqrt(mean(x**2) + eps) * scale`.

    Arguments and errors as for `layernorm`, of which this leaves out the mean; a group may have one element.

    >>> rmsnorm(np.array([3.0, 4.0]), np.array([1.0, 10.0])).round(3).tolist()
    [0.849, 11.314]
    """
    return rmsnorm_forward(x, scale, axis=axis, eps=eps)[0]


def rmsnorm_forward(
    x: Array, scale: Array = None, *, axis: Axis = -1, eps: float = 1e-6
) -> tuple[Array, Saved]:
    """The result of `rmsnorm`, and what `rmsnorm_backward` needs."""
    axes = _feature_axes("rmsnorm", x, axis, eps)
    check_group("rmsnorm", x, axes, least=1)
    return _per_feature("rmsnorm", x, scale, None, axes, eps, centred=False)


def groupnorm(x: Array, groups: int, scale: Array = None, bias: Array = None, *, eps: float = 1e-5) -> Array:
    """Normalise each instance in groups of its channels: mean and variance are taken over a group and all places.

    Arguments:
        x: floats of shape (N, C, *space).
        groups: how many groups of neighbouring channels there are; it divides C. 1 normalises over all channels, C
            each channel by itself, which is called instance normalisation.
        scale, bias: arrays of shape (C,), or None for 1 and 0.
        eps: above 0, keeps the division from overflowing.

    Raises `ShapeError` for `x` (KN220), for parameters that do not fit (KN221) and for groups of one element (KN223),
    `ArgumentError` for `groups` (KN332) and `eps` (KN331), `DtypeError` (KN334) unless `x` holds floats.

    >>> groupnorm(np.array([[1.0, 3.0, 10.0, 30.0]]), 2).round(3).tolist()
    [[-1.0, 1.0, -1.0, 1.0]]
    """
    return groupnorm_forward(x, groups, scale, bias, eps=eps)[0]


def groupnorm_forward(
    x: Array, groups: int, scale: Array = None, bias: Array = None, *, eps: float = 1e-5
) -> tuple[Array, Saved]:
    """The result of `groupnorm`, and what `norm_backward` needs."""
    check_eps("groupnorm", eps)
    channels = check_channels("groupnorm", x)
    _check_groups(groups, channels, x)
    width = channels // groups
    grouped = np.reshape(x, (x.shape[0], groups, width, *x.shape[2:]))
    axes = tuple(range(2, grouped.ndim))
    check_group("groupnorm", grouped, axes)
    shape = (1, groups, width, *(1,) * (x.ndim - 2))
    y, statistics, _ = kernels.normalise(
        grouped, axes, eps, *affine("groupnorm", x, scale, bias, (channels,), shape)
    )
    return np.reshape(y, x.shape), (x, scale, bias, statistics, grouped.shape, shape)


def norm_backward(saved: Saved, g: Array) -> tuple[Array, Array, Array]:
    """The cotangents of `x`, `scale` and `bias` in `layernorm` and `groupnorm`."""
    x, scale, bias, statistics, shape, affine_shape = saved
    factor = np.ones_like(bias) if scale is None and bias is not None else scale
    x_bar, scale_bar, bias_bar = normalise_back(
        np.reshape(g, shape),
        np.reshape(x, shape),
        widened(factor, x, affine_shape),
        statistics.axes,
        known=statistics,
    )
    return np.reshape(x_bar, x.shape), like(scale_bar, scale), like(bias_bar, bias)


def rmsnorm_backward(saved: Saved, g: Array) -> tuple[Array, Array]:
    """The cotangents of `x` and `scale` in `rmsnorm`."""
    return norm_backward(saved, g)[:2]


def _per_feature(
    op: str, x: Array, scale: Array, bias: Array, axes: tuple[int, ...], eps: float, *, centred: bool
) -> tuple[Array, Saved]:
    """Each instance normalised along `axes`, with a scale and bias for every feature."""
    lengths = tuple(x.shape[i] for i in axes)
    shape = tuple(n if i in axes else 1 for i, n in enumerate(x.shape))
    y, statistics, _ = kernels.normalise(
        x, axes, eps, *affine(op, x, scale, bias, lengths, shape), centred=centred
    )
    return y, (x, scale, bias, statistics, x.shape, shape)


def _feature_axes(op: str, x: Array, axis: Axis, eps: float) -> tuple[int, ...]:
    """The axes of the features, counted from 0, in order; and everything but the parameters checked."""
    check_floats(op, x)
    check_eps(op, eps)
    check_axis(op, x, axis)
    return tuple(range(x.ndim)) if axis is None else tuple(sorted(i % x.ndim for i in np.atleast_1d(axis)))


def _check_groups(groups: int, channels: int, x: Array) -> None:
    is_int = hasattr(groups, "__index__") and not isinstance(groups, bool)
    if not is_int or groups < 1 or channels % groups:
        raise ArgumentError(
            "KN332",
            f"groupnorm: `groups` is {groups!r}; expected an int >= 1 that divides the {channels} channels of `x` of "
            f"shape {x.shape}",
            help="pass groups=1 for all channels together, or a number that divides them",
        )


split(layernorm, layernorm_forward, norm_backward, wrt=("x", "scale", "bias"), twice=True, settings=("eps",))
split(groupnorm, groupnorm_forward, norm_backward, wrt=("x", "scale", "bias"), twice=True, settings=("eps",))
split(rmsnorm, rmsnorm_forward, rmsnorm_backward, wrt=("x", "scale"), twice=True, settings=("eps",))

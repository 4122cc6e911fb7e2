"""What all normalisations share: the derivative, which is an op with a rule of its own, and the checks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.backends.numpy import norm as kernels
from knetc.backends.numpy.norm import Statistics
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops.registry import rule, traceable

Array = Any
Axes = tuple[int, ...]
Shape = tuple[int, ...]
Triple = tuple[Array, Array, Array]


@traceable
def normalise_back(
    g: Array, x: Array, scale: Array, axes: Axes, *, eps: float = 0.0, centred: bool = True, known: Any = None
) -> Triple:
    """The cotangents of `x`, `scale` and `bias` in `(x - mean) / sqrt(variance + eps) * scale + bias`.

    Mean (0 unless `centred`) and variance are those of `x` along `axes`; if they are `known`, they are not computed
    again. For no axes they are constants, otherwise functions of `x`, known or not. `scale` has the axes of `x`, of
    the same length or of length 1. Without a scale there is no bias, and the last two results are None.

    >>> normalise_back(np.ones((2, 1)), np.array([[1.0], [3.0]]), np.array([[2.0]]), (0,))[1:]
    (array([[0.]]), array([[2.]]))
    """
    return kernels.normalise_back(g, x, scale, known or _statistics(x, axes, eps, centred))


@traceable
def normalise_along(
    of_x: Array, of_scale: Array, of_bias: Array, x: Array, scale: Array, axes: Axes, *, eps: float = 0.0,
    centred: bool = True, known: Any = None,
) -> Array:  # fmt: skip
    """The change of the normalised `x` when `x`, `scale` and bias move, or do not (None): transposes `normalise_back`.

    >>> normalise_along(np.ones((2, 1)), np.ones((1, 1)), None, np.array([[1.0], [3.0]]), np.ones((1, 1)), (0,))
    array([[-1.],
           [ 1.]])
    """
    return kernels.normalise_along(
        (of_x, of_scale, of_bias), x, scale, known or _statistics(x, axes, eps, centred)
    )


@traceable
def normalise_twice(
    of_x: Array, of_scale: Array, g: Array, x: Array, scale: Array, axes: Axes, *, eps: float = 0.0,
    centred: bool = True, known: Any = None,
) -> tuple[Array, Array]:  # fmt: skip
    """The cotangents of `x` and `scale` in `normalise_back(g, x, scale, axes)`, given those of its first two results.

    The third, which is the sum of `g`, does not depend on them.

    >>> normalise_twice(None, np.ones((1, 1)), np.ones((2, 1)), np.ones((2, 1)), np.ones((1, 1)), (0,), eps=1.0)
    (array([[0.],
           [0.]]), array([[0.]]))
    """
    return kernels.normalise_twice(of_x, of_scale, g, x, scale, known or _statistics(x, axes, eps, centred))


def _statistics(x: Array, axes: Axes, eps: float, centred: bool) -> Statistics:
    return kernels.normalise(x, axes, eps, None, None, centred=centred)[1]


# ---- parameters


def affine(
    op: str, x: Array, scale: Array, bias: Array, lengths: Shape, shape: Shape
) -> tuple[Array | None, Array | None]:
    """Scale and bias, checked to have the shape `lengths`, as `widened` makes them."""
    for name, value in (("scale", scale), ("bias", bias)):
        if value is not None and np.shape(value) != lengths:
            raise ShapeError(
                "KN221",
                f"{op}: `{name}` has shape {np.shape(value)}; expected {lengths} for `x` of shape {x.shape}",
                help="pass one number for every channel, or for every feature that is normalised over",
            )
    if scale is None and bias is not None:
        scale = np.ones_like(bias)
    return widened(scale, x, shape), widened(bias, x, shape)


def widened(value: Array, x: Array, shape: Shape) -> Array:
    """A parameter in a shape with the axes of `x`, and in its dtype; None stays None."""
    return None if value is None else np.reshape(value, shape).astype(x.dtype)


def like(bar: Array, value: Array) -> Array:
    """A cotangent in the shape and dtype of the parameter that it belongs to; None for one that was not given."""
    return None if value is None else np.reshape(bar, np.shape(value)).astype(np.result_type(value))


# ---- checks


def check_floats(op: str, x: Array) -> None:
    """Complain about anything but an array of real floats."""
    kind = getattr(x, "dtype", None)
    if np.ndim(x) == 0 or kind is None or kind.kind != "f":
        raise DtypeError(
            "KN334",
            f"{op}: `x` is {f'an array of {kind}' if kind is not None and np.ndim(x) else f'a {type(x).__name__}'}; "
            "expected an array of floats",
            help="pass np.asarray(x, dtype=np.float32)",
        )


def check_channels(op: str, x: Array) -> int:
    """How many channels (N, C), (N, C, L), (N, C, H, W) or (N, C, D, H, W) has."""
    check_floats(op, x)
    if 2 <= x.ndim <= 5 and x.shape[1]:
        return int(x.shape[1])
    raise ShapeError(
        "KN220",
        f"{op}: `x` has shape {x.shape}; expected (N, C), or (N, C, *space) with 1 to 3 spatial axes",
        help="bring the channels to axis 1: np.moveaxis(x, -1, 1)",
    )


def check_group(op: str, x: Array, axes: Axes, least: int = 2) -> None:
    """Complain about statistics of too few elements, unless there are no groups at all."""
    size = math.prod(x.shape[i] for i in axes)
    others = math.prod(n for i, n in enumerate(x.shape) if i not in axes)
    if size < least and others:
        raise ShapeError(
            "KN223",
            f"{op}: mean and variance would be taken of {size} of the elements of `x` of shape {x.shape}; expected at "
            f"least {least}",
            help="pass a larger batch or image, or more features",
        )


def check_eps(op: str, eps: float) -> None:
    """Complain about an `eps` that could let the division overflow."""
    if not 0 < eps < math.inf:
        raise ArgumentError(
            "KN331",
            f"{op}: `eps` is {eps!r}; expected a number above 0",
            help="pass eps=1e-5, or leave it out",
        )


rule(
    normalise_back,
    g=lambda h, y, g, x, scale, axes, **options: normalise_along(h[0], h[1], h[2], x, scale, axes, **options),
    x=lambda h, y, g, x, scale, axes, **options: normalise_twice(h[0], h[1], g, x, scale, axes, **options)[0],
    scale=lambda h, y, g, x, scale, axes, **options: normalise_twice(
        h[0], h[1], g, x, scale, axes, **options
    )[1],
)
rule(
    normalise_along,
    of_x=lambda g, y, of_x, of_scale, of_bias, x, *args, **options: normalise_back(g, x, *args, **options)[0],
    of_scale=lambda g, y, of_x, of_scale, of_bias, x, *args, **options: normalise_back(
        g, x, *args, **options
    )[1],
    of_bias=lambda g, y, of_x, of_scale, of_bias, x, *args, **options: normalise_back(g, x, *args, **options)[
        2
    ],
)

"""Convolution, with Knet's keywords: `conv4` and its two transposes, which are each other's derivatives.

`conv4` flips the kernel by default (`mode=0`), as convolution does in mathematics; `mode=1` is cross-correlation,
which most deep learning libraries call convolution.
"""

from __future__ import annotations

from typing import Any

from knetc.backends.numpy import conv as kernels
from knetc.backends.numpy.conv import Geometry
from knetc.errors import ArgumentError, ShapeError
from knetc.ops.registry import rule, traceable
from knetc.ops.windows import per_axis, spatial

Array = Any
PerAxis = Any  # an int, or a tuple of one int a spatial axis


@traceable
def conv4(
    w: Array,
    x: Array,
    padding: PerAxis = 0,
    stride: PerAxis = 1,
    dilation: PerAxis = 1,
    mode: int = 0,
    alpha: float = 1,
    group: int = 1,
) -> Array:
    """Convolve images with filters, in 1, 2 or 3 spatial dimensions.

    Arguments:
        w: filters, shape (C_out, C_in / group, *kernel).
        x: images, shape (N, C_in, *space).
        padding: zeros added at both ends of each spatial axis; an int, or one per axis.
        stride: distance between neighbouring places of the kernel; an int, or one per axis.
        dilation: distance between neighbouring elements of the kernel; an int, or one per axis.
        mode: 0 flips the kernel along every spatial axis (convolution), 1 does not (cross-correlation).
        alpha: a factor for the result.
        group: input and output channels are divided into this many groups that do not mix.

    Returns an array of shape (N, C_out, *result) with
    `result = (space + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1` on each axis.

    Raises `ShapeError` (KN210 to KN212) where the shapes do not fit, `ArgumentError` (KN310 to KN312) for options.

    >>> import numpy as np
    >>> x = np.arange(5.0).reshape(1, 1, 5)
    >>> w = np.array([[[1.0, 10.0]]])
    >>> conv4(w, x).tolist()
    [[[1.0, 12.0, 23.0, 34.0]]]
    >>> conv4(w, x, mode=1).tolist()
    [[[10.0, 21.0, 32.0, 43.0]]]
    """
    geometry = _geometry("conv4", w, x, padding, stride, dilation, group)
    return kernels.conv(_oriented("conv4", w, mode, alpha), x, geometry)


@traceable
def conv4w(
    w: Array,
    x: Array,
    dy: Array,
    padding: PerAxis = 0,
    stride: PerAxis = 1,
    dilation: PerAxis = 1,
    mode: int = 0,
    alpha: float = 1,
    group: int = 1,
) -> Array:
    """The cotangent of `w` in `conv4(w, x, ...)`, given that of the result. Of `w` only the shape counts.

    Arguments and errors as for `conv4`; KN213 where `dy` has not the shape of its result.

    >>> import numpy as np
    >>> conv4w(np.ones((1, 1, 2)), np.arange(5.0).reshape(1, 1, 5), np.ones((1, 1, 4))).tolist()
    [[[10.0, 6.0]]]
    """
    geometry = _geometry("conv4w", w, x, padding, stride, dilation, group)
    _check_result("conv4w", dy, (x.shape[0], w.shape[0], *geometry.result))
    return _oriented("conv4w", kernels.conv_weight(x, dy, geometry), mode, alpha)


@traceable
def conv4x(
    w: Array,
    x: Array,
    dy: Array,
    padding: PerAxis = 0,
    stride: PerAxis = 1,
    dilation: PerAxis = 1,
    mode: int = 0,
    alpha: float = 1,
    group: int = 1,
) -> Array:
    """The cotangent of `x` in `conv4(w, x, ...)`, given that of the result. Of `x` only the shape counts.

    Arguments and errors as for `conv4`; KN213 where `dy` has not the shape of its result.

    >>> import numpy as np
    >>> conv4x(np.array([[[1.0, 10.0]]]), np.zeros((1, 1, 3)), np.ones((1, 1, 2))).tolist()
    [[[10.0, 11.0, 1.0]]]
    """
    geometry = _geometry("conv4x", w, x, padding, stride, dilation, group)
    _check_result("conv4x", dy, (x.shape[0], w.shape[0], *geometry.result))
    return kernels.conv_image(_oriented("conv4x", w, mode, alpha), dy, geometry)


def _geometry(
    op: str, w: Array, x: Array, padding: PerAxis, stride: PerAxis, dilation: PerAxis, group: int
) -> Geometry:
    """All options checked, one number a spatial axis."""
    image = spatial(op, "x", x)
    kernel = spatial(op, "w", w)
    axes = len(image)
    _check_filters(op, w.shape, x.shape, group)
    geometry = Geometry(
        image,
        kernel,
        per_axis(op, "padding", padding, axes, least=0),
        per_axis(op, "stride", stride, axes, least=1),
        per_axis(op, "dilation", dilation, axes, least=1),
        group,
    )
    if min(kernel) < 1 or min(geometry.result) < 1:
        raise ShapeError(
            "KN212",
            f"{op}: a kernel of {kernel} does not fit into an image of {image} with `padding`={padding}, "
            f"`dilation`={dilation}",
            help=f"pad the image: padding={tuple((n - 1) // 2 for n in kernel)}, or take a smaller kernel",
        )
    return geometry


def _check_filters(op: str, w: tuple[int, ...], x: tuple[int, ...], group: int) -> None:
    if len(w) != len(x):
        raise ShapeError(
            "KN210",
            f"{op}: `w` has shape {w} and `x` {x}; expected as many spatial axes in both",
            help=f"give `w` {len(x)} axes (C_out, C_in, *kernel)",
        )
    if not isinstance(group, int) or group < 1 or w[0] % group:
        raise ArgumentError(
            "KN312",
            f"{op}: `group` is {group!r}; expected an int >= 1 that divides the {w[0]} output channels of `w`",
            help="pass group=1, or as many output channels as a multiple of `group`",
        )
    if x[1] != w[1] * group:
        raise ShapeError(
            "KN211",
            f"{op}: `x` of shape {x} has {x[1]} channels, but `w` of shape {w} expects {w[1] * group}",
            help=f"give `w` the shape {(w[0], x[1] // group, *w[2:])}, which is (C_out, C_in / group, *kernel)",
        )


def _check_result(op: str, dy: Array, shape: tuple[int, ...]) -> None:
    if dy.shape != shape:
        raise ShapeError(
            "KN213",
            f"{op}: `dy` has shape {dy.shape}; expected {shape}, the shape of the result of conv4",
            help="pass the cotangent of the result, with the same options as for conv4",
        )


def _oriented(op: str, w: Array, mode: int, alpha: float) -> Array:
    """The filters as the kernels want them, for cross-correlation."""
    if mode not in (0, 1):
        raise ArgumentError(
            "KN311",
            f"{op}: `mode` is {mode!r}; expected 0 (convolution) or 1 (cross-correlation)",
            help="pass mode=1 for what other libraries call convolution",
        )
    if mode == 0:
        w = w[(..., *(slice(None, None, -1),) * (w.ndim - 2))]
    return w if alpha == 1 else w * alpha


rule(
    conv4,
    w=lambda g, y, w, x, *args, **options: conv4w(w, x, g, *args, **options),
    x=lambda g, y, w, x, *args, **options: conv4x(w, x, g, *args, **options),
)
rule(
    conv4w,
    x=lambda g, y, w, x, dy, *args, **options: conv4x(g, x, dy, *args, **options),
    dy=lambda g, y, w, x, dy, *args, **options: conv4(g, x, *args, **options),
)
rule(
    conv4x,
    w=lambda g, y, w, x, dy, *args, **options: conv4w(w, g, dy, *args, **options),
    dy=lambda g, y, w, x, dy, *args, **options: conv4(w, g, *args, **options),
)

"""Convolution, with Knet's keywords: `conv4` and its two transposes, which are each other's derivatives.

`conv4` flips the kernel by default (`mode=0`), as convolution does in mathematics; `mode=1` is cross-correlation,
which most deep learning libraries call convolution.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends.numpy import conv as kernels
from knetc.ops.filters import check_result, of_conv, oriented
from knetc.ops.registry import rule, traceable

Array = Any
PerAxis = Any  # an int, or a tuple of one int a spatial axis
Padding = Any  # likewise, with pairs (before, after) in the place of ints; or "same"


@traceable
def conv4(
    w: Array,
    x: Array,
    padding: Padding = 0,
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
        padding: zeros added at the ends of each spatial axis: an int, or one per axis, or a pair (before, after) per
            axis. Or "same", with which the result is as large as the image, divided by the stride and rounded up;
            where that takes an odd number of zeros, the one more comes after the end. That is what "same" means in
            TensorFlow, and in PyTorch, which has it for stride 1. It does not depend on `mode`.
        stride: distance between neighbouring places of the kernel; an int, or one per axis.
        dilation: distance between neighbouring elements of the kernel; an int, or one per axis.
        mode: 0 flips the kernel along every spatial axis (convolution), 1 does not (cross-correlation).
        alpha: a factor for the result.
        group: input and output channels are divided into this many groups that do not mix.

    Returns an array of shape (N, C_out, *result) with
    `result = (space + before + after - dilation * (kernel - 1) - 1) // stride + 1` on each axis.

    Raises `ShapeError` (KN210 to KN212) where the shapes do not fit, `ArgumentError` (KN310 to KN312) for options,
    `DtypeError` (KN318) unless the result is one of floats.

    >>> import numpy as np
    >>> x = np.arange(5.0).reshape(1, 1, 5)
    >>> w = np.array([[[1.0, 10.0]]])
    >>> conv4(w, x).tolist()
    [[[1.0, 12.0, 23.0, 34.0]]]
    >>> conv4(w, x, mode=1).tolist()
    [[[10.0, 21.0, 32.0, 43.0]]]
    """
    geometry = of_conv("conv4", w, x, padding, stride, dilation, group)
    return kernels.conv(oriented("conv4", w, mode, alpha), x, geometry)


@traceable
def conv4w(
    w: Array,
    x: Array,
    dy: Array,
    padding: Padding = 0,
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
    geometry = of_conv("conv4w", w, x, padding, stride, dilation, group)
    check_result("conv4w", dy, (x.shape[0], w.shape[0], *geometry.result), "conv4")
    return oriented("conv4w", kernels.conv_weight(w, x, dy, geometry), mode, alpha)


@traceable
def conv4x(
    w: Array,
    x: Array,
    dy: Array,
    padding: Padding = 0,
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
    geometry = of_conv("conv4x", w, x, padding, stride, dilation, group)
    check_result("conv4x", dy, (x.shape[0], w.shape[0], *geometry.result), "conv4")
    return kernels.conv_image(oriented("conv4x", w, mode, alpha), dy, geometry)


rule(
    conv4,
    w=lambda g, y, w, x, *args, **options: conv4w(w, x, g, *args, **options),
    x=lambda g, y, w, x, *args, **options: conv4x(w, x, g, *args, **options),
)
rule(
    conv4w,
    w=lambda g, y, w, x, dy, *args, **options: np.zeros_like(w),  # only its shape counts
    x=lambda g, y, w, x, dy, *args, **options: conv4x(g, x, dy, *args, **options),
    dy=lambda g, y, w, x, dy, *args, **options: conv4(g, x, *args, **options),
)
rule(
    conv4x,
    w=lambda g, y, w, x, dy, *args, **options: conv4w(w, g, dy, *args, **options),
    x=lambda g, y, w, x, dy, *args, **options: np.zeros_like(x),
    dy=lambda g, y, w, x, dy, *args, **options: conv4(w, g, *args, **options),
)

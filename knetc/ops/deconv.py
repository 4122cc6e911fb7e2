"""Transposed convolution, with Knet's keywords: it makes images of what a convolution made of them."""

from __future__ import annotations

from typing import Any

from knetc.backends.numpy import conv as kernels
from knetc.ops.conv import conv4, conv4w
from knetc.ops.filters import of_deconv, oriented
from knetc.ops.registry import rule, traceable

Array = Any
PerAxis = Any  # an int, or a tuple of one int a spatial axis
Padding = Any  # likewise, with pairs (before, after) in the place of ints; or "same"


@traceable
def deconv4(
    w: Array,
    x: Array,
    padding: Padding = 0,
    stride: PerAxis = 1,
    dilation: PerAxis = 1,
    mode: int = 0,
    alpha: float = 1,
    group: int = 1,
    output_padding: PerAxis = 0,
) -> Array:
    """The transpose of `conv4` in 1, 2 or 3 spatial dimensions: the linear map that takes its results to its images.

    Arguments:
        w: filters, shape (C_in, C_out / group, *kernel): those of the convolution from C_out to C_in channels.
        x: images, shape (N, C_in, *space).
        padding: what the convolution adds to its images and this takes away from the ends of its result: an int, or
            one per axis, or a pair (before, after) per axis. Or "same", with which the result is `stride` times as
            large as the image.
        stride, dilation, mode, alpha, group: as for `conv4`; mode=1 is the transposed convolution of PyTorch.
        output_padding: how much larger the result is at the end of each axis, less than the stride; an int, or one
            per axis. A convolution with a stride takes images of several sizes to one; this chooses among them.

    Returns an array of shape (N, C_out, *result) with
    `result = (space - 1) * stride + dilation * (kernel - 1) + 1 - before - after + output_padding` on each axis.

    Raises `ShapeError` (KN210, KN211, KN217) where the shapes do not fit, `ArgumentError` (KN310 to KN312, KN315) for
    options, `DtypeError` (KN318) unless the result is one of floats.

    >>> import numpy as np
    >>> deconv4(np.array([[[1.0, 10.0]]]), np.ones((1, 1, 2))).tolist()
    [[[10.0, 11.0, 1.0]]]
    >>> deconv4(np.ones((3, 8, 4, 4)), np.ones((2, 3, 7, 7)), padding=1, stride=2).shape
    (2, 8, 14, 14)
    """
    geometry = of_deconv("deconv4", w, x, padding, stride, dilation, group, output_padding)
    return kernels.conv_image(oriented("deconv4", w, mode, alpha), x, geometry)


# On the way back the size of the image is that of `g`, whatever the output padding; it stands behind six other options.
rule(
    deconv4,
    w=lambda g, y, w, x, *args, output_padding=0, **options: conv4w(w, g, x, *args[:6], **options),
    x=lambda g, y, w, x, *args, output_padding=0, **options: conv4(w, g, *args[:6], **options),
)

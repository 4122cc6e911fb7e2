"""How the filters of a convolution meet its images, all options checked; and the errors where they do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends.numpy.conv import Geometry
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops.registry import nondifferentiable
from knetc.ops.windows import borders, is_int, per_axis, same, spatial

Array = Any
Option = Any


def of_conv(
    op: str, w: Array, x: Array, padding: Option, stride: Option, dilation: Option, group: Option
) -> Geometry:
    """The geometry of `conv4(w, x, ...)`."""
    image, kernel = _spaces(op, w, x)
    _check_groups(op, w, group, "output")
    if x.shape[1] != w.shape[1] * group:
        raise _wrong_channels(
            op,
            w,
            x,
            (w.shape[0], x.shape[1] // group, *kernel),
            w.shape[1] * group,
            "(C_out, C_in / group, *kernel)",
        )
    axes = len(image)
    strides = per_axis(op, "stride", stride, axes, least=1)
    dilations = per_axis(op, "dilation", dilation, axes, least=1)
    if _is_same(padding):
        pads = same(image, kernel, strides, dilations)
    else:
        pads = borders(op, padding, axes)
    geometry = Geometry(image, kernel, pads, strides, dilations, group)
    if min(kernel) < 1 or min(geometry.result) < 1:
        raise ShapeError(
            "KN212",
            f"{op}: a kernel of {kernel} does not fit into an image of {image} with `padding`={padding!r}, "
            f"`dilation`={dilation}",
            help='pad the image: padding="same", or take a smaller kernel',
        )
    return geometry


def of_deconv(
    op: str,
    w: Array,
    x: Array,
    padding: Option,
    stride: Option,
    dilation: Option,
    group: Option,
    output_padding: Option,
) -> Geometry:
    """The geometry of the convolution whose transpose is `deconv4(w, x, ...)`: its image is the result."""
    places, kernel = _spaces(op, w, x)
    _check_groups(op, w, group, "input")
    if x.shape[1] != w.shape[0]:
        raise _wrong_channels(
            op, w, x, (x.shape[1], *w.shape[1:]), w.shape[0], "(C_in, C_out / group, *kernel)"
        )
    axes = len(places)
    strides = per_axis(op, "stride", stride, axes, least=1)
    dilations = per_axis(op, "dilation", dilation, axes, least=1)
    extra = per_axis(op, "output_padding", output_padding, axes, least=0)
    _check_extra(op, output_padding, extra, stride, strides, padding)
    if _is_same(padding):
        image = tuple(n * s for n, s in zip(places, strides, strict=True))
        return Geometry(image, kernel, same(image, kernel, strides, dilations), strides, dilations, group)
    pads = borders(op, padding, axes)
    sizes = zip(places, kernel, pads, strides, dilations, extra, strict=True)
    image = tuple((n - 1) * s + d * (k - 1) + 1 - sum(p) + e for n, k, p, s, d, e in sizes)
    if min(places) < 1 or min(kernel) < 1 or min(image) < 1:
        raise ShapeError(
            "KN217",
            f"{op}: with a kernel of {kernel} and `padding`={padding!r} the result of an image of {places} "
            f"would have the shape {image}",
            help="pass less padding, which a deconvolution takes away from its result",
        )
    return Geometry(image, kernel, pads, strides, dilations, group)


def padsize(w: Array) -> tuple[int, ...]:
    """The padding with which filters `w` (C_out, C_in, *kernel) of odd sizes keep the size of an image, one an axis.

    Raises `ShapeError` (KN210) unless `w` has one to three spatial axes.

    >>> padsize(np.zeros((8, 3, 5, 3)))
    (2, 1)
    """
    return tuple((n - 1) // 2 for n in spatial("padsize", "w", w))


def check_result(op: str, dy: Array, shape: tuple[int, ...], of: str) -> None:
    """Refuse a cotangent that has not the shape of the result."""
    if dy.shape != shape:
        raise ShapeError(
            "KN213",
            f"{op}: `dy` has shape {dy.shape}; expected {shape}, the shape of the result of {of}",
            help=f"pass the cotangent of the result, with the same options as for {of}",
        )


def oriented(op: str, w: Array, mode: int, alpha: float) -> Array:
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


def _is_same(padding: Option) -> bool:
    return isinstance(padding, str) and padding == "same"


def _spaces(op: str, w: Array, x: Array) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The spatial shapes of the images and of the filters."""
    image, kernel = spatial(op, "x", x), spatial(op, "w", w)
    if len(image) != len(kernel):
        raise ShapeError(
            "KN210",
            f"{op}: `w` has shape {w.shape} and `x` {x.shape}; expected as many spatial axes in both",
            help=f"give `w` {len(x.shape)} axes, two for the channels and {len(image)} for the kernel",
        )
    if np.result_type(w.dtype, x.dtype).kind != "f":
        raise DtypeError(
            "KN318",
            f"{op}: `w` is an array of {w.dtype} and `x` of {x.dtype}; expected floats",
            help="convert one of them: x.astype(np.float32)",
        )
    return image, kernel


def _check_groups(op: str, w: Array, group: Option, side: str) -> None:
    if not is_int(group) or group < 1 or w.shape[0] % group:
        raise ArgumentError(
            "KN312",
            f"{op}: `group` is {group!r}; expected an int >= 1 that divides the {w.shape[0]} {side} channels of `w`",
            help=f"pass group=1, or as many {side} channels as a multiple of `group`",
        )


def _check_extra(
    op: str, given: Option, extra: tuple[int, ...], stride: Option, strides: tuple[int, ...], padding: Option
) -> None:
    if any(e >= s for e, s in zip(extra, strides, strict=True)):
        raise ArgumentError(
            "KN315",
            f"{op}: `output_padding` is {given!r}; expected less than the `stride`, which is {stride!r}",
            help="it chooses between the sizes of an image that a convolution with this stride makes equal",
        )
    if _is_same(padding) and any(extra):
        raise ArgumentError(
            "KN315",
            f'{op}: `output_padding` is {given!r}; expected 0 with padding="same", which says the size of the result',
            help="leave `output_padding` out, or pass the padding as numbers",
        )


def _wrong_channels(
    op: str, w: Array, x: Array, right: tuple[int, ...], expected: int, axes: str
) -> ShapeError:
    return ShapeError(
        "KN211",
        f"{op}: `x` of shape {x.shape} has {x.shape[1]} channels, but `w` of shape {w.shape} expects {expected}",
        help=f"give `w` the shape {right}, which is {axes}",
    )


nondifferentiable(padsize)

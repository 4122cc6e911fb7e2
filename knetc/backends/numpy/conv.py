"""Convolution in 1, 2 or 3 spatial dimensions, as one large matrix product.

Arrays are logical (N, C, *space). In memory the kernels work with the batch innermost, (C, *space, N): a window of
the image is then a run of whole rows, `im2col` is one strided copy at the speed of memory, the weights need no
transposition, and the product comes out in the same layout. Results are logical (N, C, *space) views of such memory;
numpy keeps the order of strides through elementwise ops, so that a chain of layers never copies, and flattening the
last of them to (N, features) costs nothing either.

Large layers are worked through in blocks of output rows, so that the unfolded windows stay small.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knetc.backends.dispatch import array_module
from knetc.backends.numpy import depthwise

Array = Any
Shape = tuple[int, ...]

BLOCK_BYTES = 1 << 24
"""How much unfolded input is held at a time: beyond this malloc returns fresh pages, which cost more than they hold."""


@dataclass(frozen=True)
class Geometry:
    """How the kernel meets the image; one number, or pair (before, after), a spatial axis, all checked."""

    image: Shape
    kernel: Shape
    padding: tuple[tuple[int, int], ...]
    stride: Shape
    dilation: Shape
    groups: int = 1

    @property
    def result(self) -> Shape:
        """The spatial shape of the result."""
        sizes = zip(self.image, self.kernel, self.padding, self.stride, self.dilation, strict=True)
        return tuple((x + sum(p) - d * (w - 1) - 1) // s + 1 for x, w, p, s, d in sizes)

    @property
    def padded(self) -> Shape:
        """The spatial shape of the padded image."""
        return tuple(n + before + after for n, (before, after) in zip(self.image, self.padding, strict=True))

    @property
    def inner(self) -> tuple[slice, ...]:
        """Where the image lies in the padded image."""
        return tuple(slice(p, p + n) for (p, _), n in zip(self.padding, self.image, strict=True))

    @property
    def taps(self) -> list[tuple[slice, ...]]:
        """For each element of the kernel where it lies in the padded image, over all places of the kernel."""
        return [self.area(tap, 0, self.result[0]) for tap in itertools.product(*map(range, self.kernel))]

    def area(self, tap: Shape, start: int, stop: int) -> tuple[slice, ...]:
        """Where one element of the kernel lies in the padded image, for the rows `start` to `stop` of the result."""
        corner = [t * d for t, d in zip(tap, self.dilation, strict=True)]
        corner[0] += start * self.stride[0]
        spans = zip(corner, (stop - start, *self.result[1:]), self.stride, strict=True)
        return (slice(None), *(slice(c, c + (n - 1) * s + 1, s) for c, n, s in spans))


def conv(w: Array, x: Array, geometry: Geometry) -> Array:
    """The cross-correlation of `x` (N, C, *image) with `w` (K, C / groups, *kernel): (N, K, *result)."""
    xp = array_module(x)
    padded = _pad(xp, x, geometry)
    rows = _by_group(w, geometry)
    y = xp.empty((*rows.shape[:2], math.prod(geometry.result) * x.shape[0]), xp.result_type(w, x))
    if _is_depthwise(w, geometry):
        depthwise.correlate(rows[:, 0], padded, _images(y, geometry), geometry.taps)
    else:
        for block, columns in _unfold(xp, padded, geometry):
            xp.matmul(rows, columns, out=y[:, :, block])
    return _batch_first(xp, y.reshape(w.shape[0], *geometry.result, x.shape[0]))


def conv_weight(w: Array, x: Array, dy: Array, geometry: Geometry) -> Array:
    """The transpose of `conv` in its weights: the cotangent of `w`, of which only the shape counts."""
    xp = array_module(x)
    padded = _pad(xp, x, geometry)
    rows = _by_group(_batch_last(xp, dy), geometry)
    dtype = xp.result_type(x, dy)
    if _is_depthwise(w, geometry):
        dw = xp.empty(_by_group(w, geometry).shape, dtype)
        depthwise.weight_sums(padded, _images(rows, geometry), dw[:, 0], geometry.taps)
        return dw.reshape(w.shape)
    dw = xp.zeros((geometry.groups, math.prod(w.shape[1:]), rows.shape[1]), dtype)
    for block, columns in _unfold(xp, padded, geometry):
        dw += columns @ rows[:, :, block].swapaxes(1, 2)
    return xp.ascontiguousarray(dw.swapaxes(1, 2)).reshape(w.shape)


def conv_image(w: Array, dy: Array, geometry: Geometry) -> Array:
    """The transpose of `conv` in its image: the cotangent of `x`."""
    xp = array_module(dy)
    filters = _by_group(w, geometry)
    rows = _by_group(_batch_last(xp, dy), geometry)
    padded = xp.zeros((w.shape[1] * geometry.groups, *geometry.padded, dy.shape[0]), xp.result_type(w, dy))
    if _is_depthwise(w, geometry):
        depthwise.spread(filters[:, 0], _images(rows, geometry), padded, geometry.taps)
    else:
        columns = filters.swapaxes(1, 2)
        for start, stop, block in _blocks(geometry, padded):
            _fold(columns @ rows[:, :, block], padded, geometry, start, stop)
    return _batch_first(xp, xp.ascontiguousarray(padded[(slice(None), *geometry.inner)]))


def _is_depthwise(w: Array, geometry: Geometry) -> bool:
    return bool(w.shape[0] == geometry.groups > 1 == w.shape[1])


def _images(rows: Array, geometry: Geometry) -> Array:
    """The single rows of a product as what they stand for: places and images."""
    return rows.reshape(rows.shape[0], *geometry.result, rows.shape[2] // math.prod(geometry.result))


def _by_group(a: Array, geometry: Geometry) -> Array:
    """One matrix a group: its output channels by everything else."""
    return a.reshape(geometry.groups, a.shape[0] // geometry.groups, math.prod(a.shape[1:]))


def _batch_last(xp: Any, x: Array) -> Array:
    return xp.ascontiguousarray(xp.moveaxis(x, 0, -1))


def _batch_first(xp: Any, x: Array) -> Array:
    return xp.moveaxis(x, -1, 0)


def _pad(xp: Any, x: Array, geometry: Geometry) -> Array:
    """The image with its border of zeros, batch innermost."""
    if geometry.padded == geometry.image:
        return _batch_last(xp, x)
    padded = xp.zeros((x.shape[1], *geometry.padded, x.shape[0]), x.dtype)
    padded[(slice(None), *geometry.inner)] = xp.moveaxis(x, 0, -1)
    return padded


def _blocks(geometry: Geometry, padded: Array) -> Iterator[tuple[int, int, slice]]:
    """Ranges of output rows whose windows fit in a block, each with its columns of the product."""
    rows, *others = geometry.result
    columns_per_row = math.prod(others) * padded.shape[-1]
    row_bytes = padded.shape[0] * math.prod(geometry.kernel) * columns_per_row * padded.itemsize
    step = max(1, BLOCK_BYTES // max(row_bytes, 1))
    for start in range(0, rows, step):
        stop = min(start + step, rows)
        yield start, stop, slice(start * columns_per_row, stop * columns_per_row)


def _unfold(xp: Any, padded: Array, geometry: Geometry) -> Iterator[tuple[slice, Array]]:
    """The windows under all places of the kernel, as the columns (groups, C / groups * kernel, places * N)."""
    channel, *space, image = padded.strides
    kernel_strides = [s * d for s, d in zip(space, geometry.dilation, strict=True)]
    place_strides = [s * t for s, t in zip(space, geometry.stride, strict=True)]
    for start, stop, block in _blocks(geometry, padded):
        windows = xp.lib.stride_tricks.as_strided(
            padded[:, start * geometry.stride[0] :],
            (padded.shape[0], *geometry.kernel, stop - start, *geometry.result[1:], padded.shape[-1]),
            (channel, *kernel_strides, *place_strides, image),
        )
        per_group = padded.shape[0] // geometry.groups * math.prod(geometry.kernel)
        yield block, windows.reshape(geometry.groups, per_group, block.stop - block.start)


def _fold(columns: Array, padded: Array, geometry: Geometry, start: int, stop: int) -> None:
    """Add the columns of the output rows `start` to `stop` back to where `_unfold` read them."""
    places = (stop - start, *geometry.result[1:])
    taps = columns.reshape(padded.shape[0], math.prod(geometry.kernel), *places, padded.shape[-1])
    for i, tap in enumerate(itertools.product(*map(range, geometry.kernel))):
        padded[geometry.area(tap, start, stop)] += taps[:, i]

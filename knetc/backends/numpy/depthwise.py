"""Depthwise convolution: each channel has one filter of its own, so that a product of matrices would have one row.

One element of the kernel after the other is multiplied with the slice of the image that it meets, a few channels at
a time, so that what is added to stays in the cache. Arrays are as in `conv`, with the batch innermost: padded images
(C, *space, N), results (C, *places, N), filters (C, kernel). A tap is where one element of the kernel lies in the
padded image, over all places of the kernel.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from knetc.backends.dispatch import array_module, is_device_array

Array = Any
Taps = list[tuple[slice, ...]]

BLOCK_BYTES = 1 << 18
"""How much of the result is worked on at a time: what the cache of one core holds a few times."""


def correlate(filters: Array, padded: Array, y: Array, taps: Taps) -> None:
    """Write to `y` the cross-correlation of each channel with its filter."""
    multiply = array_module(y).multiply
    weights, room = _columns(filters, y), _room(y, y)
    for channels in _blocks(y):
        image, result, product = padded[channels], y[channels], room[: len(y[channels])]
        multiply(image[taps[0]], weights[channels, 0], out=result)
        for i, tap in enumerate(taps[1:], start=1):
            multiply(image[tap], weights[channels, i], out=product)
            result += product


def spread(filters: Array, dy: Array, padded: Array, taps: Taps) -> None:
    """Add to the zeros `padded` the cotangent of the image."""
    multiply = array_module(dy).multiply
    weights, room = _columns(filters, dy), _room(dy, padded)
    for channels in _blocks(dy):
        image, product = padded[channels], room[: len(dy[channels])]
        for i, tap in enumerate(taps):
            multiply(dy[channels], weights[channels, i], out=product)
            image[tap] += product


def weight_sums(padded: Array, dy: Array, dw: Array, taps: Taps) -> None:
    """Write to `dw` (C, kernel) the cotangent of the filters."""
    for channels in _blocks(dy):
        image, rows = padded[channels], dy[channels].reshape(len(dy[channels]), 1, math.prod(dy.shape[1:]))
        for i, tap in enumerate(taps):
            dw[channels, i] = (rows @ image[tap].reshape(rows.shape).swapaxes(1, 2))[:, 0, 0]


def _columns(filters: Array, y: Array) -> Array:
    """The filters with axes of length 1 for those of a result."""
    return filters.reshape(*filters.shape, *(1,) * (y.ndim - 1))


def _room(y: Array, like: Array) -> Array:
    """Where the product of one element of the kernel is kept, for one block of results."""
    first = next(_blocks(y), slice(0))
    return array_module(y).empty_like(y[first], dtype=like.dtype)


def _blocks(y: Array) -> Iterator[slice]:
    """Ranges of channels whose results fit in a block; on a device all of them."""
    step = len(y) if is_device_array(y) else BLOCK_BYTES // max(y.itemsize * math.prod(y.shape[1:]), 1)
    step = max(step, 1)
    return (slice(start, start + step) for start in range(0, len(y), step))

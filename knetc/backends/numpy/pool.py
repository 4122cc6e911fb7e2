"""Pooling in any number of spatial dimensions, one axis after the other.

The maximum over a window is the maximum over its rows of their maxima, and the same holds for the mean. So there is
one kernel, along one axis: it combines the strided slices of `x` that hold the first, second ... element of every
window. Slices keep the layout of their array, whichever it is, and the work grows with the sum of the window's sides
instead of their product.

Where several elements of a window are equal to its maximum, the first in row-major order is the one that counts, as
in PyTorch. NaN propagates.
"""

from __future__ import annotations

import functools
import math
import operator
from dataclasses import dataclass
from typing import Any

import numpy as np

from knetc.backends.dispatch import array_module

Array = Any


@dataclass(frozen=True)
class Window:
    """How the windows lie along one axis of an array."""

    axis: int
    length: int
    size: int
    stride: int
    padding: int

    @property
    def places(self) -> int:
        """How many whole windows fit."""
        return (self.length + 2 * self.padding - self.size) // self.stride + 1

    @property
    def apart(self) -> bool:
        """Whether no two windows overlap."""
        return self.stride >= self.size

    def taps(self, padded: Array) -> list[Array]:
        """The first elements of all windows, their second elements, and so on, as views of the padded array."""
        reach = self.stride * (self.places - 1) + 1
        return [padded[self._along(start, start + reach, self.stride)] for start in range(self.size)]

    def pad(self, x: Array, value: float) -> Array:
        """`x` with a border of `value` at both ends of the axis."""
        if not self.padding:
            return x
        padded = self.wide(x, value, x.dtype)
        self.crop(padded)[...] = x
        return padded

    def crop(self, padded: Array) -> Array:
        """The view of a padded array without its border."""
        return padded[self._along(self.padding, self.padding + self.length)] if self.padding else padded

    def wide(self, x: Array, value: float, dtype: Any) -> Array:
        """A new array like `x`, but as long along the axis as the padded one."""
        shape = (*x.shape[: self.axis], self.length + 2 * self.padding, *x.shape[self.axis + 1 :])
        return array_module(x).full_like(x, value, shape=shape, dtype=dtype)

    def _along(self, start: int, stop: int, step: int = 1) -> tuple[slice, ...]:
        return (*(slice(None),) * self.axis, slice(start, stop, step))


Windows = tuple[Window, ...]


def max_pool(x: Array, windows: Windows) -> Array:
    """The maximum of every window."""
    for window in reversed(windows):
        x = _max(x, window)
    return x


def max_pool_image(x: Array, y: Array, dy: Array, windows: Windows) -> Array:
    """The transpose of `max_pool` at `x`, where it is `y`: each element of `dy` goes to the one that won its window."""
    stages = [x]
    for window in reversed(windows[1:]):
        stages.append(_max(stages[-1], window))
    stages.append(y)
    dy = _laid_out_like(y, dy)
    for window in windows:
        after = stages.pop()
        dy = _to_winner(stages[-1], after, dy, window)
    return dy


def max_pool_winners(x: Array, v: Array, windows: Windows) -> Array:
    """The elements of `v` at the places where `x` has the maxima of its windows."""
    for window in reversed(windows):
        y = _max(x, window)
        v = _from_winner(x, y, v, window)
        x = y
    return v


def mean_pool(x: Array, windows: Windows, count_padding: bool) -> Array:
    """The mean of every window, with the zeros of the padding or without them."""
    for window in reversed(windows):
        total = functools.reduce(operator.add, window.taps(window.pad(x, 0)))
        x = total / _counts(total, window, count_padding)
    return x


def mean_pool_image(dy: Array, windows: Windows, count_padding: bool) -> Array:
    """The transpose of `mean_pool`."""
    for window in windows:
        dy = _copies(dy / _counts(dy, window, count_padding), window)
    return dy


def fill_windows(x: Array, windows: Windows, make_up: bool) -> Array:
    """Each element copied to all of its window; with `make_up` larger by what of the window lies in the padding."""
    for window in windows:
        x = _copies(x * (window.size / _counts(x, window, count_padding=False)) if make_up else x, window)
    return x


def _copies(x: Array, window: Window) -> Array:
    padded = window.wide(x, 0, x.dtype)
    for bar in window.taps(padded):
        _deposit(bar, x, window)
    return window.crop(padded)


def _laid_out_like(y: Array, dy: Array) -> Array:
    """`dy` in the memory layout of `y`: arithmetic on two layouts at once is slow, and its result has either."""
    if dy.strides == y.strides:
        return dy
    copy = array_module(y).empty_like(y, dtype=dy.dtype)
    copy[...] = dy
    return copy


def _max(x: Array, window: Window) -> Array:
    maximum = array_module(x).maximum
    first, *others = window.taps(window.pad(x, -math.inf))
    result = maximum(first, others[0]) if others else first
    for tap in others[1:]:
        maximum(result, tap, out=result)
    return result


def _to_winner(x: Array, y: Array, dy: Array, window: Window) -> Array:
    padded = window.wide(x, 0, dy.dtype)
    *taps, _ = window.taps(window.pad(x, -math.inf))
    *bars, last = window.taps(padded)
    multiply = array_module(dy).multiply
    rest = dy  # what has not found its winner yet
    for tap, bar in zip(taps, bars, strict=True):
        won = multiply(rest, tap >= y, out=bar if window.apart else None)
        if not window.apart:
            _deposit(bar, won, window)
        rest = rest - won
    _deposit(last, rest, window)
    return window.crop(padded)


def _from_winner(x: Array, y: Array, v: Array, window: Window) -> Array:
    *taps, _ = window.taps(window.pad(x, -math.inf))
    *values, result = window.taps(window.pad(v, 0))
    for tap, value in zip(reversed(taps), reversed(values), strict=True):
        result = array_module(x).where(tap >= y, value, result)
    return result


def _deposit(target: Array, value: Array, window: Window) -> None:
    """Add to zeros; where windows do not overlap, storing is the same and quicker."""
    if window.apart:
        target[...] = value
    else:
        target += value


def _counts(result: Array, window: Window, count_padding: bool) -> Any:
    """What the sum of each window is divided by: its size, or how much of it lies in the image."""
    if count_padding or not window.padding:
        return window.size
    starts = np.arange(window.places) * window.stride - window.padding
    inside = np.minimum(starts + window.size, window.length) - np.maximum(starts, 0)
    lined_up = inside.reshape(-1, *(1,) * (result.ndim - window.axis - 1)).astype(result.dtype)
    return array_module(result).asarray(lined_up)

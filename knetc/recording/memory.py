"""Where arrays lie: the array that owns a memory, and its shadow, in which every view has the same place.

A view of an array is the same view of its shadow, whatever way it was made: by a slice, `.T`, `reshape`, inside a list
or in a callee. So aliases need no analysis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

Array = Any


def root(array: Array) -> Array:
    """The array that owns the memory in which `array` lies.

    >>> x = np.zeros(6)
    >>> root(x[1:].reshape(5, 1).T) is x
    True
    """
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def overlaps_itself(array: Array) -> bool:
    """Whether elements of a view share memory, as `np.broadcast_to` makes them.

    >>> overlaps_itself(np.broadcast_to(1.0, 3)), overlaps_itself(np.zeros((3, 1)))
    (True, False)
    """
    return any(step == 0 and n > 1 for step, n in zip(array.strides, array.shape, strict=True))


def carries(array: Array) -> bool:
    """Whether an array is of a dtype that has derivatives."""
    return array.dtype.kind in "fc"


class Shadow:
    """The cotangent of the memory of one array.

    >>> x = np.zeros((2, 3))
    >>> bar = Shadow(x)
    >>> bar.part(x.T[1:])[...] += 1
    >>> bar.part(x)
    array([[0., 1., 1.],
           [0., 1., 1.]])
    """

    def __init__(self, owner: Array) -> None:
        low, high = byte_bounds(owner)
        self._start = low
        self._bytes = np.zeros(high - low, np.uint8)

    def part(self, view: Array) -> Array:
        """The same view of the shadow as `view` is of the array."""
        if view.size == 0:
            return np.zeros(view.shape, view.dtype)
        offset = view.__array_interface__["data"][0] - self._start
        return np.ndarray(view.shape, view.dtype, self._bytes.data, offset, view.strides)

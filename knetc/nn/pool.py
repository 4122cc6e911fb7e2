"""Layers that reduce windows of images."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.nn.layer import Layer, sizes
from knetc.ops import pool
from knetc.ops.registry import nondifferentiable

Array = Any
PerAxis = Any  # an int, or a tuple of one int a spatial axis


class Pool(Layer):
    """`pool(x, window, ...)`: the maximum or mean (op="mean") of every window of images (N, C, *space).

    >>> import numpy as np
    >>> Pool(2)
    Pool(2, max)
    >>> Pool(2)(np.arange(16.0).reshape(1, 1, 4, 4)).tolist()
    [[[[5.0, 7.0], [13.0, 15.0]]]]
    """

    def __init__(
        self, window: PerAxis = 2, *, padding: PerAxis = 0, stride: PerAxis = None, op: str = "max"
    ) -> None:
        self.window, self.padding, self.stride, self.op = window, padding, stride, op

    def __call__(self, x: Array) -> Array:
        return pool(x, self.window, self.padding, self.stride, op=self.op)

    def options(self) -> str:
        """The window, and what is not usual."""
        padding = f", padding={self.padding}" if self.padding else ""
        stride = f", stride={self.stride}" if self.stride is not None else ""
        return f"{self.window}{padding}{stride}, {self.op}"


class MeanPool(Layer):
    """Means over as many windows as there are to be places, whatever the size of the images: (N, C, size, size).

    Window i of n pixels begins at `floor(i * n / size)` and ends before `ceil((i + 1) * n / size)`; PyTorch calls
    this adaptive average pooling. MeanPool(1) is the mean of the whole image. Images are two-dimensional.

    >>> import numpy as np
    >>> MeanPool(2)(np.arange(9.0).reshape(1, 1, 3, 3)).tolist()
    [[[[2.0, 3.0], [5.0, 6.0]]]]
    """

    def __init__(self, size: int) -> None:
        sizes("MeanPool", size=size)
        self.size = size

    def __call__(self, x: Array) -> Array:
        return averages(x, 2, self.size) @ x @ averages(x, 3, self.size).T

    def options(self) -> str:
        """The size."""
        return str(self.size)


def averages(x: Array, axis: int, size: int) -> Array:
    """The matrix (size, n) that takes the means along an axis of length n.

    >>> import numpy as np
    >>> averages(np.zeros((1, 1, 3)), 2, 2)
    array([[0.5, 0.5, 0. ],
           [0. , 0.5, 0.5]])
    """
    length = x.shape[axis]
    first = np.arange(size) * length // size
    last = -(-np.arange(1, size + 1) * length // size)
    places = np.arange(length)
    inside = (first[:, None] <= places) & (places < last[:, None])
    return array_module(x).asarray(inside / (last - first)[:, None], x.dtype)


nondifferentiable(averages)

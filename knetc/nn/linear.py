"""Layers that multiply by a matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knetc.nn.layer import Layer, activated, activation_of, drawn, sizes
from knetc.ops import linear, mat
from knetc.train.initialisers import xavier_uniform
from knetc.train.param import param0

Array = Any


class Linear(Layer):
    """A matrix, a bias and a function: `activation(x @ w.T + b)`.

    `x` has the shape (..., inputs), the result (..., outputs). `w` has the shape (outputs, inputs) and is drawn by
    `init`, `b` (outputs,) is zero at first, or None with bias=False. Raises `ArgumentError` (KN346) for sizes that
    are none; calling it raises `ShapeError` where `x` has another width.

    >>> import numpy as np
    >>> from knetc import relu
    >>> layer = Linear(784, 64, activation=relu)
    >>> layer
    Linear(784 -> 64, relu)  50,240 parameters
    >>> layer(np.zeros((100, 784), np.float32)).shape
    (100, 64)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        bias: bool = True,
        activation: Callable[[Array], Array] | None = None,
        init: Callable[..., Array] = xavier_uniform,
    ) -> None:
        sizes(type(self).__name__, inputs=inputs, outputs=outputs)
        self.w = drawn(type(self).__name__, init, outputs, inputs)
        self.b = param0(outputs) if bias else None
        self.activation = activation_of(type(self).__name__, activation)

    def __call__(self, x: Array) -> Array:
        return self.activation(linear(self.w, x, self.b))

    def options(self) -> str:
        """The widths, and the activation if there is one."""
        outputs, inputs = self.w.shape
        return f"{inputs} -> {outputs}{activated(self.activation)}"


class Dense(Linear):
    """`Linear` on images or other instances with several axes: all axes but the first become one (see `mat`).

    >>> import numpy as np
    >>> Dense(784, 10)(np.zeros((100, 1, 28, 28), np.float32)).shape
    (100, 10)
    """

    def __call__(self, x: Array) -> Array:
        return self.activation(linear(self.w, mat(x), self.b))

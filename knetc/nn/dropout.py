"""Dropout as a layer."""

from __future__ import annotations

from typing import Any

from knetc.errors import ArgumentError
from knetc.nn.layer import Layer
from knetc.ops import dropout
from knetc.runtime.frozen import frozen

Array = Any


class Dropout(Layer):
    """`dropout(x, p)`: elements are set to zero with probability `p` while a gradient is taken.

    Raises `ArgumentError` (KN323) unless `0 <= p <= 1`.

    >>> import numpy as np
    >>> Dropout(0.5)(np.ones(3))
    array([1., 1., 1.])
    """

    def __init__(self, p: float = 0.5) -> None:
        if not 0 <= p <= 1:
            raise ArgumentError(
                "KN323",
                f"Dropout: `p` is {p!r}; expected a probability from 0 to 1",
                help="pass the part to drop, such as p=0.5",
            )
        self.p = frozen(p)

    def __call__(self, x: Array) -> Array:
        return dropout(x, self.p)

    def options(self) -> str:
        """The probability."""
        return f"{self.p:g}"

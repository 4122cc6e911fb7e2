"""Layers that know words, and places in a sequence."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from knetc.nn.layer import Layer, sizes
from knetc.ops import embed
from knetc.train.initialisers import gaussian
from knetc.train.param import param

Array = Any
standard_normal = partial(gaussian, std=1.0)


class Embed(Layer):
    """A row of numbers for each of `vocabulary` words: ints of any shape become arrays of shape (*ids.shape, size).

    `w` has the shape (vocabulary, size) and is drawn by `init`, normal numbers of deviation 1 unless told otherwise.
    Only the rows that a batch reads are updated (see `embed`). Raises `ArgumentError` (KN346) for sizes that are none.

    >>> import numpy as np
    >>> Embed(10_000, 64)
    Embed(10000 words, 64)  640,000 parameters
    >>> Embed(10_000, 64)(np.array([[1, 2, 3], [4, 5, 6]])).shape
    (2, 3, 64)
    """

    def __init__(self, vocabulary: int, size: int, *, init: Callable[..., Array] = standard_normal) -> None:
        sizes("Embed", vocabulary=vocabulary, size=size)
        self.w = param(vocabulary, size, init=init)

    def __call__(self, ids: Array) -> Array:
        return embed(self.w, ids)

    def options(self) -> str:
        """The sizes."""
        vocabulary, size = self.w.shape
        return f"{vocabulary} words, {size}"

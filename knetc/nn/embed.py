"""Layers that know words, and places in a sequence."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from knetc.errors import ShapeError
from knetc.nn.layer import Layer, drawn, sizes
from knetc.ops import embed, positional_encoding
from knetc.ops.registry import nondifferentiable
from knetc.runtime.frozen import frozen
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
        self.w = drawn("Embed", init, vocabulary, size)

    def __call__(self, ids: Array) -> Array:
        return embed(self.w, ids)

    def options(self) -> str:
        """The sizes."""
        vocabulary, size = self.w.shape
        return f"{vocabulary} words, {size}"


class PositionalEncoding(Layer):
    """Add to every place of sequences (..., T, size), T <= length, what tells it from the others.

    The waves of `positional_encoding`, which are frozen; or with learned=True parameters, drawn small. Raises
    `ArgumentError` (KN346) for sizes that are none; calling it raises `ShapeError` (KN237) for other sequences.

    >>> import numpy as np
    >>> layer = PositionalEncoding(512, 64)
    >>> layer, layer(np.zeros((2, 10, 64), np.float32)).shape
    (PositionalEncoding(512 places, 64), (2, 10, 64))
    >>> PositionalEncoding(512, 64, learned=True)
    PositionalEncoding(512 places, 64)  32,768 parameters
    """

    def __init__(self, length: int, size: int, *, learned: bool = False) -> None:
        sizes("PositionalEncoding", length=length, size=size)
        self.w = frozen(positional_encoding(length, size))
        if learned:
            self.w = param(length, size, init=gaussian)

    def __call__(self, x: Array) -> Array:
        return x + self.w[: places(x, self.w)]

    def options(self) -> str:
        """The sizes."""
        length, size = self.w.shape
        return f"{length} places, {size}"


def places(x: Array, w: Array) -> int:
    """How many places the sequences in `x` have, if they fit the encodings `w`.

    >>> import numpy as np
    >>> places(np.zeros((2, 5, 4)), np.zeros((9, 4)))
    5
    """
    if x.ndim < 2 or x.shape[-2] > w.shape[0] or x.shape[-1] != w.shape[1]:
        raise ShapeError(
            "KN237",
            f"PositionalEncoding: `x` has shape {x.shape}; expected (..., T, {w.shape[1]}) with T <= {w.shape[0]}",
            help="make it for the longest sequence and the size of its embeddings: PositionalEncoding(length, size)",
        )
    return int(x.shape[-2])


nondifferentiable(places)

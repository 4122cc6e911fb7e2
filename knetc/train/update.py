"""One step on a whole model: every float array in it moves against its gradient, in place, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from knetc.errors import ShapeError
from knetc.runtime.tree import leaves

Array = Any
State = dict[str, Any]


class Optimiser(Protocol):
    """What `update` and `minimize` ask of an optimiser."""

    gclip: float
    memory: Memory

    def init(self, w: Array) -> State:
        """The state of an array before its first update."""

    def update(self, w: Array, g: Array, state: State) -> None:
        """Move `w` against its gradient `g`, in place."""


@dataclass
class Memory:
    """The states of arrays by identity; the arrays are held too, so that no identity is given away again."""

    entries: dict[int, tuple[Array, State]] = field(default_factory=dict)

    def of(self, w: Array, optimiser: Optimiser) -> State:
        """The state of `w`, a new one at its first update."""
        entry = self.entries.get(id(w))
        if entry is None or entry[0] is not w:
            entry = self.entries[id(w)] = (w, optimiser.init(w))
        return entry[1]


def update(model: Any, gradient: Any, optimiser: Optimiser) -> None:
    """One step of `optimiser` on the float arrays of `model`, in place.

    `model` is an object, a list, tuple or dict; `gradient` has its structure. An array that occurs several
    times (tied weights) is updated once, by the sum of its gradients. Raises `ShapeError` (KN410) where the
    two do not match.

    >>> from knetc.train.optim import SGD
    >>> w = [np.array([1.0])]
    >>> update([w, w], [[np.array([1.0])], [np.array([2.0])]], SGD(lr=1.0))
    >>> w[0].tolist()
    [-2.0]
    """
    for w, g in _pairs(model, gradient):
        optimiser.update(w, clipped(g, optimiser.gclip), optimiser.memory.of(w, optimiser))


def clipped(g: Array, limit: float) -> Array:
    """`g`, scaled down to the norm `limit` if that is above 0 and below the norm of `g`.

    >>> clipped(np.array([3.0, 4.0]), 1.0).round(6).tolist()
    [0.6, 0.8]
    """
    if limit <= 0:
        return g
    norm = float(np.linalg.norm(g))
    return g * (limit / norm) if norm > limit else g


def _pairs(model: Any, gradient: Any) -> Iterator[tuple[Array, Array]]:
    """Every array of the model once, with the sum of its gradients."""
    found = dict(leaves(gradient))
    pairs: dict[int, tuple[Array, Array]] = {}
    for path, w in leaves(model):
        g = _matching(path, w, found.get(path))
        pairs[id(w)] = (w, pairs[id(w)][1] + g if id(w) in pairs else g)
    return iter(pairs.values())


def _matching(path: str, w: Array, g: Array | None) -> Array:
    if g is not None and g.shape == w.shape:
        return g
    raise ShapeError(
        "KN410",
        f"`{path}` has the shape {w.shape}, its gradient {'is missing' if g is None else f'has {g.shape}'}",
        help="pass the gradient of this very model, which has the same structure",
    )

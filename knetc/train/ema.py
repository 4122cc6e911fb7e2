"""A running average of the weights, which often generalises better than the last ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import numpy as np

from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.tree import leaves
from knetc.train.memory import Array
from knetc.train.position import refuse_checkpoints
from knetc.train.ranges import check_fraction
from knetc.train.scratch import scratch
from knetc.train.watch import Watched

T = TypeVar("T")


@dataclass
class EMA:
    """The exponential moving average of the float arrays of `model`: `average = decay * average + (1 - decay) * w`.

    It begins with the weights as they are, and is updated by `update()`, or after each value of an iterator that goes
    through `watch`. Inside `with ema:` the model has the averages, and afterwards its own weights again. `decay` may
    be a function of the number of updates, such as `lambda n: min(0.999, (1 + n) / (10 + n))`. What is frozen, such as
    running statistics, is not averaged.

    Raises `ArgumentError` (KN417) for a decay outside 0 to 1, for a model without float arrays, for `with` inside
    `with` and for an update there; `ShapeError` (KN417) if the arrays of the model have changed.

    >>> w = {"w": np.array([0.0])}
    >>> ema = EMA(w, decay=0.75)
    >>> w["w"] += 4
    >>> ema.update()
    >>> with ema:
    ...     print(w["w"])
    [1.]
    >>> w["w"].tolist()
    [4.0]
    """

    model: Any
    decay: float | Callable[[int], float] = 0.999
    averages: dict[str, Array] = field(init=False, repr=False)
    updates: int = field(default_factory=int, init=False)
    swapped: bool = field(default_factory=bool, init=False)

    def __post_init__(self) -> None:
        if not callable(self.decay):
            _checked(self.decay)
        self.averages = {path: w.copy() for path, w in self._arrays().items()}
        if not self.averages:
            message = f"there is nothing to average: the {type(self.model).__name__} holds no float array"
            raise ArgumentError("KN417", message, help="pass the model, or the container of its weights")

    def update(self) -> None:
        """Take the present weights into the averages."""
        if self.swapped:
            message = "inside `with ema` the model has the averages, which cannot be averaged"
            raise ArgumentError("KN417", message, help="train outside of the `with` block")
        decay = _checked(self.decay(self.updates) if callable(self.decay) else self.decay)
        for average, w in self._pairs():
            np.multiply(average, decay, out=average)
            np.add(average, np.multiply(w, 1 - decay, out=scratch(w)), out=average)
        self.updates += 1

    def watch(self, iterator: Iterable[T]) -> Watched[T]:
        """`iterator`, with an update after each of its values.

        Raises `ArgumentError` (KN425) around `checkpointed`, which belongs around it.
        """
        refuse_checkpoints(iterator, "EMA.watch", "ema.watch(adam(model, data))")
        return Watched(iterator, lambda _: self.update(), self)

    def __enter__(self) -> Self:
        if self.swapped:
            message = "the model has the averages already"
            raise ArgumentError("KN417", message, help="leave the first `with ema` before the second")
        self._swap()
        return self

    def __exit__(self, *_: object) -> None:
        self._swap()

    def _swap(self) -> None:
        """Exchange averages and weights, in place."""
        for average, w in self._pairs():
            buffer = scratch(w)
            buffer[...] = w
            w[...] = average
            average[...] = buffer
        self.swapped = not self.swapped

    def _pairs(self) -> list[tuple[Array, Array]]:
        arrays = self._arrays()
        changed = [
            path
            for path in {**arrays, **self.averages}
            if path not in arrays
            or path not in self.averages
            or arrays[path].shape != self.averages[path].shape
        ]
        if changed:
            message = f"`{changed[0] or 'model'}` is not the array that the average began with"
            raise ShapeError("KN417", message, help="make a new EMA when the structure of the model changes")
        return [(self.averages[path], w) for path, w in arrays.items()]

    def _arrays(self) -> dict[str, Array]:
        """Every array once, by its first path."""
        found: dict[int, tuple[str, Array]] = {}
        for path, w in leaves(self.model):
            found.setdefault(id(w), (path, w))
        return dict(found.values())


def _checked(decay: float) -> float:
    check_fraction("KN417", 0.999, decay=decay)
    return float(decay)

"""The training loop itself: for each step a gradient of one batch or of several, checked, and an update."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from typing import Any, ClassVar, cast

import numpy as np

from knetc.arguments import plain_function
from knetc.errors import ArgumentError
from knetc.gradient import Gradient
from knetc.runtime import rng
from knetc.train.nonfinite import Attempt
from knetc.train.optimiser import Move
from knetc.train.position import Around, skipping
from knetc.train.update import Updating, moves


@dataclass(frozen=True)
class Training(Around):
    """The losses of one pass over `data`, one update each. Made by `minimize`."""

    within: ClassVar[str] = "data"

    loss: Callable[..., Any]
    trained: Any
    data: Iterable[Any]
    optimiser: Updating
    accumulate: int = 1
    bad_batch: str | PathLike[str] | None = None

    def __len__(self) -> int:
        return (len(cast(Sized, self.data)) + self.accumulate - 1) // self.accumulate

    def __iter__(self) -> Iterator[float]:
        return self.skipping(0)

    def skipping(self, n: int) -> Iterator[float]:
        """The losses after the first `n` updates, which have been made already."""
        gradient = Gradient(self.loss, 0, value=True, source=None, rows=True)
        batches, step = skipping(self.data, n * self.accumulate), n
        while chosen := list(islice(batches, self.accumulate)):
            step += 1
            found = [self._differentiated(gradient, batch, step, i) for i, batch in enumerate(chosen)]
            self.optimiser.apply(_mean([part for _, part in found]))
            yield sum(value for value, _ in found) / len(found)
        if step == 0:
            raise ArgumentError(
                "KN421",
                f"there is no batch to train on: the {type(self.data).__name__} is empty",
                help="an iterator gives its batches once only: pass a list, or what minibatch returns",
            )

    def state(self) -> dict[str, Any]:
        """What an update changes."""
        return {"loss": self.loss, "model": self.trained, "optimiser": self.optimiser}

    def _differentiated(self, gradient: Gradient, batch: Any, step: int, i: int) -> tuple[float, list[Move]]:
        """The loss of a batch, and its gradient, both finite."""
        arguments = batch if isinstance(batch, tuple) else (batch,)
        random = rng.state()
        try:
            with np.errstate(
                over="ignore", invalid="ignore", divide="ignore"
            ):  # what comes of it is reported
                value, bars = gradient(self.trained, *arguments)
        except TypeError:
            _check_arity(self.loss, self.trained, arguments)
            raise
        where = f"step {step} (batch {(step - 1) * self.accumulate + i + 1})"
        attempt = Attempt(self.loss, (self.trained, *arguments), where, random, self.bad_batch)
        attempt.check_value(float(value))
        found = moves(self.trained, bars)
        attempt.check_gradient(found)
        return float(value), found


def _mean(gradients: list[list[Move]]) -> list[Move]:
    """The mean gradient of several batches."""
    if len(gradients) == 1:
        return gradients[0]
    total: dict[int, Move] = {}
    for move in (move for found in gradients for move in found):
        known = total.get(id(move.w))
        total[id(move.w)] = move if known is None else known._replace(g=known.g + move.g)
    return [move._replace(g=move.g * (1 / len(gradients))) for move in total.values()]


def _check_arity(loss: Callable[..., Any], trained: Any, arguments: tuple[Any, ...]) -> None:
    """Raise `ArgumentError` (KN415) if the items of a batch are not what the loss takes."""
    function, bound = plain_function(loss)
    try:
        inspect.signature(function).bind(*bound, trained, *arguments)
    except TypeError as error:
        names = list(inspect.signature(function).parameters)[len(bound) + 1 :]
        raise ArgumentError(
            "KN415",
            f"a batch has {len(arguments)} items, but `{function.__qualname__}` takes ({', '.join(names)}): {error}",
            help="a batch is a tuple with an item for each argument; anything else is one argument",
        ) from error

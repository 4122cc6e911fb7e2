"""The training loop itself: for each step a gradient of one batch or of several, checked, and an update."""

from __future__ import annotations

import functools
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
from knetc.runtime.tree import leaves
from knetc.train.nonfinite import Attempt
from knetc.train.optimiser import Move
from knetc.train.position import Around, skipping
from knetc.train.update import Updating, moves


@dataclass(frozen=True, repr=False)
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
        gradient = _gradient(self.loss)
        batches, step = skipping(self.data, n * self.accumulate), n
        while True:
            losses: list[float] = []
            total: dict[int, Move] = {}
            for batch in islice(batches, self.accumulate):
                losses.append(self._differentiated(gradient, batch, step + 1, len(losses), total))
            if not losses:
                break
            step += 1
            self.optimiser.apply(_mean(total, len(losses)))
            yield sum(losses) / len(losses)
        if step == 0:
            raise ArgumentError(
                "KN421",
                f"there is no batch to train on: the {type(self.data).__name__} is empty",
                help="an iterator gives its batches once only: pass a list, or what minibatch returns",
            )

    def __repr__(self) -> str:
        loss = getattr(self.loss, "__qualname__", type(self.loss).__name__)
        return f"<training of {loss} by {type(self.optimiser).__name__}>"

    def state(self) -> dict[str, Any]:
        """What an update changes."""
        return {"loss": self.loss, "model": self.trained, "optimiser": self.optimiser}

    def _differentiated(
        self, gradient: Gradient, batch: Any, step: int, i: int, total: dict[int, Move]
    ) -> float:
        """The loss of batch `i` of a step; its gradient is added to the `total`. Both are finite."""
        arguments = batch if isinstance(batch, tuple) else (batch,)
        random = rng.state()
        parameters = {id(w): w for _, w in leaves(self.trained)}  # what the loss puts in is none
        try:
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # reported below
                value, bars = gradient(self.trained, *arguments)
        except TypeError:
            _check_arity(self.loss, self.trained, arguments)
            raise
        where = f"step {step} (batch {(step - 1) * self.accumulate + i + 1})"
        attempt = Attempt(self.loss, (self.trained, *arguments), where, random, self.bad_batch)
        found = moves(self.trained, bars, among=parameters)
        number = attempt.checked(value, found)
        for move in found:
            known = total.get(id(move.w))
            total[id(move.w)] = move if known is None else known._replace(g=known.g + move.g)
        return number


@functools.lru_cache(maxsize=32)
def _gradient(loss: Callable[..., Any]) -> Gradient:
    """The gradient of a loss, kept for the next loops over the same: it need not be compiled again."""
    return Gradient(loss, 0, value=True, source=None, rows=True)


def _mean(total: dict[int, Move], n: int) -> list[Move]:
    """The mean of `n` gradients, from their sum."""
    return [move if n == 1 else move._replace(g=move.g * (1 / n)) for move in total.values()]


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

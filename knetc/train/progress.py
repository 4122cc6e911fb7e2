"""`progress(iterator)` passes everything through and shows how far it has come, up to ten times a second."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Generic, TypeVar, cast

from knetc.errors import ArgumentError
from knetc.train.position import Around, skipping
from knetc.train.render import Renderer, choose
from knetc.train.snapshot import Snapshot

T = TypeVar("T")
INTERVAL = 0.1  # seconds between two drawings
MEMORY = 0.02  # weight of a new loss in the running mean, once there are 50


@dataclass
class Counter:
    """Counts steps and averages their losses."""

    total: int | None
    start: float = field(default_factory=perf_counter)
    due: float = 0.0
    count: int = 0
    loss: float | None = None

    def add(self, value: Any) -> None:
        """Count one step. Its value is averaged if it is a real number, and not an integer."""
        self.count += 1
        if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
            loss = float(value)
            mean = loss if self.loss is None else self.loss
            self.loss = mean + (loss - mean) * max(1 / self.count, MEMORY)

    def is_due(self) -> bool:
        """Whether it is time to draw again."""
        now = perf_counter()
        if now < self.due:
            return False
        self.due = now + INTERVAL
        return True

    def snapshot(self, *, stopped: bool = False) -> Snapshot:
        """How things stand."""
        return Snapshot(self.count, self.total, perf_counter() - self.start, self.loss, stopped)


@dataclass(frozen=True)
class Progress(Around, Generic[T]):
    """An iterable shown while it is gone through. Made by `progress`."""

    iterable: Iterable[T]
    total: int | None
    every: float
    renderer: Renderer | None

    def __len__(self) -> int:
        return len(cast(Sized, self.iterable))

    def __iter__(self) -> Iterator[T]:
        return self._shown(self.iterable, self.total)

    def skipping(self, n: int) -> Iterator[T]:
        """Show what is left after the first `n` items."""
        rest = None if self.total is None else max(0, self.total - n)
        return self._shown(skipping(self.iterable, n), rest)

    def _shown(self, iterable: Iterable[T], total: int | None) -> Iterator[T]:
        renderer = self.renderer or choose(self.every)
        counter = Counter(total)
        finished = False
        try:
            renderer.show(counter.snapshot())
            for value in iterable:
                counter.add(value)
                if counter.is_due():
                    renderer.show(counter.snapshot())
                yield value
            finished = True
        finally:
            renderer.close(counter.snapshot(stopped=not finished))


def progress(
    iterator: Iterable[T], *, total: int | None = None, every: float = 5.0, renderer: Renderer | None = None
) -> Progress[T]:
    """Go through `iterator` and show the count, the rate, the running mean of the losses and the time left.

    In a terminal that is a bar, in a notebook a bar that needs no widgets, elsewhere a plain line every
    `every` seconds and one at the end; `renderer` overrides the choice. `total` is the number of steps where
    `iterator` has no length. The display is closed when the loop ends, in whatever way. Raises
    `ArgumentError` (KN411) for an `every` that is not positive.

    >>> from knetc.train.render import Quiet
    >>> sum(progress([1, 2, 3], renderer=Quiet()))
    6
    """
    if not every > 0:
        raise ArgumentError("KN411", f"`every` is {every}; expected more than 0 seconds", help="every=5.0")
    if total is None:
        length = operator.length_hint(iterator, -1)
        total = length if length >= 0 else None
    return Progress(iterator, total, every, renderer)

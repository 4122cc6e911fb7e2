"""`progress(iterator)` passes everything through and shows how far it has come, up to ten times a second."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Generic, TypeVar, cast

from knetc.errors import ArgumentError
from knetc.train.message import Message
from knetc.train.position import Around, skipping
from knetc.train.ranges import check_non_negative
from knetc.train.render import Renderer, choose
from knetc.train.snapshot import Snapshot

T = TypeVar("T")
INTERVAL = 0.1  # seconds between two drawings
MEMORY = 0.02  # weight of a new loss in the running mean, once there are 50


@dataclass
class Counter:
    """Where a loop stands: counts its steps and averages their losses; `value` is the last one.

    A message function is asked with it.
    """

    total: int | None
    start: float = field(default=0.0, init=False)
    due: float = 0.0
    count: int = 0
    loss: float | None = None
    value: Any = None

    def __post_init__(self) -> None:
        self.start = perf_counter()

    def add(self, value: Any) -> None:
        """Count one step. Its value is averaged if it is a real number, and not an integer."""
        self.count += 1
        self.value = value
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

    @property
    def seconds(self) -> float:
        """The time since the start."""
        return perf_counter() - self.start

    def snapshot(self, message: str = "", *, stopped: bool = False) -> Snapshot:
        """How things stand."""
        return Snapshot(self.count, self.total, self.seconds, self.loss, stopped, message)


@dataclass(frozen=True)
class Progress(Around, Generic[T]):
    """An iterable shown while it is gone through. Made by `progress`."""

    iterable: Iterable[T]
    total: int | None
    every: float
    renderer: Renderer | None
    message: Callable[[Counter], Any] | None = None
    steps: int = 0
    seconds: float = 0.0

    def __len__(self) -> int:
        return len(cast(Sized, self.iterable))

    def __iter__(self) -> Iterator[T]:
        return self._shown(self.iterable, self.total)

    def skipping(self, n: int) -> Iterator[T]:
        """Show what is left after the first `n` items."""
        rest = None if self.total is None else max(0, self.total - n)
        return self._shown(skipping(self.iterable, n), rest)

    def _shown(self, iterable: Iterable[T], total: int | None) -> Iterator[T]:
        timed = self.steps > 0 or self.seconds > 0
        renderer = self.renderer or choose(0.0 if timed else self.every)
        message = Message(self.message or _nothing, self.steps, self.seconds if timed else 1.0)
        counter = Counter(total)
        finished = False
        try:
            renderer.show(counter.snapshot())
            for value in iterable:
                counter.add(value)
                asked = message.is_due(counter.count, counter.seconds)
                if asked and message.ask(counter):
                    return
                if asked if timed else counter.is_due():
                    renderer.show(counter.snapshot(message.text))
                yield value
            finished = True
            if counter.count > message.count:
                message.ask(counter)
        finally:
            renderer.close(counter.snapshot(message.text, stopped=not finished))


def progress(
    iterator: Iterable[T],
    *,
    message: Any = None,
    steps: int = 0,
    seconds: float = 0.0,
    total: int | None = None,
    every: float = 5.0,
    renderer: Renderer | None = None,
) -> Progress[T]:
    """Go through `iterator` and show the count, the rate, the running mean of the losses and the time left.

    In a terminal that is a bar, in a notebook a bar that needs no widgets, elsewhere a plain line every `every`
    seconds and one at the end; `renderer` overrides the choice. `total` is the number of steps where `iterator` has no
    length. The display is closed when the loop ends, in whatever way.

    `message(p)` says what is shown beside the bar, such as an accuracy. It is asked after the first step, after every
    `steps` of them or when `seconds` have passed (one second if neither is given), and at the end. It sees the last
    `p.value`, their number `p.count`, their running mean `p.loss` and the `p.total`. If it returns "stop" the loop
    ends, and the value is not passed on (as in Knet). With `steps` or `seconds` the display is renewed then only.

    Raises `ArgumentError` (KN411) for an `every` that is not positive, negative `steps` or `seconds`, or a message
    that is not a function.

    >>> from knetc.train.render import Quiet
    >>> sum(progress([1, 2, 3], renderer=Quiet()))
    6
    >>> list(progress([3, 2, 1, 0], steps=1, message=lambda p: "stop" if p.value < 2 else "", renderer=Quiet()))
    [3, 2]
    """
    if not every > 0:
        raise ArgumentError("KN411", f"`every` is {every}; expected more than 0 seconds", help="every=5.0")
    check_non_negative("KN411", 1, steps=steps, seconds=seconds)
    if not (message is None or callable(message)):
        shown = f"`message` is {message!r}; expected a function of where the loop stands"
        raise ArgumentError("KN411", shown, help='message=lambda p: f"{p.count} done"')
    if total is None:
        length = operator.length_hint(iterator, -1)
        total = length if length >= 0 else None
    return Progress(iterator, total, every, renderer, message, steps, seconds)


def _nothing(_: Counter) -> str:
    return ""

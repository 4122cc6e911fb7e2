"""Looking at values as they go by: the common part of what watches a training loop, and may end it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from knetc.errors import ArgumentError
from knetc.train.position import Around, skipping
from knetc.train.ranges import check_count, check_non_negative

T = TypeVar("T")


@dataclass(frozen=True)
class Watched(Around, Generic[T]):
    """What `iterable` gives; `see` is called with each value before it is passed on, and ends the loop by True.

    `watcher` is the object that remembers what it has seen, and goes into a checkpoint.

    >>> list(Watched([3, 2, 1, 0], lambda value: value == 1))
    [3, 2, 1]
    """

    iterable: Iterable[T]
    see: Callable[[T], Any]
    watcher: Any = None

    def __len__(self) -> int:
        """The number of values if nothing ends the loop."""
        return len(cast(Sized, self.iterable))

    def __iter__(self) -> Iterator[T]:
        return self._seen(self.iterable)

    def skipping(self, n: int) -> Iterator[T]:
        """Watch what is left after the first `n` values; nothing if they had ended the loop."""
        ended = n and getattr(self.watcher, "stopped", False)
        return iter(()) if ended else self._seen(skipping(self.iterable, n))

    def state(self) -> dict[str, Any]:
        """What the watcher remembers, and what the one within does."""
        return {"watcher": self.watcher, "within": super().state()}

    def _seen(self, iterable: Iterable[T]) -> Iterator[T]:
        for value in iterable:
            ends = self.see(value) is True
            yield value
            if ends:
                return


@dataclass
class Best:
    """The best value so far, and how many values in a row have not been better by more than `min_delta`.

    `mode` says what is better: "min", or "max". Raises `ArgumentError` (KN419) for options out of range.

    >>> best = Best(patience=2)
    >>> [best.report(value) for value in (3.0, 1.0, 2.0, 1.0)], best.value, best.waited
    ([True, True, False, False], 1.0, 2)
    """

    patience: int
    min_delta: float = 0.0
    mode: str = "min"
    value: float = field(init=False)
    waited: int = field(default_factory=int, init=False)

    def __post_init__(self) -> None:
        self.value = -math.inf if self.mode == "max" else math.inf
        check_count("KN419", "values", patience=self.patience)
        check_non_negative("KN419", min_delta=self.min_delta)
        if self.mode not in ("min", "max"):
            message = f"`mode` is {self.mode!r}; expected 'min' or 'max'"
            raise ArgumentError("KN419", message, help="mode='max' for an accuracy")

    @property
    def is_overdue(self) -> bool:
        """Whether `patience` values in a row were no better."""
        return self.waited >= self.patience

    def report(self, value: float) -> bool:
        """Take a value into account; tells whether it is the best so far. One that is nan is not."""
        found = number(value)
        better = found - self.value if self.mode == "max" else self.value - found
        if better > self.min_delta:
            self.value, self.waited = found, 0
        else:
            self.waited += 1
        return self.waited == 0


def number(value: Any) -> float:
    """A value as a float. Raises `ArgumentError` (KN420) if it is not one number.

    >>> number(2)
    2.0
    """
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            "KN420",
            f"a loss to watch is a {type(value).__name__}; expected a number",
            help="watch what minimize gives, or pass measure=lambda: ...",
        ) from error

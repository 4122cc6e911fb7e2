"""When to stop: `converge` on the losses themselves, `EarlyStopping` on what is measured on other data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import numpy as np

from knetc.runtime.frozen import is_frozen
from knetc.runtime.mirror import is_array
from knetc.runtime.tree import ATOMS, attributes
from knetc.train.position import Around, refuse_checkpoints, skipping
from knetc.train.ranges import check, check_count
from knetc.train.watch import Best, Watched, number

T = TypeVar("T", bound=float)
PLAIN = (bool, int, float, str, type(None))


@dataclass
class Falling:
    """Whether values still fall: their running mean, and that of their differences from it.

    >>> falling = Falling(0.5)
    >>> [falling.see(x) for x in (3.0, 2.0, 2.0, 4.0)]
    [True, True, True, False]
    """

    alpha: float
    mean: float | None = None
    slope: float = 0.0

    def see(self, x: float) -> bool:
        """Take a value into account."""
        mean = x if self.mean is None else self.mean
        self.slope = self.alpha * (x - mean) + (1 - self.alpha) * self.slope
        self.mean = self.alpha * x + (1 - self.alpha) * mean
        return not self.slope > 0


@dataclass(frozen=True)
class Converge(Around):
    """The values of `iterator` until they stop falling. Made by `converge`."""

    within: ClassVar[str] = "iterator"

    iterator: Iterable[float]
    falling: Falling

    def __iter__(self) -> Iterator[float]:
        self.falling.mean, self.falling.slope = None, 0.0
        return self.skipping(0)

    def skipping(self, n: int) -> Iterator[float]:
        """Go on after the first `n` values, which have been taken into account."""
        for value in skipping(self.iterator, n):
            if not self.falling.see(number(value)):
                return
            yield value

    def state(self) -> dict[str, Any]:
        """The averages, and the state of the one within."""
        return {"falling": self.falling, "within": super().state()}


def converge(iterator: Iterable[float], alpha: float = 0.1) -> Converge:
    """The values of `iterator`, until they no longer fall: `run(converge(adam(model, cycle(batches))))`.

    A running mean of weight `alpha` is compared with each value, and the differences are averaged in the same way; the
    first value that makes this average positive ends the loop, and is not passed on (as in Knet).

    Raises `ArgumentError` (KN419) for an `alpha` outside 0 to 1, (KN420) for values that are not numbers, and (KN425)
    around `checkpointed`, which belongs around it.

    >>> list(converge([4.0, 3.0, 2.0, 2.5, 4.0, 5.0], alpha=0.5))
    [4.0, 3.0, 2.0, 2.5]
    """
    check("KN419", "more than 0, and at most 1", lambda value: 0 < value <= 1, 0.1, alpha=alpha)
    refuse_checkpoints(iterator, "converge", "converge(adam(model, data))")
    return Converge(iterator, Falling(alpha))


@dataclass
class EarlyStopping:
    """Ends a loop after `patience` values in a row that were no better than the best one.

    The values are those of the iterator, or what `measure()` gives after `every` of them: a loss on held-out data once
    an epoch. A value is better if it is lower than the best by more than `min_delta` (higher with `mode="max"`). With
    `model`, its arrays at the best value are kept, also those of frozen objects such as the moments of `BatchNorm`, and
    put back when the loop is stopped; `restore()` does so at any other time.

    The losses of `minimize` are those before each update, so weights go better with `measure`.

    Raises `ArgumentError` (KN419) for options out of range, (KN420) for values that are not numbers.

    >>> stop = EarlyStopping(patience=2)
    >>> list(stop.watch([3.0, 2.0, 2.5, 2.1, 1.0])), stop.stopped
    ([3.0, 2.0, 2.5, 2.1], True)
    """

    patience: int
    min_delta: float = 0.0
    mode: str = "min"
    measure: Callable[[], float] | None = None
    every: int = 1
    model: Any = None
    stopped: bool = field(default_factory=bool, init=False)
    seen: int = field(default_factory=int, init=False)
    best: Best = field(init=False)
    weights: list[Any] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        check_count("KN419", "values", every=self.every)
        self.best = Best(self.patience, self.min_delta, self.mode)
        self.weights = [_copied(value) for _, _, value in _places(self.model)]

    def watch(self, iterator: Iterable[T]) -> Watched[T]:
        """`iterator`, until it is time to stop.

        Raises `ArgumentError` (KN425) around `checkpointed`, which belongs around it.
        """
        refuse_checkpoints(iterator, "EarlyStopping.watch", "stop.watch(adam(model, data))")
        return Watched(iterator, self._see, self)

    def restore(self) -> None:
        """Put the arrays of the best value back into the model, and the numbers of its frozen objects."""
        for (owner, key, value), kept in zip(_places(self.model), self.weights, strict=True):
            if _is_alike(value, kept):
                value[...] = kept
            elif not np.array_equal(value, kept):
                _put(owner, key, _copied(kept))

    def _see(self, value: float) -> bool:
        self.seen += 1
        if self.seen % self.every:
            return False
        if self.best.report(value if self.measure is None else self.measure()):
            for i, (_, _, part) in enumerate(_places(self.model)):
                if _is_alike(self.weights[i], part):
                    self.weights[i][...] = part
                else:
                    self.weights[i] = _copied(part)
        self.stopped = self.best.is_overdue
        if self.stopped:
            self.restore()
        return self.stopped


def _places(model: Any) -> list[tuple[Any, Any, Any]]:
    """Where a model holds arrays, and its frozen objects numbers: (owner, key, value), in the order of attributes."""
    return [] if model is None else list(_walk([model], False, set()))


def _walk(owner: Any, is_constant: bool, seen: set[int]) -> Iterator[tuple[Any, Any, Any]]:
    """The places in an owner that has not been seen; in what is frozen also plain values, which training may change."""
    if id(owner) in seen:
        return
    seen.add(id(owner))
    is_constant = is_constant or is_frozen(owner)
    held = owner if isinstance(owner, dict) else attributes(owner)
    for key, value in enumerate(owner) if isinstance(owner, (list, tuple)) else held.items():
        if is_array(value) or (is_constant and isinstance(value, PLAIN) and key != "__knetc_frozen__"):
            yield owner, key, value
        elif not isinstance(value, ATOMS):
            yield from _walk(value, is_constant, seen)


def _is_alike(target: Any, source: Any) -> bool:
    """Whether an array takes the values of another one in place."""
    if not (is_array(target) and is_array(source)):
        return False
    writeable = not isinstance(target, np.ndarray) or target.flags.writeable
    return writeable and target.shape == source.shape and bool(target.dtype == source.dtype)


def _copied(value: Any) -> Any:
    return value.copy() if is_array(value) else value


def _put(owner: Any, key: Any, value: Any) -> None:
    if isinstance(owner, (list, dict)):
        owner[key] = value
    elif not isinstance(owner, tuple):
        object.__setattr__(owner, key, value)

"""A learning rate that falls when the losses no longer do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from knetc.train.optimiser import Rate
from knetc.train.position import refuse_checkpoints
from knetc.train.ranges import check, check_count, check_non_negative
from knetc.train.watch import Best, Watched

T = TypeVar("T", bound=float)


@dataclass
class ReduceOnPlateau:
    """A schedule: `lr`, times `factor` whenever `patience` values in a row were no better than the best one.

    The values are those of an iterator that goes through `watch`, or what is given to `report`: the losses of batches
    are noisy, so give it a running mean, a loss of the whole epoch, or `measure`, a function that is asked `every` so
    many values. A value is better if it is lower than the best by more than `min_delta` (higher with `mode="max"`).
    `lr` may be a schedule; the rate does not fall below `minimum`.

    Raises `ArgumentError` (KN407, KN419) for options out of range.

    >>> plateau = ReduceOnPlateau(1.0, factor=0.5, patience=2)
    >>> for loss in plateau.watch([3.0, 2.0, 2.0, 2.0, 1.0]):
    ...     print(loss, plateau(0))
    3.0 1.0
    2.0 1.0
    2.0 1.0
    2.0 0.5
    1.0 0.5
    """

    lr: Rate
    factor: float = 0.1
    patience: int = 10
    min_delta: float = 0.0
    mode: str = "min"
    minimum: float = 0.0
    measure: Callable[[], float] | None = None
    every: int = 1
    scale: float = field(default=1.0, init=False)
    seen: int = field(default_factory=int, init=False)
    best: Best = field(init=False)

    def __post_init__(self) -> None:
        if not callable(self.lr):
            check_non_negative("KN407", lr=self.lr)
        check_non_negative("KN407", minimum=self.minimum)
        check("KN419", "more than 0, and less than 1", lambda value: 0 < value < 1, 0.1, factor=self.factor)
        check_count("KN419", "values", every=self.every)
        self.scale = 1.0
        self.best = Best(self.patience, self.min_delta, self.mode)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        rate = self.lr(step) if callable(self.lr) else self.lr
        return max(rate * self.scale, min(rate, self.minimum))

    def report(self, value: float) -> None:
        """Take a loss into account."""
        self.best.report(value)
        if self.best.is_overdue:
            self.scale *= self.factor
            self.best.waited = 0

    def watch(self, iterator: Iterable[T]) -> Watched[T]:
        """`iterator`, its values reported as they pass; or what `measure` gives, after `every` of them.

        Raises `ArgumentError` (KN425) around `checkpointed`, which belongs around it.
        """
        refuse_checkpoints(iterator, "ReduceOnPlateau.watch", "plateau.watch(adam(model, data))")
        return Watched(iterator, self._see, self)

    def _see(self, value: float) -> None:
        self.seen += 1
        if self.seen % self.every == 0:
            self.report(value if self.measure is None else self.measure())

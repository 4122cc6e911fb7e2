"""`logged(iterator, ...)` passes everything through and writes records of it to files, a `History` or TensorBoard.

for loss in checkpointed(logged(adam(model, ncycle(batches, 3)), "runs/1/log.jsonl", every=10), "runs/1"):
    ...
"""

from __future__ import annotations

import numbers
import os
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from knetc.errors import ArgumentError
from knetc.runtime.mirror import is_array
from knetc.train.logfile import LogFile, Number, Record
from knetc.train.position import Around, refuse_checkpoints, skipping

T = TypeVar("T")


class Sink(Protocol):
    """Where records go: a `LogFile`, a `History`, a `TensorBoard`, or something of the user's own."""

    def begin(self, step: int, names: list[str]) -> None:
        """Records after `step` will come; those that are there already are out of date."""

    def write(self, record: Record) -> None:
        """Take a record."""

    def end(self) -> None:
        """No more records will come."""


@dataclass(frozen=True)
class Logged(Around, Generic[T]):
    """An iterable whose values are written down while it is gone through. Made by `logged`."""

    iterable: Iterable[T]
    sinks: tuple[Sink, ...]
    every: int
    metrics: dict[str, Callable[[], Any]]

    def __len__(self) -> int:
        return len(cast(Sized, self.iterable))

    def __iter__(self) -> Iterator[T]:
        return self.skipping(0)

    def skipping(self, n: int) -> Iterator[T]:
        """Write down what comes after the first `n` items; of these, there are records already."""
        with ExitStack() as stack:
            for sink in self.sinks:
                sink.begin(n, ["step", "loss", *self.metrics])
                stack.callback(sink.end)
            for step, value in enumerate(skipping(self.iterable, n), start=n + 1):
                if step % self.every == 0:
                    self._write({"step": step, "loss": _number("loss", value)})
                yield value

    def _write(self, record: Record) -> None:
        for name, metric in self.metrics.items():
            record[name] = _number(name, metric())
        for sink in self.sinks:
            sink.write(record)


def logged(
    iterator: Iterable[T],
    *sinks: str | os.PathLike[str] | Sink,
    every: int = 1,
    **metrics: Callable[[], Any],
) -> Logged[T]:
    """Go through `iterator`, writing a record after every `every` steps: the step, the loss, and the `metrics`.

    A sink is the path of a file (`.jsonl` or `.csv`), to which lines are appended as they come, a `History`, a
    `TensorBoard`, or any object with its methods. A metric is a function without arguments that gives a number,
    called when the step is done: `accuracy=lambda: accuracy(model, data=dtst)`.

    A file that is there is begun anew; inside `checkpointed`, which belongs around it, a run that goes on keeps the
    records up to its checkpoint and adds the rest, so that the file becomes that of an unbroken run.

    Raises `ArgumentError` (KN422 for `every`, KN425 for a sink that is none, a value that is no number, and around
    `checkpointed`) and `FileError` (KN429 for a file that is no log, KN616 for one that cannot be written).

    >>> from knetc.train.history import History
    >>> history, correct = History(), iter([50, 80])
    >>> list(logged([0.5, 0.25, 0.125, 0.0625], history, every=2, correct=lambda: next(correct)))
    [0.5, 0.25, 0.125, 0.0625]
    >>> history
    [{'step': 2, 'loss': 0.25, 'correct': 50}, {'step': 4, 'loss': 0.0625, 'correct': 80}]
    """
    if type(every) is not int or every < 1:
        msg = f"`every` is {every!r}; expected the number of steps between two records"
        raise ArgumentError("KN422", msg, help="every=100")
    refuse_checkpoints(iterator, "logged", "logged(adam(model, data), path)")
    return Logged(iterator, tuple(_sink(sink) for sink in sinks), every, metrics)


def _sink(given: Any) -> Sink:
    if isinstance(given, (str, os.PathLike)):
        return LogFile(given)
    if all(callable(getattr(given, name, None)) for name in ("begin", "write", "end")):
        found: Sink = given
        return found
    raise ArgumentError(
        "KN425",
        f"a {type(given).__name__} takes no records; expected a path, a History or a TensorBoard",
        help='logged(iterator, "log.jsonl")',
    )


def _number(name: str, value: Any) -> Number:
    """A value as a plain number, scalars of arrays included."""
    if is_array(value) and value.shape == ():
        value = value.item()
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    raise ArgumentError(
        "KN425",
        f"`{name}` is a {type(value).__name__}; expected a number",
        help=f"{name}=lambda: float(...)",
    )

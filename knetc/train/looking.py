"""A tape that looks at what goes over it: which step was the first to give something that is not finite, and where.

Operations, reads and stores are noted with the line of the user's that was running, and with words about their values
as they were at that moment. On the way back the first cotangent that is not finite is noted in the same way.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knetc.errors import Place
from knetc.ops.registry import Op
from knetc.recording.arrays import Read
from knetc.recording.functions import is_recorded
from knetc.recording.memory import root
from knetc.recording.tape import Bars, Entry, Tape
from knetc.traceback import HIDDEN, running_place
from knetc.train.culprit import bad, has_nan, told_derivative, told_value


@dataclass(frozen=True)
class Origin:
    """What happened first, in words, and where in the user's source; no place where it was in the data already."""

    what: str
    place: Place | None = None


@dataclass
class Step:
    """An operation as it was when it ran: what went in and was not finite, and whether what came out was.

    `told` says what happened, if it was the first in some way: `is_clean` if all that went in was finite, `is_foreign`
    if the rest came from outside of the tape, `makes_nan` if no nan went in (an infinity perhaps) and one came out.
    """

    entry: Any
    place: Place | None
    bad_inputs: list[Any]
    bad_output: bool
    is_clean: bool
    is_foreign: bool
    makes_nan: bool
    told: str = ""

    def __post_init__(self) -> None:
        if self.is_clean or self.is_foreign or self.makes_nan:
            self.told = told_value(self.entry)  # now: memory may be written to later

    @property
    def origin(self) -> Origin:
        """What happened here."""
        return Origin(self.told, self.place)


class LookingTape(Tape):
    """A tape that notes at each step where the program is, and whether its values are finite."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []

    def add(self, entry: Entry) -> None:
        """Append a step."""
        super().add(entry)
        self._note(entry)

    def write(self, array: Any, entry: Entry) -> None:
        """Append a step that has written into an array."""
        super().write(array, entry)
        self._note(entry)

    def was_active(self, value: Any) -> bool:
        """Whether a value came of the arguments: of an operation that is on this tape, or of themselves."""
        known = self.memories if isinstance(value, np.ndarray) else self.numbers
        return any(key in known for key in keys(value))

    def _note(self, entry: Entry) -> None:
        if not self.is_open:
            return
        wrong = [value for value in _inputs(entry) if bad(value)]
        out = [value for value in flat(output(entry)) if bad(value)]
        known = any(map(self.was_active, wrong))
        makes_nan = any(map(has_nan, out)) and not any(map(has_nan, wrong))
        clean, foreign = bool(out) and not wrong, bool(out and wrong) and not known
        self.steps.append(Step(entry, _place(), wrong, bool(out), clean, foreign, makes_nan))


@dataclass
class LookingBars(Bars):
    """Cotangents that note the first one that is not finite: which operation sent it, in which words."""

    tape: Tape
    found: str = ""
    sender: Any = field(default=None)

    def __post_init__(self) -> None:
        super().__init__(self.tape)

    def pull(self, op: Op, parameter: str, g: Any, y: Any, *args: Any, **options: Any) -> Any:
        """The cotangent of one argument of an operation."""
        bar = super().pull(op, parameter, g, y, *args, **options)
        if not self.found and any(map(bad, flat(bar))):
            self.found = told_derivative(op, parameter, g, y, args, options)
        return bar

    def add(self, value: Any, bar: Any) -> None:
        """Add to the cotangent of a value."""
        if not self.found and any(map(bad, flat(bar))):
            name = self.sender.op.name if hasattr(self.sender, "op") else "a store into an array"
            self.found = f"`{name}` has no finite derivative there"
        super().add(value, bar)


def _place() -> Place | None:
    """The line of the user's that is running, in a function that is recorded."""
    frame: types.FrameType | None = sys._getframe(2)  # noqa: SLF001  the only way to the callers
    inner: types.FrameType | None = None
    while frame is not None:
        if is_recorded(frame.f_code):
            inner = inner or frame
            if not frame.f_code.co_filename.startswith(HIDDEN):
                return running_place(types.TracebackType(None, frame, frame.f_lasti, frame.f_lineno))
        frame = frame.f_back
    if inner is None:
        return None
    return running_place(types.TracebackType(None, inner, inner.f_lasti, inner.f_lineno))


def _inputs(entry: Any) -> list[Any]:
    if hasattr(entry, "args"):
        return list(flat((entry.args, tuple(entry.kwargs.values()))))
    array, value = getattr(entry, "array", None), getattr(entry, "value", None)
    return [array] if isinstance(entry, Read) else [array, value]


def output(entry: Any) -> Any:
    """What an entry gave, or wrote into."""
    if hasattr(entry, "args") or isinstance(entry, Read):
        return entry.value
    return getattr(entry, "array", None)


def flat(value: Any) -> Iterator[Any]:
    """A value, or what a list or tuple holds."""
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from flat(part)
    else:
        yield value


def keys(value: Any) -> list[int]:
    """What a value is known by: an array by its memory, a number by its identity."""
    return [id(root(part)) if isinstance(part, np.ndarray) else id(part) for part in flat(value)]

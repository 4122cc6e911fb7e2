"""Where a nan or an infinity came from: the step once more, each operation on a tape that looks at what it gives.

The function runs in its recorded form, whether it is compiled or not, so callees, methods and objects are looked into.
A loss that is not finite is followed back from the end: to the operation that gave such a value out of finite ones, and
on which the loss depends (an infinity that `np.where` leaves out is none of the reasons). A gradient is followed on its
way back, to the first operation that sends something not finite to its operands.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from knetc.arguments import plain_function
from knetc.errors import Place
from knetc.ops.registry import Op
from knetc.recording.functions import is_recorded
from knetc.recording.inputs import Entered
from knetc.recording.memory import root
from knetc.recording.recorder import Recorder
from knetc.recording.tape import Bars, Entry, Tape
from knetc.runtime.mirror import is_number
from knetc.runtime.tree import is_leaf, parts
from knetc.traceback import HIDDEN, running_place
from knetc.train.culprit import bad, index_of_bad, told_derivative, told_value

Function = Callable[..., Any]


class Active(NamedTuple):
    """What is followed through the program: the data besides the parameters, numbers besides arrays."""

    data: bool
    numbers: bool


ACTIVE = [Active(data=True, numbers=True), Active(data=True, numbers=False)]
ACTIVE += [Active(data=False, numbers=True), Active(data=False, numbers=False)]
"""As much as can be: what is computed of the data may be the reason, but not every operation takes an active one."""


@dataclass(frozen=True)
class Origin:
    """What happened first, in words, and where in the user's source; no place where it was in the data already."""

    what: str
    place: Place | None = None


@dataclass
class Step:
    """An operation, as it was when it ran; `told` says what it made something not finite of, if it was the first."""

    entry: Any
    place: Place | None
    bad_inputs: list[Any]
    bad_output: bool
    told: str


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
        return any(key in known for key in _keys(value))

    def _note(self, entry: Entry) -> None:
        if not self.is_open:
            return
        wrong = [value for value in _inputs(entry) if bad(value)]
        spoilt = any(map(bad, _flat(_output(entry))))
        begins = spoilt and not any(map(self.was_active, wrong))  # told now: memory may be written to later
        self.steps.append(Step(entry, _place(), wrong, spoilt, told_value(entry) if begins else ""))


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
        if not self.found and any(map(bad, _flat(bar))):
            self.found = told_derivative(op, parameter, g, y, args, options)
        return bar

    def add(self, value: Any, bar: Any) -> None:
        """Add to the cotangent of a value."""
        if not self.found and any(map(bad, _flat(bar))):
            name = self.sender.op.name if hasattr(self.sender, "op") else "a store into an array"
            self.found = f"`{name}` has no finite derivative there"
        super().add(value, bar)


def origin_of_value(function: Function, args: tuple[Any, ...]) -> Origin | None:
    """What made the value of `function(*args)` nan or infinite; None where that cannot be told.

    The arguments are copied first, so nothing is changed by another run.

    >>> def f(w, x):
    ...     return np.sum(w * np.log(x))
    >>> origin_of_value(f, (np.ones(2), np.array([1.0, 0.0]))).what
    '`np.log` got 0.0 and gave -inf'
    """
    for active in ACTIVE:
        with contextlib.suppress(Exception):  # the error that is being explained matters more than this one
            return _first_cause(*_recorded(function, args, active))
    return None


def origin_of_gradient(function: Function, args: tuple[Any, ...]) -> Origin | None:
    """What made the gradient of `function(*args)` by its first argument nan or infinite, where that can be told.

    >>> origin_of_gradient(lambda w: np.sum(np.sqrt(w)), (np.array([4.0, 0.0]),)).what
    '`np.sqrt` got 0.0; its derivative is inf'
    """
    for active in ACTIVE[2:]:
        with contextlib.suppress(Exception):
            value, tape, _ = _recorded(function, args, active)
            return _first_sender(value, tape)
    return None


def _recorded(
    function: Function, args: tuple[Any, ...], active: Active
) -> tuple[Any, LookingTape, dict[int, str]]:
    """The value of a run on copies of the arguments, its tape, and what in the arguments was not finite, in words."""
    plain, bound = plain_function(function)
    given = [*bound, *copy.deepcopy(args)]
    names = list(inspect.signature(plain).parameters)
    tape = LookingTape()
    recorder = Recorder(tape)
    spoilt: dict[int, str] = {}
    with np.errstate(all="ignore"):
        for i in range(len(bound), len(given) if active.data else len(bound) + 1):
            if any(_held(given[i], "", ())):
                given[i] = Entered(given[i], tape).value
                spoilt |= dict(_spoilt(given[i], names[i] if i < len(names) else f"argument {i}"))
        if not active.numbers:
            tape.numbers.clear()
        try:
            value = recorder.recorded_function(plain)(*given)
        finally:
            tape.is_open = False
    return value, tape, spoilt


def _first_cause(value: Any, tape: LookingTape, spoilt: dict[int, str]) -> Origin | None:
    """The earliest step among those on which a value that is not finite depends for being so."""
    wanted = set(_keys(value))
    cause: Origin | None = None
    for step in reversed(tape.steps):
        if not step.bad_output or not wanted.intersection(_keys(_output(step.entry))):
            continue
        before = [key for found in step.bad_inputs for key in _keys(found)]
        told = next((spoilt[key] for key in before if key in spoilt), step.told)
        cause = Origin(told, step.place) if told else cause
        wanted.update(before)
    return cause


def _first_sender(value: Any, tape: LookingTape) -> Origin | None:
    """The first step on the way back that sends something not finite on."""
    bars = LookingBars(tape)
    bars.add(value, np.ones_like(value) if isinstance(value, np.ndarray) else 1.0)
    passed: list[Step] = []
    try:
        with np.errstate(all="ignore"):
            for step in reversed(tape.steps):
                passed.append(step)
                step.entry.undo()
                bars.sender = step.entry
                step.entry.back(bars)
                if bars.found:
                    return Origin(bars.found, step.place)
    finally:
        for step in reversed(passed):
            step.entry.redo()
    return None


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
        return list(_flat((entry.args, tuple(entry.kwargs.values()))))
    array, value = getattr(entry, "array", None), getattr(entry, "value", None)
    return [array] if type(entry).__name__ == "Read" else [array, value]


def _output(entry: Any) -> Any:
    if hasattr(entry, "args") or type(entry).__name__ == "Read":
        return entry.value
    return getattr(entry, "array", None)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _flat(part)
    else:
        yield value


def _keys(value: Any) -> list[int]:
    """What a value is known by: an array by its memory, a number by its identity."""
    return [id(root(part)) if isinstance(part, np.ndarray) else id(part) for part in _flat(value)]


def _held(value: Any, path: str, above: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
    """The float arrays and numbers in a value, with their paths."""
    if is_leaf(value) or is_number(value):
        yield path, value
    elif id(value) not in above:
        for step, _, part in parts(value):
            yield from _held(part, path + step, (*above, id(value)))


def _spoilt(value: Any, name: str) -> Iterator[tuple[int, str]]:
    """What in an argument is not finite, in words, by what it is known by."""
    for path, part in _held(value, name, ()):
        if bad(part):
            where = [int(i) for i in index_of_bad(part)]
            told = f"`{path}` holds {part[tuple(where)]} at {where}" if where else f"`{path}` is {part}"
            yield _keys(part)[0], told

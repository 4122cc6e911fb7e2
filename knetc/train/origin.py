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
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from knetc.arguments import plain_function
from knetc.errors import Place
from knetc.recording.inputs import Entered
from knetc.recording.recorder import Recorder
from knetc.runtime.mirror import is_number
from knetc.runtime.tree import is_leaf, parts
from knetc.train.culprit import bad, has_nan, told_element
from knetc.train.looking import LookingBars, LookingTape, Origin, Step, keys, output

Function = Callable[..., Any]


class Active(NamedTuple):
    """What is followed through the program: the data besides the parameters, numbers besides arrays."""

    data: bool
    numbers: bool


ACTIVE = [Active(data=True, numbers=True), Active(data=True, numbers=False)]
ACTIVE += [Active(data=False, numbers=True), Active(data=False, numbers=False)]
"""As much as can be: what is computed of the data may be the reason, but not every operation takes an active one."""


class Spoilt(NamedTuple):
    """An argument that was not finite before anything was computed, in words, and whether it holds nan."""

    told: str
    nan: bool


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
    for active in reversed(ACTIVE[2:]):  # arrays alone if that will do: only they are trained
        with contextlib.suppress(Exception):
            value, tape, _ = _recorded(function, args, active)
            found = _first_sender(value, tape)
            if found is not None:
                return found
    return None


def _recorded(
    function: Function, args: tuple[Any, ...], active: Active
) -> tuple[Any, LookingTape, dict[int, Spoilt]]:
    """The value of a run on copies of the arguments, its tape, and what in the arguments was not finite, in words."""
    plain, bound = plain_function(function)
    given = [*bound, *copy.deepcopy(args)]
    names = list(inspect.signature(plain).parameters)
    tape = LookingTape()
    recorder = Recorder(tape)
    spoilt: dict[int, Spoilt] = {}
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


def _first_cause(value: Any, tape: LookingTape, spoilt: dict[int, Spoilt]) -> Origin | None:
    """What comes first among the steps on which a value that is not finite depends for being so.

    A nan in the arguments is the reason; else an operation that made something not finite of what was finite; else, as
    an infinity may be meant (in a mask), the operation that made a nan of it; else where the infinity came from.
    """
    chain, given = _chain(value, tape, spoilt)
    clean, foreign, nan = (
        next((step.origin for step in chain if getattr(step, name)), None)
        for name in ("is_clean", "is_foreign", "makes_nan")
    )
    if given is None:
        return clean or nan or foreign
    (told, is_nan), place = given
    if is_nan or (clean is None and nan is None):
        return Origin(told, place)
    return clean or (nan and Origin(f"{nan.what}; {told}", nan.place))


def _chain(
    value: Any, tape: LookingTape, spoilt: dict[int, Spoilt]
) -> tuple[list[Step], tuple[Spoilt, Place | None] | None]:
    """The steps that matter, in order, and what in the arguments was not finite to begin with, and where it went in."""
    wanted = set(keys(value))
    chain: list[Step] = []
    given: tuple[Spoilt, Place | None] | None = None
    for step in reversed(tape.steps):
        if step.bad_output and wanted.intersection(keys(output(step.entry))):
            chain.insert(0, step)
            before = [key for found in step.bad_inputs for key in keys(found)]
            wanted.update(before)
            met = next((spoilt[key] for key in before if key in spoilt), None)
            given = (met, step.place) if met else given
    return chain, given


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


def _held(value: Any, path: str, above: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
    """The float arrays and numbers in a value, with their paths."""
    if is_leaf(value) or is_number(value):
        yield path, value
    elif id(value) not in above:
        for step, _, part in parts(value):
            yield from _held(part, path + step, (*above, id(value)))


def _spoilt(value: Any, name: str) -> Iterator[tuple[int, Spoilt]]:
    """What in an argument is not finite, by what it is known by."""
    for path, part in _held(value, name, ()):
        if bad(part):
            yield keys(part)[0], Spoilt(told_element(path, part), has_nan(part))

"""Random programs, and what has to hold for each of them.

A program is a module with a function `f`, whose parameters have the names and types of `grammar.program.PARAMETERS`.
Its gradient by all of them is computed by the compiler, with its optional passes on and off, and by recording, and is
compared with central differences. So are the value, what was printed, and what was written into the arguments.

    @given(programs("stores"))
    def test_stores(program):
        report = examine(program)
        assume(report.usable)
        assert not report.findings, report

Programs that raise, that are not smooth at the point, or whose differences are not to be trusted are not `usable`.
"""

from __future__ import annotations

import copy
import inspect
import io
import itertools
import linecache
import os
import sys
import types
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from knetc.api import value_and_grad
from knetc.errors import Refusal
from knetc.recording.entry import Recording
from knetc.settings import config
from knetc.testing.grammar.program import program
from knetc.testing.grammar.writer import FAMILIES

Arguments = dict[str, Any]
Run = Callable[..., tuple[Any, Any]]

PASSES = ("fold", "copyprop", "dce", "nest", "shapes", "coalesce")
STEP = 1e-3
KINK = 2e-6
"""A jump of the slope that is smaller, relatively, does no harm."""
RTOL = 1e-5
EXACT = 1e-9
"""Two gradients of the same program differ by the order of sums only."""

_numbers = itertools.count()


@dataclass(frozen=True)
class Program:
    """The text of a module with a function `f`, and the seed of the point where it is tried."""

    text: str
    seed: int = 0

    def __repr__(self) -> str:
        return f"# seed {self.seed}\n{self.text}"


@st.composite
def programs(draw: st.DrawFn, family: str | None = None) -> Program:
    """Random programs of one family of constructs (see `grammar.writer.FAMILIES`), or of any."""
    chosen = draw(st.sampled_from(FAMILIES)) if family is None else family
    text = program(lambda n: draw(st.integers(0, n - 1)), chosen)
    return Program(text, draw(st.integers(0, 9)))


# ---- running


@contextmanager
def loaded(text: str) -> Iterator[Callable[..., Any]]:
    """The function `f` of a module, with its source where `inspect` finds it, for as long as it is used."""
    name = f"program_{next(_numbers)}"
    file = f"<{name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module = sys.modules[name] = types.ModuleType(name)
    try:
        exec(compile(text, file, "exec"), module.__dict__)  # noqa: S102 - the text is made by the grammar
        yield module.f
    finally:
        del linecache.cache[file], sys.modules[name]


def arguments(f: Callable[..., Any], seed: int) -> Arguments:
    """A point for `f`: numbers of both signs, neither small nor large."""
    rng = np.random.default_rng(seed)

    def some(*shape: int) -> Any:
        return rng.uniform(0.2, 1.3, shape) * rng.choice((-1.0, 1.0, 1.0), shape)

    made = {"a": float(some()), "b": float(some()), "v": some(3), "u": some(3), "m": some(2, 3)}
    made["xs"] = some(3).tolist()
    return {name: made[name] for name in inspect.signature(f).parameters}


@dataclass(frozen=True)
class Effects:
    """What a call leaves: its value, its arguments as they are afterwards, and what it has printed."""

    value: Any
    arguments: Arguments
    printed: str

    def differences(self, other: Effects) -> list[str]:
        """In what two calls differ."""
        found = [] if np.array_equal(self.value, other.value) else ["value"]
        for name, value in self.arguments.items():
            if not np.array_equal(value, other.arguments[name]):
                found.append(f"what is written into `{name}`")
        return found if self.printed == other.printed else [*found, "what is printed"]


def called(run: Callable[..., Any], given: Arguments) -> tuple[Any, Effects]:
    """What a function returns for copies of its arguments, and what it leaves."""
    given = copy.deepcopy(given)
    out = io.StringIO()
    with redirect_stdout(out), warnings.catch_warnings(action="error"):
        found = run(**given)
    return found, Effects(found, given, out.getvalue())


# ---- differences


@dataclass(frozen=True)
class Reference:
    """A program's effects, and its slopes along a random direction in each argument."""

    given: Arguments
    effects: Effects
    directions: Arguments
    slopes: Arguments


def reference(f: Callable[..., Any], seed: int) -> Reference | None:
    """What the gradient is compared with; None if the program is no use."""
    given = arguments(f, seed)
    try:
        value, effects = called(f, given)
        if np.shape(value) != () or not np.isfinite(value) or effects.differences(called(f, given)[1]):
            return None
        rng = np.random.default_rng(seed)
        directions = {name: rng.choice((-1.0, 0.5, 1.5), np.shape(given[name])) for name in given}
        slopes = {name: slope(f, given, name, directions[name]) for name in given}
    except Exception:  # noqa: BLE001  whatever the program raises
        return None
    return Reference(given, effects, directions, slopes) if None not in slopes.values() else None


def slope(f: Callable[..., Any], given: Arguments, name: str, direction: Any) -> float | None:
    """The derivative along a direction in one argument, of fourth order; None where the function is not smooth."""

    def at(step: float) -> float:
        return float(called(f, {**given, name: moved(given[name], step * direction)})[0])

    middle, ends, inner = at(0.0), (at(STEP), at(-STEP)), (at(STEP / 2), at(-STEP / 2))
    coarse, fine = (ends[0] - ends[1]) / (2 * STEP), (inner[0] - inner[1]) / STEP
    bends = [
        (sum(pair) - 2 * middle) / STEP for pair in (ends, inner)
    ]  # a quarter at half the step, where smooth
    size = 1.0 + abs(fine)
    if not (abs(coarse - fine) < 1e-3 * size and abs(bends[0] - 4 * bends[1]) < KINK * size and size < 1e4):
        return None
    return (4 * fine - coarse) / 3


def moved(value: Any, delta: Any) -> Any:
    """An argument a little further on."""
    new = np.asarray(value) + delta
    return new.tolist() if isinstance(value, list) else new if isinstance(value, np.ndarray) else float(new)


# ---- what has to hold


@dataclass
class Report:
    """What was found out about a program; `refused` says by which form, and why."""

    program: Program
    usable: bool = True
    findings: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(
            [*self.findings, *(f"{form}: {why}" for form, why in self.refused.items()), repr(self.program)]
        )


def examine(subject: Program) -> Report:
    """Compare both gradients of a program with differences, and with each other."""
    report = Report(subject)
    with loaded(subject.text) as f:
        truth = reference(f, subject.seed)
        if truth is None:
            report.usable = False
            return report
        names = tuple(truth.given)
        compiled = compared(report, "compiled", compiled_form(f, names), truth)
        compared(report, "recorded", recorded_form(f, names), truth)
        if compiled is not None:
            for skip in skipped(subject.text):
                with environment("KNETC_SKIP", skip):
                    found = compared(report, f"compiled without {skip}", compiled_form(f, names), truth)
                if found is not None and not alike(found, compiled):
                    report.findings.append(f"wrong: the gradient changes without {skip}")
    return report


def compiled_form(f: Callable[..., Any], names: tuple[str, ...]) -> Run:
    """The value and the gradients, by the compiler alone."""
    gradient = value_and_grad(f, wrt=names)

    def run(**given: Any) -> tuple[Any, Any]:
        with config(record=False):
            value, found = gradient(**given)
        return value, found

    return run


def recorded_form(f: Any, names: tuple[str, ...]) -> Run:
    """The value and the gradients, by recording alone."""
    return Recording(f, inspect.signature(f), names).gradient


def compared(report: Report, form: str, run: Run, truth: Reference) -> list[Any] | None:
    """The gradients by one form, compared with what is known; None if there are none."""
    try:
        (value, gradients), effects = called(run, truth.given)
        again = called(run, truth.given)[0][1]
    except Refusal as refusal:
        report.refused[form] = str(refusal)
        return None
    except Exception as error:  # noqa: BLE001  a finding, whatever it is
        report.findings.append(f"crash: {form}: {type(error).__name__}: {error}")
        return None
    changed = truth.effects.differences(Effects(value, effects.arguments, effects.printed))
    report.findings += [f"wrong: {form}: {what} is not the function's" for what in changed]
    for name, gradient in zip(truth.given, gradients, strict=True):
        report.findings += [f"wrong: {form}: {what}" for what in off(name, gradient, truth)]
    if not all(map(np.array_equal, gradients, again)):
        report.findings.append(f"wrong: {form}: the second call gives another gradient")
    return list(gradients)


def off(name: str, gradient: Any, truth: Reference) -> list[str]:
    """What is wrong with the gradient by one argument."""
    if np.shape(gradient) != np.shape(truth.given[name]):
        return [f"the gradient by `{name}` has the shape {np.shape(gradient)}"]
    got, expected = float(np.sum(gradient * truth.directions[name])), truth.slopes[name]
    if abs(got - expected) <= RTOL * (1.0 + abs(expected)):  # a nan is wrong, too
        return []
    return [f"the slope by `{name}` is {got:.9g}, differences give {expected:.9g}"]


def alike(some: list[Any], others: list[Any]) -> bool:
    """Whether gradients are the same up to the order of sums."""
    return all(np.allclose(a, b, rtol=EXACT, atol=EXACT) for a, b in zip(some, others, strict=True))


def skipped(text: str) -> tuple[str, str]:
    """Which passes are left out: all of them, and then one, another for another program."""
    return ",".join(PASSES), PASSES[zlib.crc32(text.encode()) % len(PASSES)]


@contextmanager
def environment(name: str, value: str) -> Iterator[None]:
    """An environment variable, for a while."""
    former = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if former is None:
            del os.environ[name]
        else:
            os.environ[name] = former

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

import inspect
import itertools
import linecache
import os
import sys
import types
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from knetc.api import value_and_grad
from knetc.errors import Refusal
from knetc.recording.entry import Recording
from knetc.settings import config
from knetc.testing.differences import Effects, Reference, called, flat, reference
from knetc.testing.grammar.program import program
from knetc.testing.grammar.writer import FAMILIES

Run = Callable[..., tuple[Any, Any]]

PASSES = ("fold", "copyprop", "dce", "nest", "shapes", "coalesce")
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


def is_python(text: str) -> bool:
    """Whether a text compiles; not every place takes every expression (`:=` for instance)."""
    try:
        compile(text, "<program>", "exec")
    except SyntaxError:
        return False
    return True


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
    report = Report(subject, usable=is_python(subject.text))
    if not report.usable:
        return report
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
    if not alike(gradients, again, 0.0):
        report.findings.append(f"wrong: {form}: the second call gives another gradient")
    return list(gradients)


def off(name: str, gradient: Any, truth: Reference) -> list[str]:
    """What is wrong with the gradient by one argument."""
    if type(gradient) is not type(truth.given[name]) or np.shape(flat(gradient)) != np.shape(
        truth.directions[name]
    ):
        return [f"the gradient by `{name}` is {gradient!r}"]
    got, expected = float(np.sum(flat(gradient) * truth.directions[name])), truth.slopes[name]
    if abs(got - expected) <= RTOL * (1.0 + abs(expected)):  # a nan is wrong, too
        return []
    return [f"the slope by `{name}` is {got:.9g}, differences give {expected:.9g}"]


def alike(some: list[Any], others: list[Any], tolerance: float = EXACT) -> bool:
    """Whether gradients are the same, up to the order of sums."""
    pairs = zip(map(flat, some), map(flat, others), strict=True)
    return all(np.allclose(a, b, rtol=tolerance, atol=tolerance) for a, b in pairs)


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

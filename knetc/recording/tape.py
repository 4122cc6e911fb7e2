"""The tape: what a program did to numbers and arrays, in order, and the way back.

An entry knows how cotangents go back through one step. On the way back every entry finds arrays as they were when it
was made: stores into arrays are undone as they are passed, and done again at the end.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from knetc.errors import Refusal
from knetc.ops.pullback import pull
from knetc.ops.registry import Op
from knetc.recording.memory import Shadow, carries, overlaps_itself, root
from knetc.runtime.rows import Rows
from knetc.runtime.scatter import scatter_add
from knetc.runtime.tree import attributes

NUMBERS = (float, complex, np.floating, np.complexfloating)
SEQUENCES = (list, tuple)


def renewed(number: Any) -> Any:
    """An equal number with an identity of its own.

    >>> x = 0.5
    >>> renewed(x) == x, renewed(x) is x
    (True, False)
    """
    return operator.neg(operator.neg(number))


class Entry(Protocol):
    """One step of the program."""

    def back(self, bars: Bars) -> None:
        """Add to the cotangents of what went in, from that of what came out."""

    def undo(self) -> None:
        """Put memory back to what it was before the step."""

    def redo(self) -> None:
        """Put memory to what it was after the step."""


class Tape:
    """What depends on the input, and the steps that made it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.numbers: dict[int, Any] = {}
        self.memories: dict[int, Any] = {}
        self.written: set[int] = set()
        self.spread: set[int] = set()
        self.parts: dict[int, Any] = {}
        self.asked: set[int] = set()
        """The numbers whose derivatives are what the user asked for, and not some among those of an object."""
        self.is_open = True

    def watch(self, value: Any) -> bool:
        """Take a number or an array into what depends on the input; tells whether it is new."""
        if isinstance(value, NUMBERS):
            new = id(value) not in self.numbers
            self.numbers[id(value)] = (
                value  # kept alive: an identity names one number as long as the tape lives
            )
            return new
        if isinstance(value, np.ndarray) and carries(value):
            owner = root(value)
            new = id(owner) not in self.memories
            self.memories[id(owner)] = owner
            return new
        return False

    def is_active(self, value: Any) -> bool:
        """Whether a number or an array depends on the input."""
        if not self.is_open:
            return False
        if isinstance(value, np.ndarray):
            return id(root(value)) in self.memories and carries(value)
        return id(value) in self.numbers

    def reaches(self, value: Any) -> bool:
        """Whether a value depends on the input, or holds something that does."""
        if not self.is_open:
            return False
        if type(value) is tuple:  # of arguments: the usual case first
            return any(map(self.is_active, value)) or self._reaches(value, set())
        return self._reaches(value, set())

    def _reaches(self, value: Any, seen: set[int]) -> bool:
        if self.is_active(value):
            return True
        inner = _parts(value)
        if inner is None or id(value) in seen:
            return False
        seen.add(id(value))
        return any(self._reaches(part, seen) for part in inner)

    def result(self, value: Any) -> tuple[Any, bool]:
        """A result of an operation on what depends on the input, and whether anything in it is new."""
        if isinstance(value, np.ndarray) and overlaps_itself(value):
            self.spread.add(id(root(value)))
            value = value.copy()  # elements that share memory would share a cotangent
        if isinstance(value, SEQUENCES):
            found = [self.result(part) for part in value]
            return value, any(new for _, new in found)
        return value, self.watch(value)

    def add(self, entry: Entry) -> None:
        """Append a step."""
        if self.is_open:
            self.entries.append(entry)

    def write(self, array: Any, entry: Entry) -> None:
        """Append a step that has written into an array."""
        if id(root(array)) in self.spread:
            message = "knetc cannot differentiate a store into an array that is spread out by a view of it"
            raise Refusal(
                "KN101", message, help="store first, or spread a copy: `np.broadcast_to(x.copy(), shape)`"
            )
        if self.is_open:
            self.written.add(id(root(array)))
            self.entries.append(entry)

    def backward(self, seeds: Iterable[tuple[Any, Any]]) -> Bars:
        """The cotangents of everything, from those of some values. May be called again."""
        bars = Bars(self)
        for value, bar in seeds:
            bars.add(value, bar)
        passed: list[Entry] = []
        try:
            for entry in reversed(self.entries):
                passed.append(entry)
                entry.undo()
                entry.back(bars)
        finally:
            for entry in reversed(passed):
                entry.redo()
        return bars


class Bars:
    """The cotangents on the way back: of numbers by identity, of arrays in the shadow of their memory."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._numbers: dict[int, Any] = {}
        self._shadows: dict[int, Shadow] = {}
        self._rows: dict[int, Rows] = {}

    def add(self, value: Any, bar: Any) -> None:
        """Add to the cotangent of a value, or of what it holds."""
        if bar is None:
            return
        if isinstance(value, SEQUENCES):
            for part, part_bar in zip(value, bar, strict=True):
                self.add(part, part_bar)
        elif isinstance(value, np.ndarray):
            if id(root(value)) in self._tape.memories and carries(value):
                self._add_to_array(value, _like(bar, value.dtype))
        elif id(value) in self._tape.numbers:
            bar = _like(bar, np.result_type(type(value)))
            self._numbers[id(value)] = self._numbers.get(id(value), 0) + bar

    def _add_to_array(self, array: Any, bar: Any) -> None:
        """Rows of a whole array stay rows until something else flows into it."""
        whole = root(array) is array and id(array) not in self._shadows
        if whole and isinstance(bar, Rows) and bar.is_sparse and bar.dtype == array.dtype:
            self._rows[id(array)] = self._rows[id(array)] + bar if id(array) in self._rows else bar
        else:
            shadow = self.shadow(array)
            shadow += bar

    def pull(self, op: Op, parameter: str, g: Any, y: Any, /, *args: Any, **options: Any) -> Any:
        """The cotangent of one argument of an operation."""
        return pull(op, parameter, g, y, *args, **options)

    def sweep(self, backward: Any, saved: Any, g: Any) -> Any:
        """The cotangents that the backward sweep of an operation returns."""
        return backward(saved, g)

    def read(self, array: Any, index: Any, bar: Any) -> None:
        """Add to the cotangent of the elements that were read."""
        scatter_add(self.shadow(array), index, bar)

    def shadow(self, array: Any) -> Any:
        """The cotangent of an array, to be changed in place."""
        owner = root(array)
        if id(owner) not in self._shadows:
            self._shadows[id(owner)] = Shadow(owner)
            rows = self._rows.pop(id(owner), None)
            if rows is not None:
                rows.added_to(self._shadows[id(owner)].part(owner))
        return self._shadows[id(owner)].part(array)

    def take(self, value: Any) -> Any:
        """The whole cotangent of what a step has made; None if nothing has flowed into it."""
        if isinstance(value, SEQUENCES):
            found = [self.take(part) for part in value]
            if all(bar is None for bar in found):
                return None
            return type(value)(*found) if hasattr(value, "_fields") else type(value)(found)
        if isinstance(value, np.ndarray):
            found = self.of(value)
            self._shadows.pop(id(root(value)), None)
            self._rows.pop(id(root(value)), None)
            return found
        return self._numbers.pop(id(value), None)

    def of(self, value: Any) -> Any:
        """The cotangent of a number or an array; None if nothing has flowed into it."""
        if isinstance(value, np.ndarray):
            if id(value) in self._rows:
                return self._rows[id(value)]
            known = id(root(value)) in self._shadows or id(root(value)) in self._rows
            return self.shadow(value) if known else None
        return self._numbers.get(id(value))


def _like(bar: Any, dtype: Any) -> Any:
    """The real part of a cotangent that flows into something real."""
    return np.real(bar) if dtype.kind == "f" and np.iscomplexobj(bar) else bar


def _parts(value: Any) -> Iterable[Any] | None:
    """What a value holds; None for what holds nothing."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return value
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, np.ndarray):
        return value.flat if value.dtype.kind == "O" else None
    if isinstance(value, np.flatiter):
        return (value.base,)
    if isinstance(value, (str, bytes, int, float, np.generic, type, type(np), type(None))):
        return None
    cells = getattr(value, "__closure__", None) or ()
    held = [cell.cell_contents for cell in cells if _is_filled(cell)]
    own = getattr(value, "__self__", None)
    return [*held, own, *attributes(value).values()]


def _is_filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True

"""Elements of arrays, read and written: what is read is a step, what is written is one that can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.ops.registry import OPS, Op
from knetc.recording import apply as operations
from knetc.recording.memory import carries, root
from knetc.recording.tape import SEQUENCES, Bars, Tape
from knetc.runtime.broadcast import unbroadcast_like
from knetc.runtime.scatter import may_repeat

Array = Any


class Read:
    """`value = array[index]`, where the value is a number or a copy."""

    def __init__(self, array: Array, index: Any, value: Any) -> None:
        self.array, self.index, self.value = array, index, value

    def back(self, bars: Bars) -> None:
        """Into the elements that were read, as often as they were."""
        g = bars.take(self.value)
        if g is not None:
            bars.read(self.array, self.index, g)

    def undo(self) -> None:
        """Reading changes nothing."""

    redo = undo


class Store:
    """`array[index] = value`; what was there before, and then what is there after, is kept in `other`."""

    def __init__(self, array: Array, index: Any, value: Any, other: Any) -> None:
        self.array, self.index, self.value, self.other = array, index, value, other

    def back(self, bars: Bars) -> None:
        """Out of the elements that were written, which held something else before."""
        if not carries(self.array):
            return
        shadow = bars.shadow(self.array)
        g = np.array(shadow[self.index])
        shadow[self.index] = 0
        if self.value is not None:
            bars.add(self.value, unbroadcast_like(g * self._last_written(), self.value))

    def _last_written(self) -> Any:
        """Of an element that is written several times in one store, only the last value has stayed."""
        if not may_repeat(self.index):
            return 1
        written = self.array[self.index]
        ranks = np.arange(written.size).reshape(written.shape)
        last = np.empty(self.array.shape, int)
        last[self.index] = ranks
        return last[self.index] == ranks

    def undo(self) -> None:
        """Exchange the present elements for the former."""
        now = np.array(self.array[self.index])
        self.array[self.index] = self.other
        self.other = now

    redo = undo


class Restored:
    """A change of an array that nothing depends on; what was there before is kept."""

    def __init__(self, array: Array, other: Array) -> None:
        self.array, self.other = array, other

    def back(self, bars: Bars) -> None:
        """Nothing flows."""

    def undo(self) -> None:
        """Exchange the present elements for the former."""
        now = self.array.copy()
        self.array[...] = self.other
        self.other = now

    redo = undo


def read(tape: Tape, array: Array, index: Any) -> Any:
    """`array[index]`."""
    value = array[index]
    if not tape.is_active(array):
        return value
    if isinstance(value, np.ndarray) and root(value) is root(array):
        return value  # a view: the same memory
    if tape.watch(value):
        tape.add(Read(array, _kept(index), value))
    return value


def store(tape: Tape, array: Array, index: Any, value: Any) -> None:
    """`array[index] = value`."""
    if array.dtype.names and tape.reaches(value):
        if not isinstance(index, str):
            message = "knetc cannot differentiate a store of whole records"
            raise Refusal("KN101", message, help='store field by field: `a["x"][i] = ...`')
        array, index = array[index], ...
    if id(array) in tape.parts:
        message = "knetc cannot differentiate a store into the real or imaginary part of an array"
        raise Refusal(
            "KN101", message, help="store the whole number: `z[i] = complex(re, im)`, or `z.real = ...`"
        )
    if isinstance(value, SEQUENCES):
        value = operations.as_array(tape, value)
    former = np.array(array[index])
    array[index] = value
    active = carries(array) and tape.is_active(value)
    if active:
        tape.watch(array)
    tape.write(array, Store(array, _kept(index), value if active else None, former))


def _kept(index: Any) -> Any:
    """An index that does not change when its list does."""
    if isinstance(index, tuple):
        return tuple([_kept(part) for part in index])
    return list(index) if type(index) is list else index


def store_where(tape: Tape, array: Array, value: Any, where: Any) -> None:
    """`np.copyto(array, value, where=where)`."""
    mask = np.broadcast_to(where, array.shape)
    value = operations.apply(tape, OPS[np.broadcast_to], np.broadcast_to, (value, array.shape), {})
    store(tape, array, mask, read(tape, value, mask))


def apply_into(tape: Tape, op: Op, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`function(*args, out=...)`: the value is computed, then stored."""
    kwargs = dict(kwargs)
    out, where = kwargs.pop("out"), kwargs.pop("where", True)
    target = out[0] if isinstance(out, tuple) else out
    if target is ...:  # an array, even if it is of no dimension
        return lifted(tape, operations.apply(tape, op, function, args, kwargs))
    value = operations.apply(tape, op, function, args, kwargs)
    if target is None:
        return value
    if where is True:
        store(tape, target, ..., value)
    else:
        store_where(tape, target, value, where)
    return target


def lifted(tape: Tape, value: Any) -> Any:
    """A number of numpy as an array of no dimension."""
    if isinstance(value, np.ndarray) or not tape.is_active(value):
        return value
    return operations.apply(tape, OPS[np.asarray], np.asarray, (value,), {})


def elements(tape: Tape, array: Array) -> Iterator[Any]:
    """The elements or rows of an array, one after another."""
    for i in range(len(array)):
        yield read(tape, array, i)


def nested(tape: Tape, array: Array) -> Any:
    """`array.tolist()`."""
    if not isinstance(array, np.ndarray):
        return number(tape, array)
    if array.ndim == 0:
        return number(tape, read(tape, array, ()))
    return [nested(tape, row) if array.ndim > 1 else number(tape, row) for row in elements(tape, array)]


def number(tape: Tape, value: Any) -> Any:
    """`value.item()` of a number of numpy."""
    return operations.apply(tape, OPS[float], float, (value,), {}) if tape.is_active(value) else value.item()

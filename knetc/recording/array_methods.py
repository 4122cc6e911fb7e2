"""Methods of arrays and of numpy's universal functions that change an array, or that have no function of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.ops.registry import OPS
from knetc.recording import apply as operations
from knetc.recording import arrays
from knetc.recording.protocol import Recorder
from knetc.recording.tape import Bars
from knetc.runtime.broadcast import unbroadcast_like

Array = Any


def _fill(recorder: Recorder, x: Array, value: Any) -> None:
    arrays.store(recorder.tape, x, ..., value)


def _sort(recorder: Recorder, x: Array, axis: int = -1, kind: Any = None, **options: Any) -> None:
    order = np.argsort(x, axis=axis, kind=kind or "stable", **options)
    take = np.take_along_axis
    value = operations.apply(recorder.tape, OPS[take], take, (x, order, axis), {})
    arrays.store(recorder.tape, x, ..., value)


def _tolist(recorder: Recorder, x: Array) -> Any:
    return arrays.nested(recorder.tape, x) if recorder.tape.is_active(x) else x.tolist()


def _item(recorder: Recorder, x: Array, *index: Any) -> Any:
    if not recorder.tape.is_active(x):
        return x.item(*index)
    if not isinstance(x, np.ndarray):
        return arrays.number(recorder.tape, x)
    flat = index and len(index) == 1 and isinstance(index[0], int)
    place = (
        np.unravel_index(range(x.size)[index[0]], x.shape) if flat else index[0] if len(index) == 1 else index
    )
    return arrays.number(recorder.tape, arrays.read(recorder.tape, x, place if index else (0,) * x.ndim))


def _partition(
    recorder: Recorder, x: Array, kth: Any, axis: int = -1, kind: Any = "introselect", order: Any = None
) -> None:
    places = np.argpartition(x, kth, axis, kind)
    take = np.take_along_axis
    arrays.store(
        recorder.tape, x, ..., operations.apply(recorder.tape, OPS[take], take, (x, places, axis), {})
    )


def _choose(recorder: Recorder, x: Array, choices: Any, mode: str = "raise") -> Any:
    return recorder.call(np.choose, x, choices, mode=mode)


def _put(recorder: Recorder, x: Array, indices: Any, values: Any, mode: str = "raise") -> None:
    recorder.call(np.put, x, indices, values, mode)


def _view(recorder: Recorder, x: Array, *args: Any, **kwargs: Any) -> Any:
    view = x.view(*args, **kwargs)
    if recorder.tape.is_active(x) and view.dtype != x.dtype:
        message = f"knetc cannot differentiate `.view()` of an array of {x.dtype} as {view.dtype}"
        raise Refusal("KN101", message, help="convert the numbers: `x.astype(...)`")
    return view


def _conj(recorder: Recorder, x: Any) -> Any:
    if isinstance(x, np.ndarray) and not np.iscomplexobj(x):
        return x  # itself, as numpy has it
    return operations.apply(recorder.tape, OPS[np.conjugate], np.conjugate, (x,), {})


def _clip(recorder: Recorder, x: Array, *args: Any, **kwargs: Any) -> Any:
    return recorder.call(np.clip, x, *args, **kwargs)


def _float_method(recorder: Recorder, x: Any, *args: Any) -> Any:
    return float(x).is_integer()


ARRAY_METHODS: dict[str, Callable[..., Any]] = {
    "fill": _fill, "sort": _sort, "tolist": _tolist, "item": _item, "put": _put, "view": _view, "__array__": _view,
    "conj": _conj, "conjugate": _conj, "clip": _clip, "partition": _partition, "choose": _choose,
    "is_integer": _float_method,
}  # fmt: skip


# ---- `np.add.at(x, i, v)`, `np.add.reduce(x)`


class AddedAt:
    """`np.add.at(array, index, value)`: every occurrence of an element counts."""

    def __init__(self, array: Array, index: Any, value: Any, other: Any) -> None:
        self.array, self.index, self.value, self.other = array, index, value, other

    def back(self, bars: Bars) -> None:
        """What was added has the cotangent of where it was added."""
        from_elements = bars.shadow(self.array)[self.index]
        bars.add(self.value, unbroadcast_like(from_elements, self.value))

    def undo(self) -> None:
        """Exchange the present elements for the former."""
        now = self.array.copy()
        self.array[...] = self.other
        self.other = now

    redo = undo


def _at(recorder: Recorder, function: Any, x: Array, index: Any, *values: Any) -> None:
    value = operations.as_array(recorder.tape, values[0]) if values else None
    if function is np.subtract:
        function, value = np.add, recorder.op("-", value)
    active = recorder.tape.reaches(value)
    if function is not np.add and (active or recorder.tape.is_active(x)):
        message = f"knetc cannot differentiate `np.{function.__name__}.at`"
        raise Refusal("KN101", message, help="loop over the indices, or use `np.add.at`")
    former = x.copy()
    function.at(x, index, *(() if value is None else (value,)))
    if active:
        recorder.tape.watch(x)
    if active and function is np.add:
        recorder.tape.write(x, AddedAt(x, index, value, former))
    else:
        recorder.tape.write(x, arrays.Restored(x, former))


REDUCTIONS = {np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min}
ACCUMULATIONS = {np.add: np.cumsum}


def _reduce(recorder: Recorder, function: Any, x: Any, axis: Any = 0, **options: Any) -> Any:
    if not recorder.tape.reaches(x):
        return function.reduce(x, axis, **options)
    whole = REDUCTIONS.get(function)
    if whole is None:
        raise _no_method(function, "reduce")
    return recorder.call(whole, x, axis=axis, **options)


def _accumulate(recorder: Recorder, function: Any, x: Any, axis: int = 0, **options: Any) -> Any:
    if not recorder.tape.reaches(x):
        return function.accumulate(x, axis, **options)
    if function in ACCUMULATIONS:
        return recorder.call(ACCUMULATIONS[function], x, axis=axis, **options)
    rows: list[Any] = []
    for row in recorder.iterate(recorder.call(np.moveaxis, x, axis, 0)):
        rows.append(row if not rows else recorder.call(function, rows[-1], row))
    return recorder.call(np.stack, rows, axis=axis)


def _outer(recorder: Recorder, function: Any, x: Any, y: Any, **options: Any) -> Any:
    x, y = (recorder.call(np.asarray, v) for v in (x, y))
    wide = recorder.call(np.reshape, x, x.shape + (1,) * y.ndim)
    return recorder.call(function, wide, y, **options)


def _reduceat(recorder: Recorder, function: Any, x: Any, *args: Any, **options: Any) -> Any:
    if recorder.tape.reaches(x):
        raise _no_method(function, "reduceat")
    return function.reduceat(x, *args, **options)


def _no_method(function: Any, name: str) -> Refusal:
    message = f"knetc cannot differentiate `np.{function.__name__}.{name}`"
    return Refusal("KN101", message, help="use a function of numpy that has a rule")


UFUNC_METHODS: dict[str, Callable[..., Any]] = {
    "at": _at, "reduce": _reduce, "accumulate": _accumulate, "outer": _outer, "reduceat": _reduceat,
}  # fmt: skip

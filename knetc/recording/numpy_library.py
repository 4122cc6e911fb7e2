"""Functions of numpy that store into an array or call back, in terms of the recorder."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from knetc.errors import Refusal
from knetc.recording import arrays
from knetc.recording.protocol import Direct, Recorder


def _copyto(recorder: Recorder, dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    if where is True:
        arrays.store(recorder.tape, dst, ..., src)
    else:
        arrays.store_where(recorder.tape, dst, src, where)


def _putmask(recorder: Recorder, a: Any, mask: Any, values: Any) -> None:
    flat = recorder.call(np.ravel, recorder.call(np.asarray, values))
    places = (np.arange(a.size) % flat.size).reshape(a.shape)  # a value for each element, chosen or not
    arrays.store_where(recorder.tape, a, arrays.read(recorder.tape, flat, places), mask)


def _place(recorder: Recorder, arr: Any, mask: Any, vals: Any) -> None:
    mask = np.broadcast_to(np.asarray(mask, bool), arr.shape)
    vals = recorder.call(np.ravel, recorder.call(np.asarray, vals))
    chosen = arrays.read(recorder.tape, vals, np.arange(np.count_nonzero(mask)) % vals.size)
    arrays.store(recorder.tape, arr, mask, chosen)


def _put(recorder: Recorder, a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    numbered: Any = np.arange(a.size)
    chosen = np.take(numbered, np.ravel(ind), mode=mode)  # type: ignore[call-overload]
    flat = recorder.call(np.ravel, recorder.call(np.asarray, v))
    values = arrays.read(recorder.tape, flat, np.arange(chosen.size) % flat.size)
    arrays.store(recorder.tape, a, np.unravel_index(chosen, a.shape), values)


def _put_along_axis(recorder: Recorder, arr: Any, indices: Any, values: Any, axis: int = -1) -> None:
    places = list(np.indices(indices.shape, sparse=True))
    places[axis] = indices
    arrays.store(recorder.tape, arr, tuple(places), values)


def _fill_diagonal(recorder: Recorder, a: Any, val: Any) -> None:
    diagonal = (np.arange(min(a.shape)),) * a.ndim
    arrays.store(recorder.tape, a, diagonal, val)


def _refused(function: Any) -> Callable[..., Any]:
    """A function whose result has elements that share memory, and so would share a cotangent."""

    def refuse(recorder: Recorder, x: Any, *args: Any, **kwargs: Any) -> Any:
        if recorder.tape.reaches(x):
            message = f"knetc cannot differentiate `{function.__name__}`, whose elements share memory"
            raise Refusal("KN101", message, help="stack slices: `np.stack([x[i : i + n] for i in range(m)])`")
        return function(x, *args, **kwargs)

    return refuse


def _vectorize(recorder: Recorder, pyfunc: Any, **options: Any) -> Any:
    @Direct
    def vectorized(*args: Any) -> Any:
        arrays_ = [recorder.call(np.asarray, arg) for arg in args]
        shape = np.broadcast_shapes(*[a.shape for a in arrays_])
        flat = [recorder.call(np.ravel, recorder.call(np.broadcast_to, a, shape)) for a in arrays_]
        found = [recorder.call(pyfunc, *values) for values in zip(*map(recorder.iterate, flat), strict=True)]
        return recorder.call(np.reshape, recorder.call(np.array, found), shape)

    return vectorized


def _apply_along_axis(recorder: Recorder, func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    moved = recorder.call(np.moveaxis, recorder.call(np.asarray, arr), axis, -1)
    rows = recorder.call(np.reshape, moved, (-1, moved.shape[-1]))
    found = [recorder.call(func1d, row, *args, **kwargs) for row in recorder.iterate(rows)]
    stacked = recorder.call(np.array, found)
    inner = stacked.shape[1:]
    shaped = recorder.call(np.reshape, stacked, moved.shape[:-1] + inner)
    ends = [-k for k in range(len(inner), 0, -1)]
    return recorder.call(np.moveaxis, shaped, ends, range(axis, axis + len(inner))) if inner else shaped


def _fromiter(recorder: Recorder, values: Any, dtype: Any = float, count: int = -1) -> Any:
    return recorder.call(
        np.array, list(itertools.islice(recorder.iterate(values), count if count >= 0 else None)), dtype
    )


def _choose(recorder: Recorder, a: Any, choices: Any, mode: str = "raise") -> Any:
    shape = np.broadcast_shapes(np.shape(a), *map(np.shape, choices))
    stacked = recorder.call(
        np.stack, [recorder.call(np.broadcast_to, c, shape) for c in recorder.iterate(choices)]
    )
    numbered: Any = np.arange(len(choices))
    chosen = np.choose(np.broadcast_to(a, shape), numbered, mode=mode)  # type: ignore[call-overload]
    return arrays.read(recorder.tape, stacked, (chosen, *np.indices(shape)))


def _broadcast_arrays(recorder: Recorder, *arrays_: Any, subok: bool = False) -> Any:
    shape = np.broadcast_shapes(*map(np.shape, arrays_))
    return tuple([recorder.call(np.broadcast_to, a, shape) for a in arrays_])


class ArrayConverter:
    """What numpy's own code turns its arguments into arrays with."""

    def __init__(self, recorder: Recorder, *given: Any) -> None:
        self._recorder = recorder
        self._given = given
        self.scalar_input = tuple([np.ndim(x) == 0 and not isinstance(x, np.ndarray) for x in given])

    def __len__(self) -> int:
        return len(self._given)

    def __getitem__(self, index: int) -> Any:
        return self.as_arrays()[index]

    def as_arrays(self, *, subok: bool = True, pyscalars: str = "convert") -> tuple[Any, ...]:
        """The arguments as arrays."""
        return tuple([self._recorder.call(np.asarray, x) for x in self._given])

    def result_type(self, *more: Any, ensure_inexact: bool = False) -> Any:
        """The dtype of a result of all of them."""
        dtype = np.result_type(*self._given, *more)
        return np.result_type(dtype, 1.0) if ensure_inexact and dtype.kind not in "fc" else dtype

    def wrap(self, array: Any, /, to_scalar: bool | None = None) -> Any:
        """A result as an array, or as a number if all arguments are."""
        scalar = all(self.scalar_input) if to_scalar is None else to_scalar
        return arrays.read(self._recorder.tape, array, ()) if scalar and np.ndim(array) == 0 else array


_CONVERTER = getattr(sys.modules["numpy._core._multiarray_umath"], "_array_converter", ArrayConverter)

NUMPY: dict[Any, Callable[..., Any]] = {
    np.copyto: _copyto, np.putmask: _putmask, np.place: _place, np.put: _put, np.put_along_axis: _put_along_axis,
    np.fill_diagonal: _fill_diagonal, np.vectorize: _vectorize, np.apply_along_axis: _apply_along_axis,
    np.fromiter: _fromiter, np.broadcast_arrays: _broadcast_arrays, np.choose: _choose,
    as_strided: _refused(as_strided), sliding_window_view: _refused(sliding_window_view),
    _CONVERTER: ArrayConverter,
}  # fmt: skip

"""Functions of the standard library that call back, walk or convert, in terms of the recorder."""

from __future__ import annotations

import builtins
import copy
import functools
import itertools
import math
import operator
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from knetc.ops.reduce import DIST, FSUM, HYPOT, SUM
from knetc.ops.registry import OPS
from knetc.recording import apply as operations
from knetc.recording import arrays, objects
from knetc.recording.numpy_library import NUMPY
from knetc.recording.operators import NUMERIC, SYMBOLS_IN_PLACE, python_method
from knetc.recording.protocol import Recorder
from knetc.recording.tape import NUMBERS, renewed

MISSING = object()

# ---- builtins


def _sum(recorder: Recorder, values: Any, /, start: Any = 0) -> Any:
    parts = [start, *recorder.iterate(values)]
    if all(
        type(part) in (float, int, bool) for part in parts
    ):  # Python adds floats more exactly than one by one
        return operations.apply(recorder.tape, SUM, lambda seq: sum(seq[1:], seq[0]), (parts,), {})
    for part in parts[1:]:
        start = recorder.op("+", start, part)
    return start


def _extreme(function: Any) -> Callable[..., Any]:
    """`max` or `min`; where several are equal, each has its part in the derivative."""

    def choose(recorder: Recorder, *args: Any, key: Any = None, **options: Any) -> Any:
        values = list(recorder.iterate(args[0])) if len(args) == 1 else list(args)
        if key is not None:
            options["key"] = recorder.recorded(key)
        found = function(values, **options)
        if not recorder.tape.is_active(found) or key is not None:
            return found
        equal = [v for v in values if isinstance(v, NUMBERS) and v == found]
        if len({id(v) for v in equal}) < 2:
            return found
        return operations.apply(
            recorder.tape, OPS[function], lambda *same: renewed(same[0]), tuple(equal), {}
        )

    return choose


def _map(recorder: Recorder, function: Any, *iterables: Any) -> Iterator[Any]:
    return (recorder.call(function, *args) for args in zip(*map(recorder.iterate, iterables), strict=False))


def _filter(recorder: Recorder, function: Any, values: Any) -> Iterator[Any]:
    return (v for v in recorder.iterate(values) if (v if function is None else recorder.call(function, v)))


def _sorted(recorder: Recorder, values: Any, *, key: Any = None, reverse: bool = False) -> list[Any]:
    return sorted(recorder.iterate(values), key=recorder.recorded(key) if key else None, reverse=reverse)


def _reversed(recorder: Recorder, values: Any) -> Any:
    if isinstance(values, np.ndarray):
        return recorder.iterate(values[::-1])
    method = python_method(values, "__reversed__")
    return recorder.iterate(recorder.call(method, values)) if method else reversed(values)


def _mover(function: Any) -> Callable[..., Any]:
    """What walks over its arguments and computes nothing: `list`, `zip`, `itertools.chain`."""
    return lambda recorder, *args, **options: function(*recorder.moved(args), **options)


def _next(recorder: Recorder, iterator: Any, *default: Any) -> Any:
    if isinstance(iterator, np.flatiter) and iterator.index < iterator.base.size:
        place = iterator.coords
        next(iterator)
        return arrays.read(recorder.tape, iterator.base, place)
    method = python_method(iterator, "__next__")
    if method is None:
        return next(iterator, *default)
    try:
        return recorder.call(method, iterator)
    except StopIteration:
        if default:
            return default[0]
        raise


def _iter(recorder: Recorder, values: Any, *sentinel: Any) -> Any:
    if sentinel:
        return iter(recorder.recorded(values), *sentinel)
    return iter(recorder.iterate(values))


def _getattr(recorder: Recorder, owner: Any, name: str, *default: Any) -> Any:
    if not default:
        return objects.attribute(recorder, owner, name)
    try:
        return objects.attribute(recorder, owner, name)
    except AttributeError:
        return default[0]


def _setattr(recorder: Recorder, owner: Any, name: str, value: Any) -> None:
    objects.set_attribute(recorder, owner, name, value)


def _float(recorder: Recorder, value: Any = 0.0) -> Any:
    if type(value) is float:
        return value
    method = None if isinstance(value, NUMERIC) else python_method(value, "__float__")
    if method is not None:
        return recorder.call(method, value)
    if isinstance(value, np.ndarray) and recorder.tape.is_active(value):
        float(value)  # raises what Python raises for more than one element
        value = arrays.read(recorder.tape, value, (0,) * value.ndim)
    return operations.apply(recorder.tape, OPS[float], float, (value,), {})


def _complex(recorder: Recorder, real: Any = 0.0, imag: Any = 0.0) -> Any:
    if not recorder.tape.reaches((real, imag)):
        return complex(real, imag)
    return recorder.op("+", real, recorder.op("*", 1j, imag))


def _abs(recorder: Recorder, value: Any) -> Any:
    method = None if isinstance(value, NUMERIC) else python_method(value, "__abs__")
    return (
        recorder.call(method, value)
        if method
        else operations.apply(recorder.tape, OPS[abs], abs, (value,), {})
    )


def _round(recorder: Recorder, value: Any, *digits: Any) -> Any:
    method = None if isinstance(value, NUMERIC) else python_method(value, "__round__")
    return recorder.call(method, value, *digits) if method else round(value, *digits)


def _pow(recorder: Recorder, base: Any, exponent: Any, *mod: Any) -> Any:
    return pow(base, exponent, *mod) if mod else recorder.op("**", base, exponent)


def _divmod(recorder: Recorder, x: Any, y: Any) -> tuple[Any, Any]:
    return recorder.op("//", x, y), recorder.op("%", x, y)


def _type(recorder: Recorder, *args: Any) -> Any:
    return type(*args)


# ---- functools, itertools, math, copy, operator


def _reduce(recorder: Recorder, function: Any, values: Any, *start: Any) -> Any:
    return functools.reduce(recorder.recorded(function), recorder.iterate(values), *start)


def _accumulate(
    recorder: Recorder, values: Any, func: Any = operator.add, *, initial: Any = None
) -> Iterator[Any]:
    return itertools.accumulate(recorder.iterate(values), recorder.recorded(func), initial=initial)


def _calling_back(function: Any) -> Callable[..., Any]:
    """`itertools.starmap(f, xs)` and its kin, which call their first argument."""
    return lambda recorder, callback, values: function(recorder.recorded(callback), recorder.iterate(values))


def _groupby(recorder: Recorder, values: Any, key: Any = None) -> Any:
    return itertools.groupby(recorder.iterate(values), recorder.recorded(key) if key else None)


def _from_iterable(recorder: Recorder, values: Any) -> Iterator[Any]:
    return (part for inner in recorder.iterate(values) for part in recorder.iterate(inner))


def _product(recorder: Recorder, values: Any, *, start: Any = 1) -> Any:
    for value in recorder.iterate(values):
        start = recorder.op("*", start, value)
    return start


def _fsum(recorder: Recorder, values: Any) -> Any:
    return operations.apply(recorder.tape, FSUM, math.fsum, (list(recorder.iterate(values)),), {})


def _hypot(recorder: Recorder, *values: Any) -> Any:
    return operations.apply(recorder.tape, HYPOT, math.hypot, values, {})


def _dist(recorder: Recorder, p: Any, q: Any) -> Any:
    p, q = list(recorder.iterate(p)), list(recorder.iterate(q))
    return operations.apply(recorder.tape, DIST, math.dist, (p, q), {})


def _sumprod(recorder: Recorder, p: Any, q: Any) -> Any:
    pairs = zip(recorder.iterate(p), recorder.iterate(q), strict=True)
    return _sum(recorder, [recorder.op("*", a, b) for a, b in pairs])


def _deepcopy(recorder: Recorder, value: Any, memo: Any = None) -> Any:
    memo = {} if memo is None else memo
    for array in _arrays_in(value, set()):
        if recorder.tape.is_active(array):
            memo[id(array)] = operations.apply(recorder.tape, OPS[np.copy], np.copy, (array,), {})
    return copy.deepcopy(value, memo)


def _arrays_in(value: Any, seen: set[int]) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        yield value
    if id(value) in seen or isinstance(value, (str, bytes, type, np.ndarray)):
        return
    seen.add(id(value))
    inner = (
        value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple, set)) else ()
    )
    for part in (*inner, *getattr(value, "__dict__", {}).values()):
        yield from _arrays_in(part, seen)


def _copy(recorder: Recorder, value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return operations.apply(recorder.tape, OPS[np.copy], np.copy, (value,), {})
    method = python_method(value, "__copy__")
    return recorder.call(method, value) if method else copy.copy(value)


def _part(function: Any) -> Callable[..., Any]:
    """`np.real` and `np.imag`."""
    return lambda recorder, value: objects.attribute(
        recorder, recorder.call(np.asanyarray, value), function.__name__
    )


def _getitem(recorder: Recorder, owner: Any, index: Any) -> Any:
    return recorder.at(owner)[index]


def _setitem(recorder: Recorder, owner: Any, index: Any, value: Any) -> None:
    recorder.at(owner)[index] = value


def _in_place(symbol: str) -> Callable[..., Any]:
    return lambda recorder, x, y: recorder.in_place(symbol, x, y)


_MOVERS: tuple[Any, ...] = (
    list, tuple, set, frozenset, dict, zip, enumerate, deque, defaultdict,
    itertools.chain, itertools.product, itertools.islice, itertools.pairwise, itertools.permutations,
    itertools.combinations, itertools.combinations_with_replacement, itertools.cycle, itertools.repeat,
    itertools.tee, itertools.zip_longest, itertools.compress, itertools.count,
)  # fmt: skip

LIBRARY: dict[Any, Callable[..., Any]] = {
    **NUMPY,
    sum: _sum, max: _extreme(max), min: _extreme(min), map: _map, filter: _filter, sorted: _sorted,
    reversed: _reversed, next: _next, iter: _iter, getattr: _getattr, setattr: _setattr, float: _float,
    complex: _complex, abs: _abs, round: _round, pow: _pow, divmod: _divmod, type: _type,
    functools.reduce: _reduce, itertools.accumulate: _accumulate, itertools.groupby: _groupby,
    itertools.starmap: _calling_back(itertools.starmap), itertools.takewhile: _calling_back(itertools.takewhile),
    itertools.dropwhile: _calling_back(itertools.dropwhile),
    itertools.filterfalse: _calling_back(itertools.filterfalse), itertools.chain.from_iterable: _from_iterable,
    math.fsum: _fsum, math.prod: _product, math.hypot: _hypot, math.dist: _dist,
    np.real: _part(np.real), np.imag: _part(np.imag),
    copy.deepcopy: _deepcopy, copy.copy: _copy, operator.getitem: _getitem, operator.setitem: _setitem,
    **{function: _mover(function) for function in _MOVERS},
    **{function: _in_place(symbol) for function, symbol in SYMBOLS_IN_PLACE.items()},
}  # fmt: skip
if hasattr(math, "sumprod"):
    LIBRARY[math.sumprod] = _sumprod
if hasattr(itertools, "batched"):
    LIBRARY[itertools.batched] = _mover(itertools.batched)
assert builtins.sum in LIBRARY

"""What rewritten code calls: `tape.op("*", w, x)`, `tape.call(f, x)`, `tape.at(y)[i] = v`."""

from __future__ import annotations

import functools
import types
from typing import Any

import numpy as np

from knetc.recording import callees, objects, operators
from knetc.recording.functions import is_recorded, recorded
from knetc.recording.protocol import Direct
from knetc.recording.proxies import Attributes, ChangedAttributes, ChangedItems, Items
from knetc.recording.tape import Tape


class Recorder:
    """One run of a program, its steps going onto a tape."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.functions: dict[int, tuple[types.FunctionType, types.FunctionType]] = {}
        self._caches: dict[Any, Any] = {}

    # ---- operators

    def op(self, symbol: str, *operands: Any) -> Any:
        """`x * y` or `-x`."""
        if len(operands) == 1:
            return operators.unary(self, symbol, *operands)
        return operators.binary(self, symbol, *operands)

    def in_place(self, symbol: str, target: Any, value: Any) -> Any:
        """`target *= value`: the new target."""
        return operators.in_place(self, symbol, target, value)

    # ---- items and attributes

    def at(self, owner: Any) -> Any:
        """What `owner[...]` is read from and written to; a class is subscripted as it is."""
        return owner if isinstance(owner, type) else Items(self, owner)

    def of(self, owner: Any) -> Any:
        """What `owner.name` is read from and written to."""
        return owner if isinstance(owner, (type, types.ModuleType)) else Attributes(self, owner)

    def changed_at(self, owner: Any) -> Any:
        """What `owner[...] += value` changes."""
        return ChangedItems(self, owner)

    def changed_in(self, owner: Any) -> Any:
        """What `owner.name += value` changes."""
        return ChangedAttributes(self, owner)

    # ---- calls

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """`function(*args, **kwargs)`."""
        return callees.call(self, function, args, kwargs)

    def method(self, owner: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """`owner.name(*args, **kwargs)`."""
        return callees.call(self, objects.attribute(self, owner, name), args, kwargs)

    def recorded(self, function: Any) -> Any:
        """A callable as one whose calls are recorded, to be called by somebody else."""
        if isinstance(function, type) or (
            isinstance(function, types.FunctionType) and is_recorded(function.__code__)
        ):
            return function
        return Direct(functools.partial(self.call, function))

    def recorded_function(self, function: types.FunctionType, text: str | None = None) -> types.FunctionType:
        """A Python function in its recorded form, made once."""
        found = self.functions.get(id(function))
        if found is None:
            found = self.functions[id(function)] = function, recorded(function, self, text)
        return found[1]

    def cached(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call of what `functools.lru_cache` made: the cache knows active numbers by identity."""
        values = (*args, *sorted(kwargs.items()))
        key = id(function), *(id(v) if self.tape.is_active(v) else v for v in values), *map(type, values)
        if key not in self._caches:
            self._caches[key] = self.call(function.__wrapped__, *args, **kwargs), function, values
        return self._caches[key][0]

    # ---- walking over values

    def iterate(self, iterable: Any, pattern: Any = None) -> Any:
        """What a `for` walks over; `pattern` tells how each value is taken apart."""
        walked = objects.iterate(self, iterable)
        return walked if pattern is None else (self.unpack(value, pattern) for value in walked)

    def unpack(self, value: Any, pattern: Any = ()) -> Any:
        """What is taken apart into several names, those with a pattern of their own into several again."""
        walked = objects.iterate(self, value)
        if not any(isinstance(part, tuple) for part in pattern):
            return walked
        values = list(walked)
        if "*" in pattern:
            extra = len(values) - len(pattern) + 1
            i = pattern.index("*")
            pattern = (*pattern[:i], *[None] * extra, *pattern[i + 1 :])
        if len(values) == len(pattern):
            values = [v if p is None else self.unpack(v, p) for v, p in zip(values, pattern, strict=True)]
        return values

    def moved(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Arguments of what only moves them: arrays and objects as what they are walked over by."""
        return tuple([self._walkable(value) for value in values])

    def _walkable(self, value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.flatiter)) or operators.python_method(value, "__iter__"):
            return objects.iterate(self, value)
        return value

    def context(self, manager: Any) -> Any:
        """What a `with` statement enters."""
        return objects.context(self, manager)

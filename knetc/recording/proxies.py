"""Subscripts and attributes in rewritten code keep their form: `tape.at(x)[i] = v`, `tape.of(self).h += v`."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.recording import arrays, objects
from knetc.recording.operators import python_method
from knetc.recording.protocol import Recorder


class Items:
    """`owner[...]`, read, written and deleted."""

    __slots__ = ("_owner", "_recorder")

    def __init__(self, recorder: Recorder, owner: Any) -> None:
        self._recorder, self._owner = recorder, owner

    def __getitem__(self, index: Any) -> Any:
        owner = self._owner
        if type(owner) is np.ndarray:
            return arrays.read(self._recorder.tape, owner, index)
        if isinstance(owner, np.flatiter):
            places = np.unravel_index(np.arange(owner.base.size)[index], owner.base.shape)
            return arrays.read(self._recorder.tape, owner.base, places)
        if isinstance(owner, (np.ndarray, np.generic)):
            return arrays.read(self._recorder.tape, arrays.lifted(self._recorder.tape, owner), index)
        method = python_method(owner, "__getitem__")
        if method is not None:
            return self._recorder.call(method, owner, index)
        return owner[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        owner = self._owner
        if isinstance(owner, np.flatiter):
            shape = owner.base.shape
            owner, index = owner.base, np.unravel_index(np.arange(owner.base.size)[index], shape)
        if isinstance(owner, np.ndarray) and owner.dtype.kind != "O":
            arrays.store(self._recorder.tape, owner, index, value)
            return
        method = python_method(owner, "__setitem__")
        if method is not None:
            self._recorder.call(method, owner, index, value)
        elif isinstance(owner, list) and isinstance(index, slice):
            owner[index] = self._recorder.iterate(value)
        else:
            owner[index] = value

    def __delitem__(self, index: Any) -> None:
        method = python_method(self._owner, "__delitem__")
        if method is not None:
            self._recorder.call(method, self._owner, index)
        else:
            del self._owner[index]


class Attributes:
    """`owner.name`, read, written and deleted."""

    __slots__ = ("_knetc_owner", "_knetc_recorder")

    def __init__(self, recorder: Recorder, owner: Any) -> None:
        object.__setattr__(self, "_knetc_recorder", recorder)
        object.__setattr__(self, "_knetc_owner", owner)

    def __getattribute__(self, name: str) -> Any:
        recorder, owner = _parts(self)
        return objects.attribute(recorder, owner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        recorder, owner = _parts(self)
        objects.set_attribute(recorder, owner, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(_parts(self)[1], name)


class Pending:
    """What `tape.changed_at(x)[i] += v` reads: knows how to add in place."""

    __slots__ = ("_recorder", "_value")

    def __init__(self, recorder: Recorder, value: Any) -> None:
        self._recorder, self._value = recorder, value

    def changed(self, symbol: str, other: Any) -> Any:
        """The value after `symbol=` with another."""
        return self._recorder.in_place(symbol, self._value, other)


def _augmented(symbol: str) -> Any:
    return lambda self, other: self.changed(symbol, other)


for _name, _symbol in {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "matmul": "@", "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>",
}.items():  # fmt: skip
    setattr(Pending, f"__i{_name}__", _augmented(_symbol))


class ChangedItems(Items):
    """`owner[...]` as the target of `+=`."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        return Pending(self._recorder, Items.__getitem__(self, index))


class ChangedAttributes(Attributes):
    """`owner.name` as the target of `+=`."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        recorder, owner = _parts(self)
        return Pending(recorder, objects.attribute(recorder, owner, name))


def _parts(proxy: Attributes) -> tuple[Recorder, Any]:
    read = object.__getattribute__
    return read(proxy, "_knetc_recorder"), read(proxy, "_knetc_owner")

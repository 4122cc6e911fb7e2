"""A tree of values as JSON text plus named arrays, and back: the part of a checkpoint that is not numbers.

    None, bool, int, str, finite float      themselves
    nan, inf, -inf                          {"float": "nan"}
    list                                    [...]
    tuple                                   {"tuple": [...]}
    dict                                    {"dict": [[key, value], ...]}
    array                                   {"array": name}
    numpy scalar                            {"scalar": name}
    object                                  {"object": class name, "attributes": {...}}
    function, class, module, enum           {"code": name}

Nothing is ever imported or built by a name from a file: objects and code can only be read `into` an existing
tree, where objects are filled and code stays what it is (see `restore.py`).
"""

from __future__ import annotations

import contextlib
import enum
import functools
import math
import types
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError

FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc, functools.partial)
CODE = (*FUNCTIONS, types.ModuleType, type, np.dtype, enum.Enum)
DTYPES = frozenset(
    "float64 float32 float16 int64 uint64 int32 uint32 int16 uint16 int8 uint8 bool complex64".split()
)


@dataclass
class Encoder:
    """Collects the arrays of a tree under readable names while it turns the rest into JSON values."""

    arrays: dict[str, Any] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def encode(self, value: Any, path: str = "") -> Any:
        """The JSON value of `value`; `path` is where it stands in the tree."""
        if value is None or isinstance(value, (bool, str)) or type(value) is int:
            return value
        if isinstance(value, float) and not isinstance(value, np.generic):
            return value if math.isfinite(value) else {"float": str(value)}
        if is_array(value):
            return {"array": self._named(value, path)}
        if isinstance(value, np.generic):
            return {"scalar": self._named(value, path)}
        if isinstance(value, CODE):
            return {"code": getattr(value, "__qualname__", type(value).__name__)}
        return self._container(value, path)

    def _container(self, value: Any, path: str) -> Any:
        if id(value) in self.open:
            raise _unsaved(path, "refers to itself")
        self.open.add(id(value))
        encoded = self._items(value, path)
        self.open.remove(id(value))
        return encoded

    def _items(self, value: Any, path: str) -> Any:
        if isinstance(value, list):
            return [self.encode(item, join(path, i)) for i, item in enumerate(value)]
        if isinstance(value, tuple):
            names = fields(value)
            return {"tuple": [self.encode(item, join(path, n)) for n, item in zip(names, value, strict=True)]}
        if isinstance(value, dict):
            return {"dict": [[self._key(k, path), self.encode(v, join(path, k))] for k, v in value.items()]}
        found = attributes(value)
        if found is None:
            raise _unsaved(path, f"is a {type(value).__name__}")
        encoded = {name: self.encode(item, join(path, name)) for name, item in found.items()}
        return {"object": type(value).__qualname__, "attributes": encoded}

    def _key(self, key: Any, path: str) -> Any:
        if key is None or isinstance(key, (bool, int, float, str, tuple, np.generic)):
            return self.encode(key, path)
        raise _unsaved(join(path, key), f"has a key of the class {type(key).__name__}")

    def _named(self, value: Any, path: str) -> str:
        """The name of an array: its path, made unique. An array that occurs twice has one name."""
        if value.dtype.name not in DTYPES or isinstance(value, np.ma.MaskedArray):
            raise _unsaved(path, f"is a {type(value).__name__} of {value.dtype}")
        if id(value) in self.names:
            return self.names[id(value)]
        name = path or "value"
        while name in self.arrays:
            name += "'"
        self.arrays[name] = array_module(value).asnumpy(value) if array_module(value) is not np else value
        self.names[id(value)] = name
        return name


def is_array(value: Any) -> bool:
    """Whether `value` is an array of numpy or of another backend.

    >>> is_array(np.ones(2)), is_array([1.0]), is_array(np.float32(1))
    (True, False, False)
    """
    return isinstance(value, array_module(value).ndarray)


def fields(value: tuple[Any, ...]) -> Sequence[Any]:
    """What the items of a tuple are called: the fields of a namedtuple, otherwise their numbers.

    >>> list(fields((5, 6)))
    [0, 1]
    """
    found: Sequence[Any] = getattr(value, "_fields", range(len(value)))
    return found


def attributes(value: Any) -> dict[str, Any] | None:
    """The attributes of an object, those in slots included, by name; None if it has no place for any.

    >>> attributes(types.SimpleNamespace(w=1)), attributes(object())
    ({'w': 1}, None)
    """
    slots = [name for base in type(value).__mro__ for name in _slots(base)]
    if not slots and getattr(value, "__dict__", None) is None:
        return None
    found = {}
    for name in slots:
        with contextlib.suppress(AttributeError):  # a slot may be empty
            found[name] = getattr(value, name)
    return found | getattr(value, "__dict__", {})


def _slots(base: type) -> tuple[str, ...]:
    names = base.__dict__.get("__slots__", ())
    names = (names,) if isinstance(names, str) else tuple(names)
    return tuple(name for name in names if name not in ("__dict__", "__weakref__"))


def join(path: str, key: Any) -> str:
    """The path of an item or attribute.

    >>> join("layers.0", "w")
    'layers.0.w'
    """
    return f"{path}.{key}" if path else str(key)


def _unsaved(path: str, why: str) -> ArgumentError:
    return ArgumentError(
        "KN615",
        f"`{path or 'value'}` cannot be saved: it {why}",
        help="save arrays, numbers, strings, None, lists, tuples, dicts and objects made of them",
    )

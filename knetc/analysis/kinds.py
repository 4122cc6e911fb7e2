"""Kinds: what the compiler knows of a value before it exists. Functions are compiled once per kinds of arguments.

    float  int  bool  str  none  function  array  list  tuple  dict  object  unknown      (bottom: nothing seen yet)

An object knows the kinds of the arrays, numbers and ops among its own attributes, a function that is an op which one.

An array knows its axes as a string, one letter each: `1` has length 1, `n` another length, `?` either. So
broadcasting is known when compiling, shapes are not: `n1` with `?n`. `axes=None` means not even the rank is known.

    >>> import numpy as np
    >>> print(kind_of(np.ones((3, 1))), kind_of([1.0, 2.0]), kind_of((1, np.ones(2))))
    array[n1] list[float] tuple[int, array[n]]
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from knetc.ops.registry import find
from knetc.runtime.frozen import FrozenFloat, is_frozen
from knetc.runtime.mirror import is_array

FUNCTION_TYPES = (types.FunctionType, types.BuiltinFunctionType, np.ufunc, type, types.ModuleType)
PLAIN_TYPES = (np.ndarray, np.generic, float, int, str, type(None), *FUNCTION_TYPES)
Classes = tuple[type, ...]
MAX_ITEMS = 64
"""Containers with more items than this are not looked into."""


@dataclass(frozen=True)
class Kind:
    """One kind. `axes` and `dtype` (`f` float, `i` integer or bool, `?`) describe arrays, `items` containers."""

    tag: str
    axes: str | None = None
    dtype: str = "?"
    items: tuple[Kind, ...] | None = None
    keys: tuple[Any, ...] | None = None
    cls: Any = None

    def __str__(self) -> str:
        match self.tag:
            case "array":
                axes = "..." if self.axes is None else self.axes
                return f"array[{axes}]" if self.dtype == "f" else f"array[{axes}:{self.dtype}]"
            case "list" | "tuple" if self.items is not None:
                return f"{self.tag}[{', '.join(map(str, self.items))}]"
            case "dict" if self.items is not None and self.keys is not None:
                return f"dict[{', '.join(f'{k}: {v}' for k, v in zip(self.keys, self.items, strict=True))}]"
            case "object":
                return str(self.cls.__name__)
            case _:
                return self.tag

    @property
    def is_scalar(self) -> bool:
        """Known to have no axes."""
        return self.tag in ("float", "int", "bool") or self.axes == ""

    @property
    def rank(self) -> int | None:
        """How many axes an array of this shape has, if this is a shape: an int, or a tuple of ints."""
        if self.tag == "int":
            return 1
        return len(self.items) if self.tag == "tuple" and self.items is not None else None

    @property
    def may_be_active(self) -> bool:
        """Whether a value of this kind can carry a derivative."""
        if self.tag in ("int", "bool", "str", "none", "function", "bottom"):
            return False
        if self.tag == "tuple" and self.items is not None:
            return any(item.may_be_active for item in self.items)
        return not (self.tag == "array" and self.dtype == "i")


BOTTOM, UNKNOWN = Kind("bottom"), Kind("unknown")
FLOAT, INT, BOOL = Kind("float"), Kind("int"), Kind("bool")
STR, NONE, FUNCTION = Kind("str"), Kind("none"), Kind("function")
LIST, TUPLE, DICT = Kind("list"), Kind("tuple"), Kind("dict")


def array(axes: str | None = None, dtype: str = "f") -> Kind:
    """The kind of an array."""
    return Kind("array", axes, dtype)


def kind_of(value: Any, within: Classes = ()) -> Kind:
    """The kind of a Python value, as a part of objects of the classes `within`."""
    simple = _SIMPLE.get(type(value))
    if simple is not None:
        return simple
    if is_array(value) or isinstance(value, np.generic):
        return _array_kind(value, str(getattr(value.dtype, "kind", "?")))
    if isinstance(value, FUNCTION_TYPES):
        return Kind("function", cls=value) if find(value) is not None else FUNCTION
    return _container_kind(value, within)


class Hidden:
    """What stands for an attribute that hides something of its class."""


HIDDEN = Hidden()


_SIMPLE = {
    float: FLOAT,
    int: INT,
    bool: BOOL,
    str: STR,
    type(None): NONE,
    np.float64: FLOAT,
    np.float32: FLOAT,
    FrozenFloat: INT,  # like an int, it is a number that carries no derivative
    Hidden: UNKNOWN,
}


def _array_kind(value: Any, code: str) -> Kind:
    if code == "c":
        return Kind("object", cls=complex)
    dtype = "f" if code == "f" else "i" if code in "iub" else "?"
    if isinstance(value, np.generic):
        return FLOAT if dtype == "f" else BOOL if code == "b" else INT if dtype == "i" else UNKNOWN
    return array("".join("1" if n == 1 else "n" for n in value.shape), dtype)


def _container_kind(value: Any, within: Classes) -> Kind:
    match value:
        case list():
            return Kind("list", items=(_join_all(value),)) if 0 < len(value) <= MAX_ITEMS else LIST
        case tuple():
            fields, cls = getattr(value, "_fields", None), None if type(value) is tuple else type(value)
            short = len(value) <= MAX_ITEMS
            return Kind("tuple", items=tuple(map(kind_of, value)), keys=fields, cls=cls) if short else TUPLE
        case dict() if len(value) <= MAX_ITEMS and all(isinstance(k, str | int) for k in value):
            return Kind("dict", items=tuple(map(kind_of, value.values())), keys=tuple(value))
        case Mapping():
            return DICT
        case _:
            return _object_kind(value, within)


def _object_kind(value: Any, within: Classes) -> Kind:
    if inspect.getattr_static(type(value), "__getattribute__") is not object.__getattribute__:
        return Kind("object", cls=type(value))
    held, inside = known_attributes(value, within), (*within, type(value))
    items = tuple([kind_of(v, inside) for v in held.values()])
    return Kind("object", items=items, keys=tuple(held), cls=type(value))


def known_attributes(value: Any, within: Classes = ()) -> dict[str, Any]:
    """The arrays, numbers, functions, options and objects that an object holds.

    `HIDDEN` stands for what its class defines, too: of an object with many attributes, that alone is known. Objects of
    a class that is one of those `within` are left out: one piece of code serves a tree of objects, however deep.
    """
    own = getattr(value, "__dict__", None)
    if not isinstance(own, dict):
        return {}
    cls = type(value)
    if len(own) > MAX_ITEMS:
        return {name: HIDDEN for name in own if hasattr(cls, name)}
    known: dict[str, Any] = {}
    for name, v in own.items():
        if hasattr(cls, name):
            known[name] = HIDDEN
        elif _is_plain(v) or _is_part(v, (*within, cls)):
            known[name] = v
    return known


def _is_part(value: Any, within: Classes) -> bool:
    """Whether a value is an object of the user's whose methods may be called."""
    cls = type(value)
    if cls in within or isinstance(value, (list, tuple, dict, set, Mapping)) or is_frozen(value):
        return False
    return isinstance(getattr(value, "__dict__", None), dict) and type(cls) is type


def method_of(kind: Kind, name: str) -> tuple[type, types.FunctionType] | None:
    """The class of an object whose attributes are known, and its method of a name, unless the object hides it."""
    if kind.tag != "object" or kind.keys is None or name in kind.keys or not isinstance(kind.cls, type):
        return None
    method = inspect.getattr_static(kind.cls, name, None)
    plain = isinstance(method, types.FunctionType) and find(method) is None
    return (kind.cls, method) if plain and isinstance(method, types.FunctionType) else None


def _is_plain(value: Any) -> bool:
    return isinstance(value, PLAIN_TYPES) or (type(value) is tuple and all(map(_is_option, value)))


def _is_option(value: Any) -> bool:
    """Whether a value is made of ints and strings, as `stride=(2, 1)` is."""
    return isinstance(value, int | str) or (type(value) is tuple and all(map(_is_option, value)))


def _join_all(values: list[Any]) -> Kind:
    kind = BOTTOM
    for value in values:
        kind = join(kind, kind_of(value))
    return kind


def join(a: Kind, b: Kind) -> Kind:
    """The least kind that covers both."""
    if b in (a, BOTTOM):
        return a
    if a == BOTTOM:
        return b
    if a.tag != b.tag:
        return FLOAT if {a.tag, b.tag} in ({"float", "int"}, {"float", "bool"}) else UNKNOWN
    if a.tag == "array":
        return array(_join_axes(a.axes, b.axes), a.dtype if a.dtype == b.dtype else "?")
    if a.tag == "function":
        return FUNCTION
    if a.tag == "object" and a.cls is b.cls:
        return Kind("object", cls=a.cls)
    if a.tag in ("tuple", "list", "dict"):
        same = (
            a.items is not None and b.items is not None and len(a.items) == len(b.items) and a.keys == b.keys
        )
        if not same:
            return Kind(a.tag)
        assert a.items is not None
        assert b.items is not None
        return Kind(a.tag, items=tuple(map(join, a.items, b.items)), keys=a.keys)
    return UNKNOWN


def _join_axes(a: str | None, b: str | None) -> str | None:
    if a is None or b is None or len(a) != len(b):
        return None
    return "".join(x if x == y else "?" for x, y in zip(a, b, strict=True))


def broadcast(a: Kind, b: Kind) -> Kind:
    """The kind of an elementwise result of two numbers or arrays."""
    if "object" in (a.tag, b.tag):  # whatever its operator makes
        return a if a.tag == "object" else b
    if "array" not in (a.tag, b.tag):
        numbers = {a.tag, b.tag} <= {"float", "int", "bool"}
        return (FLOAT if "float" in (a.tag, b.tag) else INT) if numbers else UNKNOWN
    if "unknown" in (a.tag, b.tag):
        return UNKNOWN
    return array(_broadcast_axes(axes_of(a), axes_of(b)), _dtype(a, b))


def axes_of(kind: Kind) -> str | None:
    """The axes of a number or an array."""
    return kind.axes if kind.tag == "array" else "" if kind.is_scalar else None


def _dtype(a: Kind, b: Kind) -> str:
    found = {"f" if k.tag == "float" else "i" if k.tag in ("int", "bool") else k.dtype for k in (a, b)}
    return "f" if "f" in found else "i" if found == {"i"} else "?"


def _broadcast_axes(a: str | None, b: str | None) -> str | None:
    if a is None or b is None:
        return None
    width = max(len(a), len(b))
    pairs = zip(a.rjust(width, "1"), b.rjust(width, "1"), strict=True)
    return "".join(_broadcast_axis(x, y) for x, y in pairs)


def _broadcast_axis(x: str, y: str) -> str:
    if x == "1":
        return y
    if y == "1":
        return x
    return "n" if "n" in (x, y) else "?"


def may_broadcast(operand: Kind, others: list[Kind]) -> bool:
    """Whether an operand of an elementwise op may be stretched by the other operands.

    >>> x, b, y = array("?n"), array("n"), array("nn")
    >>> may_broadcast(x, [b]), may_broadcast(x, [y]), may_broadcast(b, [x]), may_broadcast(y, [x])
    (False, True, True, False)
    """
    return any(_may_stretch(axes_of(operand), axes_of(other)) for other in others)


def _may_stretch(a: str | None, b: str | None) -> bool:
    if b == "":
        return False
    if a is None or b is None or len(b) > len(a):
        return True
    return any(x != "n" and y != "1" for x, y in zip(a, b.rjust(len(a), "1"), strict=True))

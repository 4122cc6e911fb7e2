"""Values made of arrays: their leaves, and gradients that mirror them.

A value is an array, a number, a list, tuple, dict or an object; its leaves are the float arrays (and numbers) reachable
through items, keys and attributes. What is marked frozen, and integers, strings and functions, has none.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.runtime.accumulate import accumulate
from knetc.runtime.frozen import is_frozen
from knetc.runtime.mirror import Mirror, is_array, is_number
from knetc.runtime.rows import Rows

ATOMS = (
    str,
    bytes,
    bool,
    int,
    complex,
    type(None),
    np.integer,
    np.bool_,
    type,
    type(np),
    type(is_frozen),
    type(len),
    np.ufunc,
)

PLAIN_CONTAINERS = frozenset((dict, list, tuple))
"""Types that cannot carry the mark of what is frozen: nobody needs to look for it."""


def parts(tree: Any) -> list[tuple[str, Any, Any]]:
    """The direct parts of a container or object: (path, key, value)."""
    match tree:
        case dict():
            return [(f"[{key!r}]", key, value) for key, value in tree.items()]
        case list() | tuple():
            return [(f"[{i}]", i, value) for i, value in enumerate(tree)]
        case _ if isinstance(tree, ATOMS) or is_array(tree) or is_number(tree) or is_frozen(tree):
            return []
        case _:
            return [(f".{name}", name, value) for name, value in attributes(tree).items()]


def attributes(value: Any) -> dict[str, Any]:
    """The attributes an object holds itself, in `__dict__` or in slots."""
    found = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and name not in found and hasattr(value, name):
                found[name] = getattr(value, name)
    return found


def is_leaf(value: Any) -> bool:
    """A float array that is not frozen, or in a gradient the rows of one."""
    return (is_array(value) or isinstance(value, Rows)) and value.dtype.kind in "fc" and not is_frozen(value)


def leaves(tree: Any) -> list[tuple[str, Any]]:
    """The float arrays in a value with their paths, in the order of items and attributes.

    >>> leaves({"w": np.ones(2), "n": 3, "layers": [np.zeros(1)]})
    [("['w']", array([1., 1.])), ("['layers'][0]", array([0.]))]
    """
    return [(path.removeprefix("."), leaf) for path, leaf in _leaves(tree, "", ())]


def _leaves(tree: Any, path: str, above: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
    if is_leaf(tree):
        yield path, tree
    elif id(tree) not in above:
        for step, _, value in parts(tree):
            yield from _leaves(value, path + step, (*above, id(tree)))


def reaches(value: Any, target: object) -> bool:
    """Whether an object is a value, or is in its items or attributes, however deep.

    >>> inner = [1.0]
    >>> reaches({"a": (2.0, inner)}, inner), reaches([1.0], inner)
    (True, False)
    """
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if found is target:
            return True
        if id(found) in seen or isinstance(found, (*ATOMS, np.ndarray, np.generic)):
            continue
        seen.add(id(found))
        if isinstance(found, dict | list | tuple | set):
            waiting += found.values() if isinstance(found, dict) else found
        waiting += getattr(found, "__dict__", {}).values()
    return False


def differentiable(tree: Any, above: tuple[int, ...] = ()) -> bool:
    """Whether there is anything in a value to differentiate."""
    if is_leaf(tree) or (is_number(tree) and not is_frozen(tree)):
        return True
    return id(tree) not in above and any(differentiable(v, (*above, id(tree))) for _, _, v in parts(tree))


def gradient_of(value: Any, bar: Any, above: tuple[int, ...] = (), *, rows: bool = False) -> Any:
    """A gradient with the structure of `value`, from its cotangent; zeros where nothing has flowed.

    Objects come back as objects of the same class, made without `__init__`, that hold only differentiable attributes.
    With `rows`, what is known of a few rows of a matrix stays `Rows`; else it becomes an array.

    >>> gradient_of({"w": np.ones(2), "n": 3}, {})
    {'w': array([0., 0.]), 'n': None}
    """
    if (
        not above
        and type(bar) is np.ndarray is type(value)
        and bar.shape == value.shape
        and bar.dtype == value.dtype
    ):
        return bar
    if type(bar) is float is type(value):
        return bar
    if id(value) in above:
        if bar is not None:
            raise _CircleError
        return None
    if not above:
        try:
            return _structured(value, bar, above, rows)
        except _CircleError:
            bar = _opened(value, bar, (), {})
    return _structured(value, bar, above, rows)


def _structured(value: Any, bar: Any, above: tuple[int, ...], rows: bool) -> Any:
    if type(value) in PLAIN_CONTAINERS:
        return _items_gradient(value, bar, (*above, id(value)), rows)
    if is_frozen(value):
        return None
    if is_array(value):
        return _array_gradient(value, bar, rows) if value.dtype.kind in "fc" else None
    if is_number(value):
        return type(value)(0.0 if bar is None else bar)
    if isinstance(value, ATOMS):
        return None
    if isinstance(value, dict | list | tuple):
        return _items_gradient(value, bar, (*above, id(value)), rows)
    return _object_gradient(value, bar or Mirror(), (*above, id(value)), rows)


class _CircleError(Exception):
    """Something has flowed into an object by way of a part that refers back to it."""


def _opened(value: Any, bar: Any, above: tuple[int, ...], back: dict[int, Any]) -> Any:
    """A cotangent without circles: what has flowed into a part that is the whole again is added to that of the whole.

    `back` collects it on the way.

    >>> node = {"w": 2.0}
    >>> node["self"] = node
    >>> gradient_of(node, {"w": 1.0, "self": {"self": {"w": 3.0}}})
    {'w': 4.0, 'self': None}
    """
    if bar is None:
        return None
    if id(value) in above:
        back[id(value)] = accumulate(back.get(id(value)), bar)
        return None
    while True:
        bar = _parts_opened(value, bar, (*above, id(value)), back)
        more = back.pop(id(value), None)
        if more is None:
            return bar
        bar = accumulate(bar, more)


def _parts_opened(value: Any, bar: Any, above: tuple[int, ...], back: dict[int, Any]) -> Any:
    held = {key: part for _, key, part in parts(value)}
    if isinstance(bar, Mirror):
        return Mirror(**{n: _opened(held.get(n), b, above, back) for n, b in bar.__dict__.items()})
    if isinstance(bar, dict):
        return {key: _opened(held.get(key), b, above, back) for key, b in bar.items()}
    if isinstance(bar, list | tuple):
        return [_opened(held.get(i), b, above, back) for i, b in enumerate(bar)]
    return bar


def _items_gradient(value: Any, bar: Any, above: tuple[int, ...], rows: bool) -> Any:
    if isinstance(value, dict):
        bars = bar or {}
        return {key: gradient_of(v, bars.get(key), above, rows=rows) for key, v in value.items()}
    items = bar if bar is not None else [None] * len(value)
    parts = [gradient_of(v, b, above, rows=rows) for v, b in zip(value, items, strict=True)]
    return _sequence(value, parts)


def _array_gradient(value: Any, bar: Any, rows: bool) -> Any:
    if bar is None:
        return np.zeros_like(value)
    if isinstance(bar, Rows) and bar.dtype == value.dtype:
        return bar if rows and bar.is_sparse else bar.dense()
    if getattr(bar, "shape", None) == value.shape and bar.dtype == value.dtype and is_array(bar):
        return bar.copy()  # parts of a gradient may be changed in place: they share nothing
    out = np.empty_like(value)
    out[...] = bar
    return out


def _sequence(value: Any, items: list[Any]) -> Any:
    if isinstance(value, list):
        return items
    return type(value)(*items) if hasattr(value, "_fields") else tuple(items)


def _check_nothing_lost(value: Any, bar: Any, own: dict[str, Any]) -> None:
    """What has flowed into a property or a method read as a value would have no place in the gradient."""
    lost = [name for name, b in bar.__dict__.items() if b is not None and name not in own]
    instance_only = [name for name in lost if not _is_class_constant(value, name)]
    if instance_only:
        what = f"`.{instance_only[0]}` of a {type(value).__name__}, which is not an attribute of its own"
        raise Refusal("KN101", f"knetc cannot differentiate {what}", help="write a method, and call it")


def _is_class_constant(value: Any, name: str) -> bool:
    return is_array(inspect.getattr_static(type(value), name, None)) or is_number(
        inspect.getattr_static(type(value), name, None)
    )


def _object_gradient(value: Any, bar: Any, above: tuple[int, ...], rows: bool) -> Any:
    own = attributes(value)
    _check_nothing_lost(value, bar, own)
    held = {name: v for name, v in own.items() if differentiable(v, above)}
    for name in bar.__dict__.keys() & own.keys() - held.keys():
        gradient_of(own[name], getattr(bar, name), above)  # to see what has flowed around a circle
    found = {name: gradient_of(v, getattr(bar, name), above, rows=rows) for name, v in held.items()}
    try:
        out = object.__new__(type(value))
    except TypeError:  # a class of an extension module
        return Mirror(**found)
    for name, gradient in found.items():
        object.__setattr__(out, name, gradient)
    return out

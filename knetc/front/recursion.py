"""Recursive functions, and the kinds of what they walk down: one piece of code serves a tree of any shape."""

from __future__ import annotations

import types

from knetc.analysis.kinds import UNKNOWN, Kind
from knetc.front.resolve import free_value

CONTAINERS = ("tuple", "list", "dict")


def is_recursive(function: types.FunctionType) -> bool:
    """Whether a function calls itself, or may be called by a function that it calls.

    >>> def factorial(n):
    ...     return n * factorial(n - 1) if n else 1
    >>> is_recursive(factorial)
    True
    """
    seen: set[types.FunctionType] = set()
    waiting = _called(function)
    while waiting:
        other = waiting.pop()
        if other is function:
            return True
        if other not in seen:
            seen.add(other)
            waiting += _called(other)
    return False


def _called(function: types.FunctionType) -> list[types.FunctionType]:
    names = (*function.__code__.co_names, *function.__code__.co_freevars)
    values = (free_value(function, name) for name in names)
    return [v for v in values if isinstance(v, types.FunctionType) and v.__module__ == function.__module__]


def of_any_depth(kind: Kind) -> Kind:
    """The kind of a container of containers, without telling how deep it is.

    >>> leaf = Kind("tuple", items=(Kind("float"), Kind("float")))
    >>> str(of_any_depth(leaf)), str(of_any_depth(Kind("tuple", items=(leaf, leaf))))
    ('tuple[float, float]', 'unknown')
    """
    nested = kind.tag in CONTAINERS and any(item.tag in CONTAINERS for item in kind.items or ())
    return UNKNOWN if nested else kind

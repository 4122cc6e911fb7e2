"""What is asked of a function and its arguments before they are compiled."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from knetc.analysis.kinds import UNKNOWN, Kind
from knetc.analysis.lengths import Shape
from knetc.errors import ArgumentError, DtypeError
from knetc.ops.registry import find

TYPES = {float: "float", int: "int", bool: "bool", str: "str"}


@dataclass(frozen=True)
class Facts:
    """What compiled code depends on in an argument: its kind, its axes, and the bytes of its numbers."""

    kind: Kind
    shape: Shape = None
    width: int = 0


def are_mixed(facts: dict[str, Facts]) -> bool:
    """Whether the arguments have numbers of several widths."""
    return len({found.width for found in facts.values()} - {0}) > 1


def width(value: Any) -> int:
    """The bytes of the numbers of an array of floats; 0 of anything else.

    >>> import numpy as np
    >>> width(np.zeros(2, np.float32)), width(1.5)
    (4, 0)
    """
    dtype = getattr(value, "dtype", None)
    return int(dtype.itemsize) if dtype is not None and dtype.kind == "f" else 0


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """The signature of a function; of a wrapper that passes on what it gets, that of the wrapped function."""
    own = inspect.signature(function, follow_wrapped=False)
    passes_on = any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in own.parameters.values())
    return inspect.signature(function) if passes_on and hasattr(function, "__wrapped__") else own


def plain_function(function: Callable[..., Any]) -> tuple[types.FunctionType, tuple[Any, ...]]:
    """The Python function behind a callable, and what is bound to its first parameter."""
    if isinstance(function, types.FunctionType) and find(function) is None:
        return function, ()
    if isinstance(function, types.MethodType) and isinstance(function.__func__, types.FunctionType):
        return function.__func__, (function.__self__,)
    if isinstance(function, functools.partial) and not function.keywords:
        inner, bound = plain_function(function.func)
        return inner, (*bound, *function.args)
    method = inspect.getattr_static(type(function), "__call__", None)
    own = type(function).__module__
    is_open = own.startswith("knetc.nn.") or not own.startswith("knetc.")
    if isinstance(method, types.FunctionType) and is_open:
        return method, (function,)
    name = getattr(function, "__name__", repr(function))
    message = f"`{name}` is not a Python function"
    raise ArgumentError("KN304", message, help=f"wrap it: `knetc.grad(lambda x: {name}(x))`")


def annotated_kind(hint: Any) -> Kind:
    """The kind that an annotation promises: a type, or its name where annotations are strings."""
    names = {name: name for name in TYPES.values()}
    tag = names.get(hint) if isinstance(hint, str) else TYPES.get(hint) if isinstance(hint, type) else None
    return Kind(tag) if tag else UNKNOWN


def not_differentiable(name: str, value: Any) -> DtypeError:
    """The error for an argument without derivative."""
    dtype = getattr(value, "dtype", None)
    what = f"an array of {dtype}" if dtype is not None else f"{value!r}, {type(value).__name__}"
    if isinstance(value, list | tuple | dict) or not (
        dtype is not None or isinstance(value, int | str | bool | None)
    ):
        what = f"a {type(value).__name__} without any float in it"
    fix = f"pass floats: `{value}.0`" if type(value) is int else f"pass floats: `np.asarray({name}, float)`"
    return DtypeError("KN302", f"cannot differentiate with respect to `{name}`, which is {what}", help=fix)

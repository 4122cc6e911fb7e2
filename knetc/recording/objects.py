"""Objects of user classes: attributes that are computed, construction, context managers, iteration."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import sys
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc.ops.registry import OPS
from knetc.recording import apply as operations
from knetc.recording import arrays
from knetc.recording.known import GETTERS, MOVERS, no_rule
from knetc.recording.operators import HEAP_TYPE, python_method
from knetc.recording.protocol import Recorder

MISSING = object()
WALKING = (list, tuple, set, frozenset, deque)
"""Classes that walk over what they are made of."""


def attribute(recorder: Recorder, owner: Any, name: str) -> Any:
    """`owner.name`: what a property or a descriptor computes is computed by the recorder."""
    if isinstance(owner, (np.ndarray, np.generic, complex)):
        return _part_of_array(recorder, owner, name)
    if isinstance(owner, (type, types.ModuleType)):
        return getattr(owner, name)
    own = python_method(owner, "__getattribute__")
    if own is not None:
        return recorder.call(own, owner, name)
    held = inspect.getattr_static(type(owner), name, MISSING)
    if isinstance(held, property) and held.fget is not None:
        return recorder.call(held.fget, owner)
    if held is not MISSING and not isinstance(held, types.FunctionType):
        getter = python_method(held, "__get__")
        if getter is not None and (
            python_method(held, "__set__") or name not in getattr(owner, "__dict__", {})
        ):
            return recorder.call(getter, held, owner, type(owner))
    fallback = python_method(owner, "__getattr__")
    if fallback is not None and held is MISSING and not _holds(owner, name):
        return recorder.call(fallback, owner, name)
    return getattr(owner, name)


def _holds(owner: Any, name: str) -> bool:
    try:
        object.__getattribute__(owner, name)
    except AttributeError:
        return False
    return True


def _apart(function: Any) -> Any:
    """`np.real` as a copy: a view into complex memory would have the cotangent of that memory, which is conjugate."""

    def part(array: Any) -> Any:
        found = np.array(function(array))
        found.flags.writeable = False  # what is stored into it would be lost
        return found[()]

    return part


def _part_of_array(recorder: Recorder, array: Any, name: str) -> Any:
    """Attributes of arrays and their numbers: `.T` is a view, `.real` and `.imag` are operations."""
    if name in ("real", "imag") and recorder.tape.is_active(array):
        function = getattr(np, name)
        if np.iscomplexobj(array) or name == "imag":
            part = operations.apply(recorder.tape, OPS[function], _apart(function), (array,), {})
            recorder.tape.parts[id(part)] = part
            return part
        return array
    return getattr(arrays.lifted(recorder.tape, array) if name == "flat" else array, name)


def set_attribute(recorder: Recorder, owner: Any, name: str, value: Any) -> None:
    """`owner.name = value`."""
    own = python_method(owner, "__setattr__")
    held = inspect.getattr_static(type(owner), name, None)
    if own is not None:
        recorder.call(own, owner, name, value)
    elif isinstance(held, property) and held.fset is not None:
        recorder.call(held.fset, owner, value)
    elif python_method(held, "__set__") is not None:
        recorder.call(python_method(held, "__set__"), held, owner, value)
    elif isinstance(owner, np.ndarray):
        _set_part_of_array(recorder, owner, name, value)
    else:
        setattr(owner, name, value)


def _set_part_of_array(recorder: Recorder, array: Any, name: str, value: Any) -> None:
    if name in ("real", "imag") and np.iscomplexobj(array):
        other = recorder.of(array).imag if name == "real" else recorder.of(array).real
        parts = (value, other) if name == "real" else (other, value)
        whole = recorder.op("+", parts[0], recorder.op("*", 1j, parts[1]))
        arrays.store(recorder.tape, array, ..., whole)
    elif name in ("T", "flat") or (name == "real" and not np.iscomplexobj(array)):
        target = array.reshape(-1) if name == "flat" else array.T if name == "T" else array
        arrays.store(recorder.tape, target, ..., value)
    else:
        setattr(array, name, value)


def is_in_c(cls: type) -> bool:
    """Whether a class is built in, or of a module that is written in C."""
    origin = getattr(getattr(sys.modules.get(cls.__module__), "__spec__", None), "origin", None) or ""
    return not cls.__flags__ & HEAP_TYPE or origin == "built-in" or origin.endswith((".so", ".pyd"))


def made_in_c(
    recorder: Recorder, maker: Any, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """`maker(*args)`, which makes an instance of `cls` in C: it moves what it gets, or makes a number of it.

    `maker` is the class itself, or its `__new__`, which gets the class as its first argument.
    """
    base = next(c for c in cls.__mro__ if is_in_c(c))
    if issubclass(base, WALKING):
        return maker(*recorder.moved(args), **kwargs)
    if issubclass(base, (float, complex)) and recorder.tape.reaches(args):
        *before, number = args
        return operations.apply(
            recorder.tape, OPS[float], lambda x: maker(*before, x, **kwargs), (number,), {}
        )
    moves = base is object or issubclass(base, (*MOVERS, *GETTERS, type, types.SimpleNamespace, staticmethod))
    if not moves and (recorder.tape.reaches(args) or recorder.tape.reaches(kwargs)):
        raise no_rule(base)
    return maker(*args, **kwargs)


def construct(recorder: Recorder, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`cls(*args, **kwargs)`, with the `__new__` and `__init__` of a class in Python recorded."""
    metaclass_call = python_method(cls, "__call__")
    if metaclass_call is not None and metaclass_call.__module__ not in ("enum", "abc", "typing"):
        return recorder.call(metaclass_call, cls, *args, **kwargs)
    return instantiate(recorder, cls, args, kwargs)


def instantiate(recorder: Recorder, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`type.__call__(cls, *args, **kwargs)`."""
    initialiser: Any = cls.__init__  # type: ignore[misc]  # of whatever class it is
    new, init = _python(cls, "__new__"), _python(cls, "__init__")
    if new is None and init is None:
        return made_in_c(recorder, cls, cls, args, kwargs)
    if new is not None:
        made = recorder.call(new, cls, *args, **kwargs)
    else:
        maker: Any = cls.__new__
        made = (
            maker(cls) if maker is object.__new__ else made_in_c(recorder, maker, cls, (cls, *args), kwargs)
        )
    if isinstance(made, cls):
        if _is_generated(cls, init):
            _set_fields(recorder, made, args, kwargs)
        elif init is not None:
            recorder.call(init, made, *args, **kwargs)
        elif initialiser is not object.__init__:
            initialiser(made, *(recorder.moved(args) if isinstance(made, WALKING) else args), **kwargs)
    return made


def _python(cls: type, name: str) -> Any:
    """A method of a class that is written in Python: not the generated `__new__` of a named tuple."""
    found = inspect.getattr_static(cls, name, None)
    found = found.__func__ if isinstance(found, staticmethod) else found
    if not isinstance(found, types.FunctionType) or (name == "__new__" and hasattr(cls, "_fields")):
        return None
    return found


def _is_generated(cls: type, init: Any) -> bool:
    """Whether `__init__` was written by `dataclasses`."""
    return dataclasses.is_dataclass(cls) and init is not None and init.__code__.co_filename == "<string>"


def _set_fields(recorder: Recorder, made: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """What the generated `__init__` of a dataclass does."""
    bound = inspect.signature(type(made).__init__).bind(made, *args, **kwargs)
    given = dict(list(bound.arguments.items())[1:])
    extra = []
    for name, f in getattr(type(made), "__dataclass_fields__").items():  # noqa: B009  mypy knows no such attribute
        kind = f._field_type.name  # noqa: SLF001  there is no public way to tell an InitVar from a field
        if kind == "_FIELD_CLASSVAR":
            continue
        if f.init and name in given:
            value = given[name]
        elif f.default_factory is not dataclasses.MISSING:
            value = recorder.call(f.default_factory)
        elif f.default is not dataclasses.MISSING:
            value = f.default
        else:
            continue
        if kind == "_FIELD_INITVAR":
            extra.append(value)
        else:
            object.__setattr__(made, name, value)
    if hasattr(made, "__post_init__"):
        recorder.method(made, "__post_init__", *extra)


class Context:
    """A context manager whose methods in Python are recorded."""

    def __init__(self, recorder: Recorder, manager: Any) -> None:
        self._recorder, self._manager = recorder, manager

    def __enter__(self) -> Any:
        method = python_method(self._manager, "__enter__")
        return self._recorder.call(method, self._manager) if method else self._manager.__enter__()

    def __exit__(self, *error: object) -> Any:
        method = python_method(self._manager, "__exit__")
        if method:
            return self._recorder.call(method, self._manager, *error)
        return self._manager.__exit__(*error)


def context(recorder: Recorder, manager: Any) -> Any:
    """What a `with` statement enters in place of `manager`."""
    is_python = python_method(manager, "__enter__") or python_method(manager, "__exit__")
    library = type(manager).__module__.partition(".")[0] in ("numpy", "warnings", "threading", "unittest")
    if is_python and not library and not isinstance(manager, contextlib.ExitStack):
        return Context(recorder, manager)
    return manager


def iterate(recorder: Recorder, iterable: Any) -> Any:
    """An iterator or iterable over the same values as `iterable`."""
    if isinstance(iterable, np.ndarray):
        return arrays.elements(recorder.tape, iterable) if recorder.tape.is_active(iterable) else iterable
    if isinstance(iterable, np.flatiter):
        return iterate(recorder, iterable.base.reshape(-1))
    method = python_method(iterable, "__iter__")
    if method is not None:
        iterable = recorder.call(method, iterable)
    elif python_method(iterable, "__getitem__") is not None and not hasattr(iterable, "__iter__"):
        return _by_index(recorder, iterable)
    if python_method(iterable, "__next__") is not None:
        return _by_next(recorder, iterable)
    return iterable


def _by_index(recorder: Recorder, owner: Any) -> Iterator[Any]:
    i = 0
    while True:
        try:
            value = recorder.at(owner)[i]
        except IndexError:
            return
        yield value
        i += 1


def _by_next(recorder: Recorder, iterator: Any) -> Iterator[Any]:
    method = python_method(iterator, "__next__")
    while True:
        try:
            value = recorder.call(method, iterator)
        except StopIteration:
            return
        yield value

"""Calls: whatever is called is run in the way that keeps track of what depends on the input, or refused."""

from __future__ import annotations

import functools
import operator
import sys
import types
from typing import Any

import numpy as np

from knetc.errors import SourceError
from knetc.ops import registry
from knetc.recording import apply as operations
from knetc.recording import arrays, objects
from knetc.recording.array_methods import ARRAY_METHODS, UFUNC_METHODS
from knetc.recording.functions import is_recorded
from knetc.recording.known import (
    CONCURRENT_MODULES,
    GETTERS,
    INACTIVE,
    MOVERS,
    MOVING,
    MOVING_MODULES,
    NUMBER_METHODS,
    PLAIN_MODULES,
    no_rule,
)
from knetc.recording.library import LIBRARY
from knetc.recording.operators import BINARY, IN_PLACE, NUMERIC, UNARY, is_array_like, python_method
from knetc.recording.protocol import Direct, Recorder
from knetc.recording.tape import NUMBERS

WRITTEN_FOR_USERS = ("knetc.nn.", "knetc.ops.")
"""Where knetc itself has code that is differentiated like anybody's."""


def call(recorder: Recorder, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`function(*args, **kwargs)`."""
    if not recorder.tape.is_open:
        return function(*args, **kwargs)
    if isinstance(function, Direct):
        return function(*args, **kwargs)
    within = getattr(type(function), "recorded_within", None)
    if within is not None:  # a gradient
        return within(function, recorder, args, kwargs)
    special = _hashed(LIBRARY, function)
    if special is not None:
        return special(recorder, *args, **kwargs)
    op = registry.find(function) or registry.find(_public(function))
    if op is not None:
        return _operation(recorder, op, function, args, kwargs)
    if isinstance(function, types.FunctionType):
        return _python_function(recorder, function, args, kwargs)
    if isinstance(function, types.MethodType):
        return call(recorder, function.__func__, (function.__self__, *args), kwargs)
    if isinstance(function, functools.partial):
        return call(recorder, function.func, (*function.args, *args), {**function.keywords, **kwargs})
    if isinstance(function, type):
        return _class(recorder, function, args, kwargs)
    if isinstance(function, (types.BuiltinFunctionType, types.MethodWrapperType)):
        return _in_c(recorder, function, args, kwargs)
    method = python_method(function, "__call__")
    home = type(function).__module__
    if method is not None and (
        home.startswith(WRITTEN_FOR_USERS) or not home.startswith(("knetc.", "numpy"))
    ):
        return call(recorder, method, (function, *args), kwargs)
    return _wrapper(recorder, function, args, kwargs)


@functools.cache
def _implementations() -> dict[int, Any]:
    """The functions in C behind functions of numpy, which its own Python code calls."""
    inner = ((getattr(f, "_implementation", None), f) for f in registry.OPS)
    return {id(implementation): f for implementation, f in inner if implementation is not None}


def _public(function: Any) -> Any:
    return _implementations().get(id(function))


def _hashed(table: dict[Any, Any], key: Any) -> Any:
    try:
        return table.get(key)
    except TypeError:  # an unhashable callable
        return None


def _operation(
    recorder: Recorder, op: registry.Op, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    if "out" in kwargs:
        return arrays.apply_into(recorder.tape, op, function, args, kwargs)
    symbol = _hashed(OPERATORS, function)
    if symbol is not None and not (len(args) == 1 or is_array_like(*args)):
        return recorder.op(symbol, *args)
    if isinstance(function, np.ufunc) and len(args) > function.nin:
        inputs, out = args[: function.nin], args[function.nin :]
        return arrays.apply_into(recorder.tape, op, function, inputs, {**kwargs, "out": out})
    return operations.apply(recorder.tape, op, function, args, kwargs)


OPERATORS = {
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/", operator.matmul: "@",
    operator.pow: "**", operator.mod: "%", operator.floordiv: "//",
}  # fmt: skip


def _python_function(
    recorder: Recorder, function: types.FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    if is_recorded(function.__code__):
        return function(*args, **kwargs)
    package = (function.__module__ or "").partition(".")[0]
    library = package in sys.stdlib_module_names and package != "__main__"
    if (function.__module__ or "").startswith("knetc.recording."):
        return function(*args, **kwargs)
    if package in PLAIN_MODULES:
        return _plain(recorder, function, args, kwargs)
    if package == "knetc" and not _reaches(recorder, (function, *args), kwargs):
        return function(*args, **kwargs)
    module = function.__module__ or ""
    if module == "knetc.api":  # `knetc.grad(f)` makes a gradient, and computes nothing yet
        return function(*args, **kwargs)
    if (package == "knetc" and not module.startswith(WRITTEN_FOR_USERS)) or (
        library and package in CONCURRENT_MODULES
    ):
        return _unknown(recorder, function, args, kwargs)
    if package == "numpy" and not _reaches(recorder, args, kwargs):
        return function(*args, **kwargs)
    try:
        made = recorder.recorded_function(function)
    except SourceError:
        if _reaches(recorder, (function, *args), kwargs):
            raise
        return function(*args, **kwargs)
    return made(*args, **kwargs)


def _class(recorder: Recorder, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if cls.__module__.partition(".")[0] in PLAIN_MODULES:
        return _plain(recorder, cls, args, kwargs)
    if issubclass(cls, np.generic) and _reaches(recorder, args, kwargs):
        if np.dtype(cls).kind not in "fc":
            return cls(*args, **kwargs)
        array = operations.apply(recorder.tape, registry.OPS[np.array], np.array, (*args, cls), kwargs)
        return arrays.read(recorder.tape, array, ())
    return objects.construct(recorder, cls, args, kwargs)


def _in_c(recorder: Recorder, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function or a method in C."""
    owner, name = getattr(function, "__self__", None), function.__name__
    if isinstance(owner, NUMERIC) and name in DUNDERS:
        return recorder.op(DUNDERS[name], owner, *args)
    if isinstance(owner, np.ufunc):
        return _ufunc_method(recorder, owner, name, args, kwargs)
    if isinstance(owner, (np.ndarray, np.generic)) and name in SPECIAL:
        return SPECIAL[name](recorder, owner, *args)
    if isinstance(owner, (np.ndarray, np.generic)):
        return _array_method(recorder, owner, name, args, kwargs)
    if isinstance(owner, type) and name == "__call__":  # `type.__call__`, from a metaclass
        return objects.instantiate(recorder, owner, args, kwargs)
    if isinstance(owner, complex) and name == "conjugate":
        return operations.apply(recorder.tape, registry.OPS[np.conjugate], _conjugate, (owner,), {})
    if isinstance(owner, (float, complex)) and name in NUMBER_METHODS:
        return function(*args, **kwargs)
    if isinstance(owner, MOVERS) or (
        isinstance(function, types.MethodWrapperType) and not isinstance(owner, NUMERIC)
    ):
        if name == "sort" and kwargs.get("key") is not None:
            kwargs = {**kwargs, "key": recorder.recorded(kwargs["key"])}
        return function(*(recorder.moved(args) if name in MOVING else args), **kwargs)
    if isinstance(owner, type) and name in ("__new__", "fromkeys"):
        return objects.made_in_c(recorder, function, owner, args, kwargs)
    if f"{function.__module__}.{name}" in INACTIVE or function.__module__ in MOVING_MODULES:
        return function(*args, **kwargs)
    return _unknown(recorder, function, args, kwargs)


SPECIAL = {f"__i{name}__": LIBRARY[IN_PLACE[symbol]] for symbol, (_, name) in BINARY.items()} | {
    "__getitem__": LIBRARY[operator.getitem],
    "__setitem__": LIBRARY[operator.setitem],
}
"""Methods of arrays behind the syntax."""

DUNDERS = {f"__{name}__": symbol for symbol, (_, name) in [*BINARY.items(), *UNARY.items()]}
"""Operators called by the name of their method."""


def _ufunc_method(
    recorder: Recorder, function: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    out = kwargs.pop("out", None)
    out = out[0] if isinstance(out, tuple) else out
    value = UFUNC_METHODS[name](recorder, function, *args, **kwargs)
    if out is None:
        return value
    arrays.store(recorder.tape, out, ..., value)
    return out


def _conjugate(value: Any) -> Any:
    return value.conjugate()


def _array_method(
    recorder: Recorder, owner: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    special = ARRAY_METHODS.get(name)
    if special is not None:
        return special(recorder, owner, *args, **kwargs)
    if not _reaches(recorder, (owner, *args), kwargs):
        return getattr(owner, name)(*args, **kwargs)
    op = registry.METHODS.get(name)
    if op is not None and not isinstance(op.function, np.ufunc):
        owner = arrays.lifted(recorder.tape, owner)
    if op is not None:
        return _operation(recorder, op, op.function, (owner, *args), kwargs)
    raise no_rule(getattr(owner, name))


def _wrapper(recorder: Recorder, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Callables in C around one in Python: `functools.lru_cache`, functions of numpy."""
    if isinstance(function, functools._lru_cache_wrapper):  # noqa: SLF001  its only name
        return recorder.cached(function, args, kwargs)
    if isinstance(function, GETTERS):
        return _getter(recorder, function, args)
    if isinstance(function, (types.WrapperDescriptorType, types.MethodDescriptorType)):
        return _descriptor(recorder, function, args, kwargs)
    inner = getattr(function, "__wrapped__", None)
    if isinstance(inner, types.FunctionType) and _reaches(recorder, args, kwargs):
        return recorder.recorded_function(inner)(*args, **kwargs)
    return _unknown(recorder, function, args, kwargs)


def _getter(recorder: Recorder, function: Any, args: tuple[Any, ...]) -> Any:
    """What `operator` makes: `itemgetter(0)`, `attrgetter("w")`, `methodcaller("area")`."""
    _, given = function.__reduce__()[:2]
    if isinstance(function, operator.methodcaller):
        return recorder.method(args[0], *given)
    if isinstance(function, operator.itemgetter):
        found = tuple([recorder.at(args[0])[index] for index in given])
    else:
        found = tuple([_dotted(recorder, args[0], path) for path in given])
    return found if len(found) > 1 else found[0]


def _dotted(recorder: Recorder, owner: Any, path: str) -> Any:
    for name in path.split("."):
        owner = getattr(recorder.of(owner), name)
    return owner


def _descriptor(recorder: Recorder, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method in C of a class, called with its instance: `list.append(xs, x)`, `np.ndarray.sum(x)`."""
    if args and isinstance(args[0], (np.ndarray, np.generic)):
        return _array_method(recorder, args[0], function.__name__, args[1:], kwargs)
    if args and isinstance(args[0], NUMERIC) and function.__name__ in DUNDERS:
        return recorder.op(DUNDERS[function.__name__], *args)
    if isinstance(args[0] if args else None, (float, complex)) and function.__name__ in NUMBER_METHODS:
        return function(*args, **kwargs)
    if function is type.__call__:
        return objects.instantiate(recorder, args[0], args[1:], kwargs)
    if function.__objclass__ in (*MOVERS, object, super):
        return function(*args, **kwargs)
    return _unknown(recorder, function, args, kwargs)


def _reaches(recorder: Recorder, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    return recorder.tape.reaches(args) or recorder.tape.reaches(kwargs)


def _plain(recorder: Recorder, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call for people and logs: refused if a number comes back that may have come of one that went in."""
    value = function(*args, **kwargs)
    if isinstance(value, NUMBERS) and not recorder.tape.is_active(value) and _reaches(recorder, args, kwargs):
        raise no_rule(function)
    return value


def _unknown(recorder: Recorder, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A callee without rule and without source: fine as long as nothing that depends on the input goes in."""
    owner = getattr(function, "__self__", None)
    if _reaches(recorder, (None if isinstance(owner, types.ModuleType) else owner, *args), kwargs):
        raise no_rule(function)
    return function(*args, **kwargs)

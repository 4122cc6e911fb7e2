"""Calls of what is known only at run time: `layer(x)` for a layer from a list, `self.act(x)`.

`call` runs the forward sweep of whatever the callee is, and returns with the value a pullback: a function from the
cotangent of the value to those of the callee and its arguments. Pullbacks exist only here. How a Python function gets
its sweeps is not known to the run time: the compiler puts itself into `compiler` when it is loaded.
"""

from __future__ import annotations

import importlib
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.ops import registry
from knetc.ops.pullback import pullback as rule_of
from knetc.runtime.mirror import Mirror, is_array, is_number, zero

Pullback = Callable[[Any], tuple[Any, ...]]
Sweeps = tuple[Callable[..., Any], Callable[..., Any], tuple[str, ...], tuple[str, ...]]
"""Forward sweep, backward sweep, the parameters it returns cotangents of, and all parameters."""

compiler: list[Callable[[types.FunctionType, tuple[Any, ...], dict[str, Any]], Any]] = []
"""The compiler: (function, args, kwargs) -> Sweeps, and the arguments in the order of the parameters."""


def call(function: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Pullback]:
    """`function(*args, **kwargs)` and its pullback `bar -> (function_bar, *arg_bars, *kwarg_bars)`.

    Raises `Refusal` (KN103) for a callee without source and without rule.
    """
    op = registry.find(function)
    if op is not None:
        return _call_op(op, args, kwargs)
    if isinstance(function, types.FunctionType):
        return _call_function(function, (), args, kwargs)
    if isinstance(function, types.MethodType):
        return _call_function(function.__func__, (function.__self__,), args, kwargs, owner=Mirror)
    if isinstance(function, types.BuiltinMethodType) and _is_value(function.__self__):
        return _call_array_method(function, args, kwargs)
    method = next((vars(c)["__call__"] for c in type(function).__mro__ if "__call__" in vars(c)), None)
    if isinstance(method, types.FunctionType):
        return _call_function(method, (function,), args, kwargs)
    return _call_constant(function, args, kwargs)


def call_method(receiver: Any, name: str, /, *args: Any, **kwargs: Any) -> tuple[Any, Pullback]:
    """`receiver.name(*args, **kwargs)` and its pullback `bar -> (receiver_bar, *arg_bars, *kwarg_bars)`."""
    if _is_value(receiver) and name in registry.METHODS:
        value, back = _call_op(registry.METHODS[name], (receiver, *args), kwargs)
        return value, lambda bar: back(bar)[1:]
    method = getattr(receiver, name)
    if isinstance(method, types.MethodType) and method.__self__ is receiver:
        return _call_function(method.__func__, (receiver,), args, kwargs)
    value, back = call(method, *args, **kwargs)

    def through_attribute(bar: Any) -> tuple[Any, ...]:
        bars = back(bar)
        held = (
            None if bars[0] is None or isinstance(receiver, types.ModuleType) else Mirror(**{name: bars[0]})
        )
        return (held, *bars[1:])

    return value, through_attribute


def _is_value(x: Any) -> bool:
    return is_array(x) or isinstance(x, np.generic)


def _call_op(op: registry.Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Pullback]:
    if op.kind == "nondifferentiable":
        return op.function(*args, **kwargs), lambda bar: _zeros(args, kwargs)
    if op.forward is not None and op.backward is not None:
        value, saved = op.forward(*args, **kwargs)
        return value, lambda bar: _by_parameter(op, _split_bars(op, saved, bar), args, kwargs)
    value = op.function(*args, **kwargs)
    return value, lambda bar: _by_parameter(op, _rule_bars(op, bar, value, args, kwargs), args, kwargs)


def _split_bars(op: registry.Op, saved: Any, bar: Any) -> dict[str, Any]:
    assert op.backward is not None
    bars = op.backward(saved, bar)
    return dict(zip(op.wrt, bars if len(op.wrt) > 1 else (bars,), strict=True))


def _rule_bars(
    op: registry.Op, bar: Any, value: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    given = {**dict(zip(op.parameters, args, strict=False)), **kwargs}
    wanted = [p for p in op.pullbacks if p in given and _carries(given[p])]
    return {p: rule_of(op.function, p, bar, value, *args, **kwargs) for p in wanted}


def _carries(value: Any) -> bool:
    if is_array(value):
        return bool(value.dtype.kind in "fc")
    return is_number(value) or isinstance(value, list | tuple)


def _by_parameter(
    op: registry.Op, bars: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, ...]:
    names = [*op.parameters[: len(args)], *kwargs]
    values = (*args, *kwargs.values())
    found = [bars.get(n) for n in names]
    return (None, *(zero(v) if b is None and _carries(v) else b for b, v in zip(found, values, strict=True)))


def _zeros(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    return (None, *(zero(a) if is_array(a) or is_number(a) else None for a in (*args, *kwargs.values())))


def _call_function(
    function: Any, bound: tuple[Any, ...], args: tuple[Any, ...], kwargs: dict[str, Any], owner: Any = None
) -> tuple[Any, Pullback]:
    if not isinstance(function, types.FunctionType):
        return _call_constant(function, (*bound, *args), kwargs)
    if not compiler:  # a module compiled ahead of time, which calls what nobody knew
        importlib.import_module("knetc.gradient")
    sweeps = compiler[0](function, (*bound, *args), kwargs)
    value, residuals = sweeps.forward(*bound, *args, **kwargs)

    def back(bar: Any) -> tuple[Any, ...]:
        bars = sweeps.bars(residuals, bar)
        given = [bars.get(name) for name in sweeps.names(len(bound) + len(args), kwargs)]
        filled = [_filled(b, v) for b, v in zip(given, (*bound, *args, *kwargs.values()), strict=True)]
        if not bound:
            return (None, *filled)
        first = filled[0] if owner is None or filled[0] is None else owner(__self__=filled[0])
        return (first, *filled[1:])

    return value, back


def _filled(bar: Any, value: Any) -> Any:
    return zero(value) if bar is None and (is_array(value) or is_number(value)) else bar


def _call_array_method(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Pullback]:
    op = registry.METHODS.get(function.__name__)
    if op is None:
        raise _no_rule(function)
    value, back = _call_op(op, (function.__self__, *args), kwargs)

    def bars(bar: Any) -> tuple[Any, ...]:
        _, owner, *rest = back(bar)
        return (Mirror(__self__=owner), *rest)

    return value, bars


def _call_constant(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Pullback]:
    """A callee without rule and without source: fine as long as nothing differentiable goes in."""
    owner = getattr(function, "__self__", None)
    inside = () if isinstance(owner, types.ModuleType) else (owner,)
    if any(map(_holds_floats, (*inside, *args, *kwargs.values()))):
        raise _no_rule(function)
    return function(*args, **kwargs), lambda bar: _zeros(args, kwargs)


def _holds_floats(value: Any) -> bool:
    return not isinstance(value, str | bytes | int | type(None)) and (
        not is_array(value) or value.dtype.kind in "fcO"
    )


def _no_rule(function: Any) -> Refusal:
    name = getattr(function, "__qualname__", None) or type(function).__name__
    return Refusal(
        "KN103",
        f"`{name}` was called with something to differentiate, but has neither a rule nor Python source",
        help=f"give it a rule, or compute the same with functions listed under `knetc.ops` instead of `{name}`",
    )

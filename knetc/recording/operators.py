"""Operators: of numbers and arrays by their rule, of a user's class by its methods, of lists as they are."""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from knetc.ops.registry import OPS
from knetc.recording import apply as operations
from knetc.recording import arrays
from knetc.recording.protocol import Recorder

BINARY: dict[str, tuple[Any, str]] = {
    "+": (operator.add, "add"),
    "-": (operator.sub, "sub"),
    "*": (operator.mul, "mul"),
    "/": (operator.truediv, "truediv"),
    "//": (operator.floordiv, "floordiv"),
    "%": (operator.mod, "mod"),
    "**": (operator.pow, "pow"),
    "@": (operator.matmul, "matmul"),
    "<<": (operator.lshift, "lshift"),
    ">>": (operator.rshift, "rshift"),
    "&": (operator.and_, "and"),
    "|": (operator.or_, "or"),
    "^": (operator.xor, "xor"),
}
UNARY: dict[str, tuple[Any, str]] = {
    "-": (operator.neg, "neg"),
    "+": (operator.pos, "pos"),
    "~": (operator.invert, "invert"),
}
IN_PLACE = {symbol: getattr(operator, f"i{name}") for symbol, (_, name) in BINARY.items()}
SYMBOLS = {function: symbol for symbol, (function, _) in BINARY.items()}
SYMBOLS_IN_PLACE = {function: symbol for symbol, function in IN_PLACE.items()}
NUMERIC = (float, int, bool, complex, np.ndarray, np.generic)


def unary(recorder: Recorder, symbol: str, x: Any) -> Any:
    """`-x`."""
    function, name = UNARY[symbol]
    if isinstance(x, NUMERIC):
        return operations.apply(recorder.tape, OPS[function], function, (x,), {})
    method = python_method(x, f"__{name}__")
    return function(x) if method is None else recorder.call(method, x)


def binary(recorder: Recorder, symbol: str, x: Any, y: Any) -> Any:
    """`x * y`."""
    function, name = BINARY[symbol]
    if symbol == "*" and _repeats(x, y):
        return x * y
    if is_array_like(x, y):
        return operations.apply(recorder.tape, OPS[function], function, (x, y), {})
    return _by_methods(recorder, function, name, x, y)


def in_place(recorder: Recorder, symbol: str, x: Any, y: Any) -> Any:
    """`x *= y`: the new `x`."""
    if isinstance(x, np.ndarray) and x.dtype.kind != "O":
        value = binary(recorder, symbol, x, y)
        if not np.can_cast(
            value.dtype if isinstance(value, np.ndarray) else type(value), x.dtype, "same_kind"
        ):
            return IN_PLACE[symbol](x, y)  # raises what numpy raises
        arrays.store(recorder.tape, x, ..., value)
        return x
    method = python_method(x, f"__i{BINARY[symbol][1]}__")
    if method is not None:
        found = recorder.call(method, x, y)
        if found is not NotImplemented:
            return found
    elif isinstance(x, list) and symbol == "+" and not isinstance(y, (np.ndarray, np.generic)):
        x += recorder.iterate(y)
        return x
    if isinstance(x, NUMERIC) or _is_python(x) or _is_python(y) or is_array_like(x, y):
        return binary(recorder, symbol, x, y)
    return IN_PLACE[symbol](x, y)


def _repeats(x: Any, y: Any) -> bool:
    """Whether a list or tuple is repeated, by a number of numpy."""
    return any(isinstance(n, np.integer) and type(s) in (list, tuple) for n, s in ((x, y), (y, x)))


def is_array_like(x: Any, y: Any) -> bool:
    """Whether an operator computes: with numbers and arrays, or an array and a list."""
    if isinstance(x, NUMERIC):
        return isinstance(y, NUMERIC) or (
            isinstance(x, (np.ndarray, np.generic)) and type(y) in (list, tuple)
        )
    return isinstance(y, (np.ndarray, np.generic)) and type(x) in (list, tuple)


def python_method(x: Any, name: str) -> types.FunctionType | None:
    """A special method that a class in Python defines for `x`."""
    for cls in type(x).__mro__:
        if name in cls.__dict__:
            found = cls.__dict__[name]
            return found if isinstance(found, types.FunctionType) else None
    return None


def _is_python(x: Any) -> bool:
    return type(x).__flags__ & HEAP_TYPE != 0


HEAP_TYPE = 1 << 9


def _by_methods(recorder: Recorder, function: Any, name: str, x: Any, y: Any) -> Any:
    """The protocol of Python's operators: the left operand's method, then the right one's reflected."""
    tries = [(x, y, f"__{name}__"), (y, x, f"__r{name}__")]
    if type(y) is not type(x) and isinstance(y, type(x)) and python_method(y, f"__r{name}__"):
        tries.reverse()
    methods = [(python_method(own, special), own, other) for own, other, special in tries]
    if not any(method for method, _, _ in methods):
        return function(x, y)
    for method, own, other in methods:
        if method is not None:
            found = recorder.call(method, own, other)
            if found is not NotImplemented:
                return found
    return function(x, y)

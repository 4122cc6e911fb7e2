"""Operations with a rule, recorded: the value now, the cotangents of the arguments on the way back."""

from __future__ import annotations

import functools
import inspect
import math
from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.ops import registry
from knetc.ops.assemble import TAKES_LISTS
from knetc.recording.tape import NUMBERS, SEQUENCES, Bars, Tape, renewed
from knetc.runtime.mirror import is_number, zero
from knetc.runtime.rows import Rows

SHAPES = {np.full_like: "a"}
"""Parameters of which only the shape and the dtype matter."""

TAKES_NUMBERS = frozenset(
    {
        *(
            np.array,
            np.asarray,
            np.ascontiguousarray,
            np.full,
            np.full_like,
            np.where,
            np.clip,
            np.stack,
            float,
        ),
        *(max, min, math.fsum, math.dist, math.hypot, np.conjugate, sum),
    }
)
"""Operations other than elementwise ones whose rules know numbers; to all others a number is given as an array."""


class Applied:
    """One operation: its arguments and its value, as they were."""

    def __init__(
        self, op: registry.Op, value: Any, args: tuple[Any, ...], kwargs: dict[str, Any], wanted: Any
    ) -> None:
        self.op = op
        self.value = value
        self.args = args
        self.kwargs = kwargs
        self.wanted = wanted
        self.saved: Any = None

    def back(self, bars: Bars) -> None:
        """Through the rule."""
        g = bars.take(self.value)
        if g is None:
            return
        g = _filled(g, self.value)
        found: dict[str, Any] = {}
        if self.op.backward is not None:
            split = bars.sweep(self.op.backward, self.saved, g)
            found = dict(zip(self.op.wrt, split if len(self.op.wrt) > 1 else (split,), strict=True))
        for parameter, position, arg in self.wanted:
            if parameter not in found and parameter not in self.op.pullbacks:
                continue
            if parameter not in found:
                found[parameter] = bars.pull(self.op, parameter, g, self.value, *self.args, **self.kwargs)
            bar = found[parameter]
            bars.add(arg, bar if position < 0 else bar[position])

    def undo(self) -> None:
        """An operation changes nothing."""

    redo = undo


def apply(tape: Tape, op: registry.Op, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`function(*args, **kwargs)`, whose rule is that of `op`."""
    if op.kind == "nondifferentiable" or not (tape.reaches(args) or (kwargs and tape.reaches(kwargs))):
        return _whole(function(*args, **kwargs))
    if op.kind == "elementwise" and not kwargs and not any(isinstance(arg, SEQUENCES) for arg in args):
        return _elementwise(tape, op, function, args)
    if op.settings:
        args, kwargs = _settled(tape, op, args, kwargs)
    if op.function not in TAKES_LISTS:
        args = _with_arrays(tape, op, args)
    args = tuple([list(arg) if type(arg) is list else arg for arg in args])
    if op.kind != "elementwise" and op.function not in TAKES_NUMBERS:
        args = tuple([_as_arrays(tape, op, arg) for arg in args])
    given, said = _known(op, args, kwargs)
    wanted = [(p, i, arg) for p, i, arg in registry.arguments(op, given, said.items()) if tape.reaches(arg)]
    _check(op, args, wanted)
    entry = Applied(op, None, given, said, wanted)
    if op.forward is not None:
        entry.value, entry.saved = op.forward(*args, **kwargs)
    else:
        entry.value = _whole(function(*args, **kwargs))
    _refuse_objects(op, entry.value)
    entry.value, is_new = tape.result(entry.value)
    if is_new:
        tape.add(entry)
    return entry.value


def _whole(value: Any) -> Any:
    """What a program sees: rows are of the run time alone."""
    return value.dense() if isinstance(value, Rows) else value


def _elementwise(tape: Tape, op: registry.Op, function: Any, args: tuple[Any, ...]) -> Any:
    """The usual case: an operator or a function of numbers and arrays."""
    wanted = [(p, -1, arg) for p, arg in zip(op.parameters, args, strict=False) if tape.is_active(arg)]
    _check(op, args, wanted)
    entry = Applied(op, function(*args), args, {}, wanted)
    entry.value, is_new = tape.result(entry.value)
    if is_new:
        tape.add(entry)
    return entry.value


def _with_arrays(tape: Tape, op: registry.Op, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with arrays for lists, where the rule computes with them."""
    found = []
    for parameter, _, arg in registry.arguments(op, args, ()):
        if isinstance(arg, SEQUENCES) and (tape.reaches(arg) or parameter in op.pullbacks):
            arg = as_array(tape, arg) if tape.reaches(arg) else np.asarray(arg)  # noqa: PLW2901
        found.append(arg)
    return tuple(found)


def _as_arrays(tape: Tape, op: registry.Op, value: Any) -> Any:
    """A number, or the numbers in a list, as arrays, which the rules of reductions, products and joins expect."""
    if isinstance(value, SEQUENCES) and op.function in TAKES_LISTS:
        return type(value)([_as_arrays(tape, op, part) for part in value])
    if not isinstance(value, NUMBERS) or not tape.is_active(value):
        return value
    return apply(tape, registry.OPS[np.asarray], np.asarray, (value,), {})


def _known(op: registry.Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """The arguments less those that the derivative does not depend on; refuses options that the rule does not know."""
    signature, leading = _signature(op)
    while True:
        try:
            signature.bind(*[None] * leading, *args, **kwargs)
        except TypeError as error:
            said = {k: v for k, v in kwargs.items() if not _says_nothing(k, v) or k in signature.parameters}
            if len(said) < len(kwargs):
                kwargs = said
            elif args and _says_nothing("", args[-1]):
                args = args[:-1]
            else:
                message = f"knetc cannot differentiate `{op.name}` with these arguments ({error})"
                raise Refusal("KN101", message, help="leave the option out") from None
        else:
            return args, kwargs


@functools.cache
def _signature(op: registry.Op) -> tuple[inspect.Signature, int]:
    """The signature of the rule of an operation, and how many of its parameters stand before the arguments."""
    rule = next(iter(op.pullbacks.values()), op.forward)
    assert rule is not None
    return inspect.signature(rule), 0 if op.forward else {"elementwise": 1, "linear": 1}.get(op.kind, 2)


def _says_nothing(name: str, value: Any) -> bool:
    return name in ("subok", "order", "casting", "dtype", "copy") or value is None or value is np._NoValue  # noqa: SLF001  numpy's own default


def _settled(
    tape: Tape, op: registry.Op, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments with constants for the settings that come from an object; those asked for stay, to be refused."""

    def settled(name: str, value: Any) -> Any:
        constant = name in op.settings and is_number(value) and id(value) not in tape.asked
        return renewed(value) if constant else value

    named = zip(op.parameters, args, strict=False)
    return tuple([settled(n, v) for n, v in named]), {n: settled(n, v) for n, v in kwargs.items()}


def _check(op: registry.Op, args: tuple[Any, ...], wanted: list[tuple[str, int, Any]]) -> None:
    module = str(getattr(op.function, "__module__", ""))
    by_shape = op.kind == "linear" and module.startswith("knetc.")  # of all arguments but the first
    for parameter, _, _ in wanted:
        if (
            parameter not in op.pullbacks
            and parameter not in op.wrt
            and not (by_shape or SHAPES.get(op.function) == parameter)
        ):
            message = f"knetc cannot differentiate `{op.name}` with respect to `{parameter}`"
            raise Refusal("KN101", message, help="give it a rule with `@knetc.primitive`")
    for arg in args:
        _refuse_objects(op, arg)


def _refuse_objects(op: registry.Op, value: Any) -> None:
    """Numbers in an array of Python objects may be others than those that went in."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        message = f"knetc cannot differentiate `{op.name}` of an array of Python objects"
        raise Refusal("KN101", message, help="make it an array of floats: `np.array(..., dtype=float)`")


def as_array(tape: Tape, value: Any) -> Any:
    """A list or tuple as an array, if there is anything in it that depends on the input."""
    if not tape.reaches(value):
        return value
    return apply(tape, registry.OPS[np.array], np.array, (_listed(tape, value),), {})


def _listed(tape: Tape, value: Any) -> Any:
    """Arrays of no dimension as numbers, which `np.array` makes of them."""
    if isinstance(value, SEQUENCES):
        return [_listed(tape, part) for part in value]
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return apply(tape, registry.METHODS["item"], np.ndarray.item, (value,), {})
    return value


def _filled(g: Any, value: Any) -> Any:
    """The cotangent of several results, with zeros for those into which nothing has flowed."""
    if not isinstance(value, SEQUENCES):
        return g
    parts = [zero(v) if bar is None else _filled(bar, v) for bar, v in zip(g, value, strict=True)]
    return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)

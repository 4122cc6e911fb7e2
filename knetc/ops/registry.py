"""One operation, one identity, one rule, one place.

An `Op` ties a function that users call (`np.tanh`, `knetc.conv4`) to its derivative. There are five kinds of
entry, from the fewest words to the most:

    nondifferentiable(np.sign, np.floor)                          zero derivative by nature
    elementwise(np.tanh, lambda y, x: 1 - y * y)                  one partial dy/dx per argument
    linear(np.transpose, lambda g, x, axes=None: ...)             pullback that needs neither y nor the values
    rule(np.prod, x=lambda g, y, x, axis=None, ...: ...)          pullback of each argument by name
    split(dropout, forward, backward, wrt=("x",))                 forward saves residuals for its backward

`g` is the cotangent of the result, `y` the result, and the other parameters are the arguments exactly as the
user passed them. A pullback returns the cotangent of one argument.

**Rules are plain numpy, and run twice.** Called on numbers they compute; called on symbols by the compiler
they print themselves (see `diff/symbol.py`). So a rule may branch in Python only on what is known when
compiling: options (`axis is None`), `np.ndim(x)` and `isinstance(p, (int, float))`. A rule that asks for a value
which is not known until the program runs is called at run time instead of being printed; nothing is lost but beauty.

A rule that needs real work calls a function of knetc that is marked `@traceable`: on symbols such a call prints
itself, as a call of numpy's functions does.

**Broadcasting is undone by the driver**, for elementwise ops only: a partial never calls `unbroadcast`.

A starred parameter (`np.einsum(subscripts, *operands)`) has a pullback that returns a tuple, one cotangent per
operand; the pullback of a list or tuple argument (`np.stack([a, b])`) returns a list or tuple of cotangents.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import numpy as np

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)


@dataclass(frozen=True)
class Op:
    """A differentiable operation: what is called, and how a cotangent goes back through it."""

    name: str
    function: Function
    kind: str
    parameters: tuple[str, ...] = ()
    pullbacks: dict[str, Function] = field(default_factory=dict)
    forward: Function | None = None
    backward: Function | None = None
    wrt: tuple[str, ...] = ()
    twice: bool = False
    settings: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.name)


OPS: dict[Any, Op] = {}
"""Every function object with a rule, under itself. Several spellings may share one `Op`."""

METHODS: dict[str, Op] = {}
"""Array methods (`x.sum(axis=0)`) under their name; the receiver is the first argument."""


SYMBOLS: dict[type, Function] = {}
"""The types of the compiler's symbols, each with `(function, args, options) -> symbol`, which prints a call. Empty
until the compiler is loaded."""


def traceable(function: F) -> F:
    """Let a call of `function` on symbols print itself, so that a rule may call it."""

    @functools.wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        if SYMBOLS:
            for arg in args:
                symbolic = SYMBOLS.get(type(arg))
                if symbolic is not None:
                    return symbolic(call, args, options)
        return function(*args, **options)

    return cast(F, call)


def find(function: Any) -> Op | None:
    """The op of a function object, or None."""
    try:
        return OPS.get(function)
    except TypeError:  # an unhashable callable has no rule
        return None


@functools.cache
def starred(op: Op) -> str | None:
    """The parameter `*operands` of an op, if it has one."""
    for pullback in op.pullbacks.values():
        for p in inspect.signature(pullback).parameters.values():
            if p.kind is p.VAR_POSITIONAL:
                return p.name
    return None


def arguments(op: Op, args: tuple[Any, ...], kwargs: Iterable[tuple[str, Any]]) -> list[tuple[str, int, Any]]:
    """The arguments of a call of an op with their parameters, and their position in a starred one (else -1)."""
    names = op.parameters
    star = starred(op)
    out: list[tuple[str, int, Any]] = []
    for i, arg in enumerate(args):
        if star is not None and i >= names.index(star):
            out.append((star, i - names.index(star), arg))
        else:
            out.append((names[i] if i < len(names) else f"argument {i + 1}", -1, arg))
    return out + [(k, -1, v) for k, v in kwargs]


def nondifferentiable(*functions: Function) -> None:
    """Declare functions whose derivative is zero by nature: their results are never active."""
    for function in functions:
        OPS[function] = Op(_name(function), function, "nondifferentiable")


def elementwise(function: Function, *partials: Function | None, aliases: tuple[Any, ...] = ()) -> Op:
    """Declare an elementwise op by its partial derivatives `(y, *args) -> dy/d(args[i])`, one per argument."""
    signature = next(p for p in partials if p is not None)
    names = _parameters(signature, skip=1)
    table = {name: p for name, p in zip(names, partials, strict=False) if p is not None}
    return _register(Op(_name(function), function, "elementwise", names, table), aliases)


def linear(function: Function, pullback: Function, *, aliases: tuple[Any, ...] = ()) -> Op:
    """Declare an op that is linear in its first argument by its transpose `(g, x, ...) -> x_bar`."""
    names = _parameters(pullback, skip=1)
    return _register(Op(_name(function), function, "linear", names, {names[0]: pullback}), aliases)


def rule(function: Function, *, aliases: tuple[Any, ...] = (), **pullbacks: Function) -> Op:
    """Declare an op by one pullback `(g, y, *args, **options) -> bar` per differentiable argument, by name."""
    names = _parameters(next(iter(pullbacks.values())), skip=2)
    return _register(Op(_name(function), function, "general", names, pullbacks), aliases)


def split(
    function: Function,
    forward: Function,
    backward: Function,
    *,
    wrt: tuple[str, ...],
    aliases: tuple[Any, ...] = (),
    twice: bool = False,
    settings: tuple[str, ...] = (),
) -> Op:
    """Declare an op by `forward(*args) -> (y, residual)` and `backward(residual, g) -> bars` (a tuple if several).

    `twice` tells that `backward` may be differentiated in turn: what it does has rules, and what depends on the
    arguments of `forward` in the residual are those arguments themselves.

    `settings` are numbers that people choose, such as a probability or an eps, and frozen objects. An object that holds
    one in an attribute may be differentiated, and it counts as a constant; a gradient by the number itself is refused.
    """
    names = _parameters(forward, skip=0)
    op = Op(_name(function), function, "split", names, {}, forward, backward, wrt, twice, settings)
    return _register(op, aliases)


def methods(**table: Function) -> None:
    """Declare array methods: `methods(sum=np.sum)` makes `x.sum(axis=0)` the op of `np.sum`."""
    METHODS.update({name: OPS[function] for name, function in table.items()})


def _register(op: Op, aliases: tuple[Any, ...]) -> Op:
    for key in dict.fromkeys(
        (op.function, *aliases)
    ):  # numpy versions differ in which spellings are one object
        if key in OPS:
            msg = f"{op.name} has a rule already"
            raise ValueError(msg)
        OPS[key] = op
    return op


def _parameters(function: Function, skip: int) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)[skip:]


def _name(function: Function) -> str:
    name: str = function.__name__
    if isinstance(function, np.ufunc):
        return f"np.{name}"
    owner = getattr(function, "__objclass__", None)
    if owner is not None:
        return f"{owner.__name__}.{name}"
    module = function.__module__ or "builtins"
    if module.startswith("knetc"):
        return name
    return f"{module}.{name}".replace("numpy.", "np.", 1).removeprefix("_")

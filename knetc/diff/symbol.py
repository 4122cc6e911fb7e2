"""Symbols: stand-ins for arrays with which a rule of the registry prints itself instead of computing.

A rule is plain numpy. Called on symbols, its operators and its calls of numpy build IR:

    rule of tanh          lambda y, x: 1 - y * y
    on symbols            Apply(subtract, (1, Apply(multiply, (y, y))))        printed as  1 - y * y

A rule that asks for something known only at run time (the truth of a comparison, an unknown rank, a length) meets
`Unknown`; the generated code then calls the rule instead of containing it.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np

import knetc.ops  # noqa: F401  fills the registry
from knetc.analysis.infer import Inference
from knetc.analysis.kinds import axes_of
from knetc.ir import nodes as ir
from knetc.ir.reference import reference
from knetc.ops import registry

CONSTANTS = (int, float, bool, str, type(None), type(Ellipsis))


class Unknown(Exception):
    """A rule wants to know what only the run of the program can tell."""


class Symbol:
    """The value of an IR expression, before there is one."""

    __slots__ = ("expr", "facts")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, expr: ir.Expr, facts: Inference) -> None:
        self.expr = expr
        self.facts = facts

    # ---- what numpy calls

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Symbol:
        """`np.cos(symbol)`."""
        if method != "__call__":
            raise Unknown
        return self._new(apply(ufunc, inputs, options))

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        """`np.sum(symbol, axis=0)`; the rank, where known, is a number."""
        if function is np.ndim:
            return args[0].ndim
        if function is np.shape:
            return args[0].shape
        return self._new(apply(function, args, options))

    # ---- what stays symbolic

    def __getitem__(self, index: Any) -> Symbol:
        return self._new(ir.Item(self.expr, expression(index)))

    def __getattr__(self, name: str) -> Any:
        """A property, or a method with a rule."""
        if name in ("shape", "size", "dtype", "T"):
            return self._new(ir.Attr(self.expr, name))
        op = registry.METHODS.get(name)
        if op is None:
            raise AttributeError(name)
        return lambda *args, **options: self._new(
            ir.Apply(op, (self.expr, *map(expression, args)), _options(options), f".{name}()")
        )

    def __neg__(self) -> Symbol:
        return self._new(negative(self.expr))

    def __invert__(self) -> Symbol:
        return self._new(ir.Apply(registry.OPS[np.invert], (self.expr,), (), "~"))

    def __abs__(self) -> Symbol:
        return self._new(apply(np.absolute, (self,), {}))

    @property
    def ndim(self) -> int:
        """The rank, if kinds tell it."""
        axes = axes_of(self.facts.expr(self.expr))
        if axes is None:
            raise Unknown
        return len(axes)

    def _new(self, expr: ir.Expr) -> Symbol:
        return Symbol(expr, self.facts)

    # ---- what cannot be known

    def _unknown(self, *_: Any) -> Any:
        raise Unknown

    __bool__ = __len__ = __iter__ = __float__ = __int__ = __index__ = __contains__ = _unknown


def _operator(symbol: str, function: Any) -> tuple[Callable[..., Symbol], Callable[..., Symbol]]:
    op = registry.OPS[function]

    def plain(self: Symbol, other: Any) -> Symbol:
        return Symbol(ir.Apply(op, (self.expr, expression(other)), (), symbol), self.facts)

    def reflected(self: Symbol, other: Any) -> Symbol:
        return Symbol(ir.Apply(op, (expression(other), self.expr), (), symbol), self.facts)

    return plain, reflected


BINARY = {
    "add": ("+", np.add), "sub": ("-", np.subtract), "mul": ("*", np.multiply), "truediv": ("/", np.true_divide),
    "pow": ("**", np.power), "matmul": ("@", np.matmul), "mod": ("%", np.remainder),
    "floordiv": ("//", np.floor_divide),
    "lt": ("<", np.less), "le": ("<=", np.less_equal), "gt": (">", np.greater), "ge": (">=", np.greater_equal),
    "eq": ("==", np.equal), "ne": ("!=", np.not_equal), "and": ("&", np.bitwise_and), "or": ("|", np.bitwise_or),
}  # fmt: skip
for _name, (_sign, _function) in BINARY.items():
    _plain, _reflected = _operator(_sign, _function)
    setattr(Symbol, f"__{_name}__", _plain)
    if _name not in ("lt", "le", "gt", "ge", "eq", "ne"):
        setattr(Symbol, f"__r{_name}__", _reflected)


def negative(e: ir.Expr) -> ir.Expr:
    """`-e`."""
    return ir.Apply(registry.OPS[np.negative], (e,), (), "-")


def times(a: ir.Expr, b: ir.Expr) -> ir.Expr:
    """`a * b`."""
    return ir.Apply(registry.OPS[np.multiply], (a, b), (), "*")


def plus(a: ir.Expr, b: ir.Expr) -> ir.Expr:
    """`a + b`."""
    return ir.Apply(registry.OPS[np.add], (a, b), (), "+")


def apply(function: Any, args: Any, options: dict[str, Any]) -> ir.Expr:
    """A call of a function of numpy or knetc on symbols, as an expression of generated code."""
    name = reference(function)
    op = registry.find(function)
    exprs, kwargs = tuple(map(expression, args)), _options(options)
    return ir.Invoke(name, exprs, kwargs) if op is None else ir.Apply(op, exprs, kwargs, name)


def _options(options: dict[str, Any]) -> tuple[tuple[str, ir.Expr], ...]:
    return tuple((key, expression(value)) for key, value in options.items())


def expression(value: Any) -> ir.Expr:
    """The IR of what a rule returned or passed on."""
    match value:
        case Symbol():
            return value.expr
        case tuple():
            return ir.TupleExpr(tuple(map(expression, value)))
        case list():
            return ir.ListExpr(tuple(map(expression, value)))
        case slice():
            parts = (None if p is None else expression(p) for p in (value.start, value.stop, value.step))
            return ir.Slice(*parts)
        case _ if type(value) in CONSTANTS:
            return ir.Const(value)
        case types.FunctionType() | type():
            raise Unknown
        case np.floating():
            return ir.Const(float(value))
        case _:
            raise Unknown


def symbolic(e: ir.Expr, facts: Inference) -> Any:
    """What a rule is called with: a constant as it is, anything else as a symbol."""
    if isinstance(e, ir.Const):
        return e.value
    if isinstance(e, ir.TupleExpr | ir.ListExpr):
        items = [symbolic(item, facts) for item in e.items]
        return tuple(items) if isinstance(e, ir.TupleExpr) else items
    return Symbol(e, facts)


def _print_call(function: Any, args: Any, options: dict[str, Any]) -> Any:
    facts = next(a.facts for a in (*args, *options.values()) if isinstance(a, Symbol))
    return Symbol(apply(function, args, options), facts)


registry.SYMBOLS[Symbol] = _print_call

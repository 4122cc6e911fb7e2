"""Lowers expressions: gast in, `ir.Expr` out. What is not understood becomes `Verbatim`, never an error here.

Whether a verbatim expression may stay is decided later by the activity analysis: inactive code is copied as it stands.
"""

from __future__ import annotations

import inspect
import sys
import types
from dataclasses import dataclass, replace
from typing import Any

import gast
import numpy as np

from knetc.front.names import carried, used
from knetc.front.resolve import UNKNOWN, dotted, resolve
from knetc.front.source import Source
from knetc.ir import nodes as ir
from knetc.ops import registry

BINARY = {
    gast.Add: ("+", np.add),
    gast.Sub: ("-", np.subtract),
    gast.Mult: ("*", np.multiply),
    gast.Div: ("/", np.true_divide),
    gast.Pow: ("**", np.power),
    gast.MatMult: ("@", np.matmul),
    gast.Mod: ("%", np.remainder),
    gast.FloorDiv: ("//", np.floor_divide),
}
COMPARISONS = {
    gast.Lt: ("<", np.less),
    gast.LtE: ("<=", np.less_equal),
    gast.Gt: (">", np.greater),
    gast.GtE: (">=", np.greater_equal),
    gast.Eq: ("==", np.equal),
    gast.NotEq: ("!=", np.not_equal),
}
UNARY = {gast.USub: ("-", np.negative), gast.UAdd: ("+", np.positive)}
VERBATIM = {
    gast.ListComp: "a comprehension",
    gast.SetComp: "a comprehension",
    gast.DictComp: "a comprehension",
    gast.GeneratorExp: "a generator expression",
    gast.IfExp: "a conditional expression",
    gast.Lambda: "a lambda that captures an active value",
    gast.NamedExpr: "an assignment expression",
    gast.BoolOp: "`and`/`or` as a value",
}
INACTIVE = {gast.JoinedStr: "str", gast.Compare: "bool"}


@dataclass(frozen=True)
class Expressions:
    """The lowering of the expressions of one function."""

    source: Source
    local: frozenset[str]

    def lower(self, node: gast.AST) -> ir.Expr:
        """The IR of one expression."""
        match node:
            case gast.Name():
                return ir.Name(node.id)
            case gast.Constant():
                return ir.Const(node.value)
            case gast.BinOp() if type(node.op) in BINARY:
                return self.binary(node.op, self.lower(node.left), self.lower(node.right), node)
            case gast.UnaryOp() if type(node.op) in UNARY:
                return self.unary(node)
            case gast.Compare(ops=[op]) if type(op) in COMPARISONS:
                symbol, function = COMPARISONS[type(op)]
                operands = self.lower(node.left), self.lower(node.comparators[0])
                return ir.Apply(registry.OPS[function], operands, (), symbol, self.source.place(node))
            case gast.Call():
                return self.call(node)
            case gast.Attribute():
                return self.attribute(node)
            case gast.Subscript():
                return ir.Item(self.lower(node.value), self.index(node.slice), self.source.place(node))
            case gast.Tuple() | gast.List() if not _starred(node.elts):
                items = tuple(map(self.lower, node.elts))
                return ir.TupleExpr(items) if isinstance(node, gast.Tuple) else ir.ListExpr(items)
            case gast.Dict() if None not in node.keys:
                return ir.DictExpr(tuple(map(self.lower, node.keys)), tuple(map(self.lower, node.values)))
            case _:
                return self.verbatim(node)

    def binary(
        self, op: gast.AST, left: ir.Expr, right: ir.Expr, node: gast.AST, suffix: str = ""
    ) -> ir.Expr:
        """A binary operator; `suffix` is `=` for an augmented assignment."""
        symbol, function = BINARY[type(op)]
        return ir.Apply(registry.OPS[function], (left, right), (), symbol + suffix, self.source.place(node))

    def unary(self, node: gast.UnaryOp) -> ir.Expr:
        """Minus, and plus. A minus before a number is part of the number."""
        operand = self.lower(node.operand)
        symbol, function = UNARY[type(node.op)]
        if symbol == "-" and isinstance(operand, ir.Const) and type(operand.value) in (int, float):
            return ir.Const(-operand.value)
        return ir.Apply(registry.OPS[function], (operand,), (), symbol, self.source.place(node))

    def attribute(self, node: gast.Attribute) -> ir.Expr:
        """A member of a module or class is a constant; of anything else, a read."""
        if resolve(self.source.function, self.local, node) is not UNKNOWN:
            return self.verbatim(node)
        return ir.Attr(self.lower(node.value), node.attr, self.source.place(node))

    def index(self, node: gast.AST) -> ir.Expr:
        """What stands in the brackets of a subscript."""
        if isinstance(node, gast.Slice):
            return ir.Slice(
                *(None if e is None else self.lower(e) for e in (node.lower, node.upper, node.step))
            )
        if isinstance(node, gast.Tuple) and not _starred(node.elts):
            return ir.TupleExpr(tuple(map(self.index, node.elts)))
        return self.lower(node)

    def call(self, node: gast.Call) -> ir.Expr:
        """A call: of an op, of a user function known now, or of something known only at run time."""
        if _starred(node.args) or any(k.arg is None for k in node.keywords):
            return self.verbatim(node, what="a starred argument")
        args = tuple(map(self.lower, node.args))
        kwargs = tuple((k.arg, self.lower(k.value)) for k in node.keywords)
        place = self.source.place(node)
        callee = resolve(self.source.function, self.local, node.func)
        op = None if callee is UNKNOWN else registry.find(callee)
        if isinstance(callee, np.ufunc) and len(args) > callee.nin:
            return self.verbatim(node, what="a change in place inside an expression")
        if op is not None:
            from_math = getattr(callee, "__module__", "") == "math" and op.kind != "nondifferentiable"
            return ir.Apply(op, args, kwargs, dotted(node.func), place, from_math)
        if callee is super:
            return self._super(node)
        if isinstance(callee, staticmethod):
            callee = callee.__func__
        if isinstance(callee, types.FunctionType) and not _foreign(callee):
            return ir.Call(callee, dotted(node.func), args, kwargs, place)
        if callee is UNKNOWN or is_callable_object(callee):
            return ir.DynamicCall(self.lower(node.func), args, kwargs, place)
        plain = inspect.isclass(callee) and callee.__new__ is object.__new__ and type(callee) is type
        made = self.verbatim(node, what=_describe(callee, dotted(node.func)))
        return replace(made, cls=callee) if plain else made

    def _super(self, node: gast.Call) -> ir.Verbatim:
        """`super()` reads the first parameter without naming it."""
        first = frozenset(self.source.function.__code__.co_varnames[:1])
        python = gast.gast_to_ast(node)
        return ir.Verbatim(python, first, "unknown", "`super()`", self.source.place(node), first)

    def verbatim(self, node: gast.AST, what: str = "") -> ir.Verbatim:
        """An expression that is copied as it stands."""
        kind = INACTIVE.get(type(node), "unknown")
        if isinstance(node, gast.BoolOp | gast.UnaryOp) and _is_condition(node):
            kind = "bool"
        python = gast.gast_to_ast(node)
        text = what or VERBATIM.get(type(node), f"`{type(node).__name__}`")
        return ir.Verbatim(
            python, self.reads(node), kind, text, self.source.place(node), carried(node) & self.local
        )

    def reads(self, node: gast.AST) -> frozenset[str]:
        """The local names that occur in a piece of syntax, read or written."""
        return used(node) & self.local


def is_callable_object(value: Any) -> bool:
    """An instance of a user's class with `__call__`, whose class says how to differentiate it."""
    call = inspect.getattr_static(type(value), "__call__", None)
    return isinstance(call, types.FunctionType)


def _is_condition(node: gast.AST) -> bool:
    match node:
        case gast.Compare():
            return True
        case gast.UnaryOp():
            return isinstance(node.op, gast.Not)
        case gast.BoolOp():
            return all(map(_is_condition, node.values))
        case gast.Constant():
            return isinstance(node.value, bool)
        case _:
            return False


def _starred(elements: list[gast.AST]) -> bool:
    return any(isinstance(e, gast.Starred) for e in elements)


def _foreign(function: types.FunctionType) -> bool:
    """Python code of numpy, scipy and the standard library is not ours to differentiate: it needs rules."""
    package = (function.__module__ or "").split(".")[0]
    return package in ("numpy", "scipy") or (package in sys.stdlib_module_names and package != "__main__")


def _describe(callee: Any, text: str) -> str:
    if inspect.isclass(callee) and not issubclass(callee, BaseException):
        return "an object constructed here" if callee.__module__ != "builtins" else f"`{text}(...)`"
    return f"`{text}`, which has no rule"

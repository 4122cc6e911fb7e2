"""Expressions printed with only the parentheses that are needed, spaced as `ruff format` spaces them.

`astunparse.Unparser` walks the tree, but brackets every operation and breaks on slices inside tuples. Here
each place in the grammar says how tightly an expression must bind to stand there bare (`precedence.py`).
"""

from __future__ import annotations

import ast
import io
from collections.abc import Callable, Iterable
from typing import Any

import astunparse

from knetc.emit import literals
from knetc.emit.fstrings import fstring
from knetc.emit.precedence import (
    ATOM,
    AWAIT,
    BIT_OR,
    COMPARE,
    OR,
    POWER,
    TEST,
    TUPLE,
    UNARY,
    WALRUS,
    is_simple,
    is_simple_power,
    level,
)


def expression(node: ast.expr, accepted: int = TEST) -> str:
    """The source of an expression, to stand where the grammar accepts the level `accepted` or tighter.

    >>> expression(ast.parse("(a+b)*(c**(2))", mode="eval").body)
    '(a + b) * c**2'
    """
    buffer = io.StringIO()
    ExpressionPrinter(node, buffer)
    text = buffer.getvalue().removesuffix("\n")
    return f"({text})" if TEST <= level(node) < accepted else text


class ExpressionPrinter(astunparse.Unparser):  # type: ignore[misc]  # astunparse has no types
    """One method per kind of expression, called by `dispatch` through the name of the node's class."""

    def write(self, text: str) -> None:
        """Append text to the current line."""
        self.f.write(text)

    def dispatch(self, tree: Any, accepted: int = TEST) -> None:
        """Print a node, in parentheses if it binds more loosely than the place accepts."""
        show = getattr(self, "_" + type(tree).__name__)
        if level(tree) < accepted:
            self.f.write("(")
            show(tree)
            self.f.write(")")
        else:
            show(tree)

    def separated(self, show: Callable[[Any], None], items: Iterable[Any]) -> None:
        """Print items with commas between."""
        for index, item in enumerate(items):
            if index:
                self.f.write(", ")
            show(item)

    def condition(self, node: ast.expr) -> None:
        """Print an expression where a bare `:=` may stand, but no bare tuple."""
        self.dispatch(node, WALRUS if isinstance(node, ast.NamedExpr) else TEST)

    def _NamedExpr(self, node: ast.NamedExpr) -> None:
        self.dispatch(node.target)
        self.f.write(" := ")
        self.dispatch(node.value)

    def _Yield(self, node: ast.Yield) -> None:
        self.f.write("yield")
        if node.value is not None:
            self.f.write(" ")
            self.dispatch(node.value, TUPLE)

    def _YieldFrom(self, node: ast.YieldFrom) -> None:
        self.f.write("yield from ")
        self.dispatch(node.value)

    def _Await(self, node: ast.Await) -> None:
        self.f.write("await ")
        self.dispatch(node.value, ATOM)

    def _Tuple(self, node: ast.Tuple) -> None:
        if len(node.elts) > 1:
            self.separated(self.dispatch, node.elts)
        else:
            self.f.write("(")
            self.separated(self.dispatch, node.elts)
            self.f.write(",)" if node.elts else ")")

    def _Lambda(self, node: ast.Lambda) -> None:
        given = node.args
        some = given.posonlyargs or given.args or given.vararg or given.kwonlyargs or given.kwarg
        self.f.write("lambda " if some else "lambda")
        self.dispatch(given)
        self.f.write(": ")
        self.dispatch(node.body)

    def _arguments(self, node: ast.arguments) -> None:
        positional = [*node.posonlyargs, *node.args]
        required = len(positional) - len(node.defaults)
        defaults: list[ast.expr | None] = [*[None] * required, *node.defaults]
        items = [("", parameter, default) for parameter, default in zip(positional, defaults, strict=True)]
        parts: list[tuple[str, ast.arg | None, ast.expr | None]] = list(items)
        if node.posonlyargs:
            parts.insert(len(node.posonlyargs), ("/", None, None))
        if node.vararg or node.kwonlyargs:
            parts.append(("*", node.vararg, None))
        parts += [("", arg, default) for arg, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        if node.kwarg:
            parts.append(("**", node.kwarg, None))
        self.separated(self._parameter, parts)

    def _parameter(self, part: tuple[str, ast.arg | None, ast.expr | None]) -> None:
        stars, arg, default = part
        self.f.write(stars)
        if arg is not None:
            self.dispatch(arg)
        if default is not None:
            self.f.write(" = " if arg is not None and arg.annotation is not None else "=")
            self.dispatch(default)

    def _IfExp(self, node: ast.IfExp) -> None:
        self.dispatch(node.body, OR)
        self.f.write(" if ")
        self.dispatch(node.test, OR)
        self.f.write(" else ")
        self.dispatch(node.orelse)

    def _BoolOp(self, node: ast.BoolOp) -> None:
        word = f" {self.boolops[type(node.op)]} "
        inner = level(node) + 1
        for index, value in enumerate(node.values):
            if index:
                self.f.write(word)
            self.dispatch(value, inner)

    def _UnaryOp(self, node: ast.UnaryOp) -> None:
        self.f.write("not " if isinstance(node.op, ast.Not) else self.unop[type(node.op).__name__])
        self.dispatch(node.operand, level(node))

    def _BinOp(self, node: ast.BinOp) -> None:
        own = level(node)
        sign = self.binop[type(node.op).__name__]
        left, right = (AWAIT, UNARY) if own == POWER else (own, own + 1)
        self.dispatch(node.left, left)
        self.f.write(sign if own == POWER and is_simple_power(node) else f" {sign} ")
        self.dispatch(node.right, right)

    def _Compare(self, node: ast.Compare) -> None:
        self.dispatch(node.left, COMPARE + 1)
        for operator, operand in zip(node.ops, node.comparators, strict=True):
            self.f.write(f" {self.cmpops[type(operator).__name__]} ")
            self.dispatch(operand, COMPARE + 1)

    def _Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, (int, float)):
            self.f.write(f"({literals.constant(node.value.value)})")
        else:
            self.dispatch(node.value, ATOM)
        self.f.write("." + node.attr)

    def _Call(self, node: ast.Call) -> None:
        self.dispatch(node.func, ATOM)
        if not node.keywords and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            self.dispatch(node.args[0])  # brings its own parentheses
            return
        self.f.write("(")
        self.separated(self.condition, [*node.args, *node.keywords])
        self.f.write(")")

    def _Subscript(self, node: ast.Subscript) -> None:
        self.dispatch(node.value, ATOM)
        self.f.write("[")
        match node.slice:
            case ast.Tuple(elts=[ast.Slice() as only]):
                self.dispatch(only)
                self.f.write(",")
            case ast.Tuple(elts=[ast.Starred() as only]):
                self.dispatch(only)
            case index:
                self.dispatch(index, TUPLE)
        self.f.write("]")

    def _Slice(self, node: ast.Slice) -> None:
        space = "" if all(map(is_simple, (node.lower, node.upper, node.step))) else " "
        if node.lower is not None:
            self.dispatch(node.lower)
            self.f.write(space)
        self.f.write(":")
        if node.upper is not None:
            self.f.write(space)
            self.dispatch(node.upper)
        if node.step is not None:
            self.f.write(f"{space if node.upper is not None else ''}:{space}")
            self.dispatch(node.step)

    def _Starred(self, node: ast.Starred) -> None:
        self.f.write("*")
        self.dispatch(node.value, BIT_OR)

    def _Dict(self, node: ast.Dict) -> None:
        self.f.write("{")
        self.separated(self._item, zip(node.keys, node.values, strict=True))
        self.f.write("}")

    def _item(self, pair: tuple[ast.expr | None, ast.expr]) -> None:
        key, value = pair
        if key is None:
            self.f.write("**")
            self.dispatch(value, BIT_OR)
        else:
            self.dispatch(key)
            self.f.write(": ")
            self.dispatch(value)

    def _comprehension(self, node: ast.comprehension) -> None:
        self.f.write(" async for " if node.is_async else " for ")
        self.dispatch(node.target, TUPLE)
        self.f.write(" in ")
        self.dispatch(node.iter, OR)
        for condition in node.ifs:
            self.f.write(" if ")
            self.dispatch(condition, OR)

    def _Constant(self, node: ast.Constant) -> None:
        self.f.write(("u" if node.kind == "u" else "") + literals.constant(node.value))

    def _JoinedStr(self, node: ast.JoinedStr) -> None:
        self.f.write(fstring(node, expression))

    def _TemplateStr(self, node: ast.expr) -> None:
        self.f.write(ast.unparse(node))

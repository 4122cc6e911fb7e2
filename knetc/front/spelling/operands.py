"""The operands of an expression in the order in which Python evaluates them, each as a place that can be rewritten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Operand:
    """A field of a node, or an element of a field."""

    owner: ast.AST
    field: str
    index: int = -1

    def get(self) -> ast.expr:
        """The expression that stands there."""
        value = getattr(self.owner, self.field)
        found: ast.expr = value if self.index < 0 else value[self.index]
        return found

    def set(self, value: ast.expr) -> None:
        """Put another expression in its place."""
        if self.index < 0:
            setattr(self.owner, self.field, value)
        else:
            getattr(self.owner, self.field)[self.index] = value


def operands(node: ast.expr) -> Iterator[Operand]:
    """The operands of a node; a method is read off its owner, a dict goes key by key."""
    match node:
        case ast.Call(func=ast.Attribute() as method):
            yield from _fields(method)
            yield from _list(node, "args")
            yield from (Operand(k, "value") for k in node.keywords)
        case ast.Call():
            yield Operand(node, "func")
            yield from _list(node, "args")
            yield from (Operand(k, "value") for k in node.keywords)
        case ast.Dict():
            for i, key in enumerate(node.keys):
                if key is not None:
                    yield Operand(node, "keys", i)
                yield Operand(node, "values", i)
        case _:
            yield from _fields(node)


def _fields(node: ast.AST) -> Iterator[Operand]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            yield Operand(node, field)
        elif isinstance(value, list) and all(isinstance(v, ast.expr) for v in value):
            yield from _list(node, field)


def _list(node: ast.AST, field: str) -> Iterator[Operand]:
    yield from (Operand(node, field, i) for i in range(len(getattr(node, field))))

"""Questions about syntax that is to be rewritten: what it binds, how it takes values apart."""

from __future__ import annotations

import ast
from typing import Any


def is_constant(node: ast.expr) -> bool:
    """Whether an expression is made of literals only."""
    return all(
        isinstance(n, (ast.Constant, ast.operator, ast.unaryop, ast.BinOp, ast.UnaryOp))
        for n in ast.walk(node)
    )


def pattern(target: ast.AST) -> Any:
    """How a target takes values apart: None as a whole, a tuple of patterns, "*" for what a starred name takes."""
    if isinstance(target, ast.Starred):
        return "*"
    return tuple(map(pattern, target.elts)) if isinstance(target, (ast.Tuple, ast.List)) else None


def nested(found: Any) -> list[ast.expr]:
    """A pattern as an argument, unless it is flat."""
    return [literal(found)] if any(isinstance(part, tuple) for part in found) else []


def literal(value: Any) -> ast.expr:
    """A pattern as an expression."""
    if isinstance(value, tuple):
        return ast.Tuple([literal(part) for part in value], ast.Load())
    return ast.Constant(value)


def drop_annotations(node: Any) -> None:
    """Annotations of parameters are evaluated where the function is defined, and it is defined already."""
    a = node.args
    for arg in [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]:
        if arg is not None:
            arg.annotation = None
    if hasattr(node, "returns"):
        node.returns = None


def bound_names(definition: ast.AST) -> frozenset[str]:
    """All names that are bound anywhere in a definition."""
    found: set[str] = set()
    for node in ast.walk(definition):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if node is not definition:
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.partition(".")[0])
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.Global(names=names):
                found.update(names)
    return frozenset(found)

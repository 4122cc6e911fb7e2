"""Questions about a piece of syntax: what it binds, whether it jumps, what stands in it."""

from __future__ import annotations

import ast
from typing import Any

import gast


def has_docstring(body: list[gast.AST]) -> bool:
    """Whether a body begins with a docstring."""
    first = body[0]
    return (
        isinstance(first, gast.Expr)
        and isinstance(first.value, gast.Constant)
        and isinstance(first.value.value, str)
    )


def own_nodes(node: gast.AST) -> list[gast.AST]:
    """The nodes of a function, those of functions and classes inside it left out."""
    found: list[gast.AST] = []
    waiting = list(gast.iter_child_nodes(node))
    while waiting:
        inner = waiting.pop()
        found.append(inner)
        if not isinstance(inner, gast.FunctionDef | gast.AsyncFunctionDef | gast.Lambda | gast.ClassDef):
            waiting.extend(gast.iter_child_nodes(inner))
    return found


def bound_names(node: gast.AST) -> set[str]:
    """The names that a statement binds in its function."""
    inside = _comprehension_variables(node)
    stored = (n for n in [node, *own_nodes(node)] if isinstance(n, gast.Name) and id(n) not in inside)
    names = {n.id for n in stored if isinstance(n.ctx, gast.Store | gast.Del)}
    for inner in [node, *own_nodes(node)]:
        if isinstance(inner, gast.FunctionDef | gast.AsyncFunctionDef | gast.ClassDef):
            names.add(inner.name)
        elif isinstance(inner, gast.Import | gast.ImportFrom):
            names |= {(a.asname or a.name).split(".")[0] for a in inner.names}
        elif isinstance(inner, gast.ExceptHandler) and inner.name is not None:
            names.add(inner.name.id if isinstance(inner.name, gast.Name) else inner.name)
        elif isinstance(inner, gast.MatchAs | gast.MatchStar | gast.MatchMapping):
            names.add(inner.rest if isinstance(inner, gast.MatchMapping) else inner.name)
    return names - {None}


def _comprehension_variables(node: gast.AST) -> set[int]:
    """The targets of comprehensions, by identity: bound in a scope of their own, inlined since Python 3.12."""
    targets = [n.target for n in gast.walk(node) if isinstance(n, gast.comprehension)]
    return {id(n) for target in targets for n in gast.walk(target)}


def has_walrus(node: gast.AST) -> bool:
    """An assignment expression in the statement's own expressions (nested blocks look after themselves)."""
    if isinstance(node, gast.FunctionDef | gast.ClassDef):
        return False
    own = [
        v
        for v in (getattr(node, f, None) for f in ("value", "test", "iter", "target"))
        if isinstance(v, gast.AST)
    ]
    return any(isinstance(n, gast.NamedExpr) for e in own for n in [e, *own_nodes(e)])


def has_stars(node: gast.Call) -> bool:
    """Whether a call has starred arguments."""
    return any(isinstance(a, gast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)


def jump_out(node: gast.AST) -> gast.AST | None:
    """A `return`, or a `break` or `continue` of an outer loop, inside a statement that is carried whole."""
    if isinstance(node, gast.FunctionDef | gast.ClassDef):
        return None
    looping = isinstance(node, gast.For | gast.While)
    waiting = [(child, looping) for child in gast.iter_child_nodes(node)]
    while waiting:
        inner, in_loop = waiting.pop()
        if isinstance(inner, gast.Return) or (isinstance(inner, gast.Break | gast.Continue) and not in_loop):
            return inner
        if not isinstance(inner, gast.FunctionDef | gast.ClassDef | gast.Lambda):
            nested = in_loop or isinstance(inner, gast.For | gast.While)
            waiting.extend((child, nested) for child in gast.iter_child_nodes(inner))
    return None


def default_expressions(node: Any) -> dict[str, ast.expr]:
    """The default expressions of a definition by parameter."""
    a = node.args
    positional = [*a.posonlyargs, *a.args]
    pairs = list(zip(positional[len(positional) - len(a.defaults) :], a.defaults, strict=True))
    pairs += [(p, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None]
    return {p.arg: d for p, d in pairs}

"""Which names of a function may share storage with others, told from the text: `w = p[1:]` shares with `p`."""

from __future__ import annotations

from collections.abc import Iterator

import gast

from knetc.analysis.aliases import ALLOCATING
from knetc.front.resolve import UNKNOWN, resolve
from knetc.front.source import Source
from knetc.ops import registry

FRESH_METHODS = {
    "copy",
    "sum",
    "mean",
    "dot",
    "tolist",
    "item",
    "prod",
    "std",
    "var",
    "max",
    "min",
    "cumsum",
    "astype",
}


def through_aliases(
    source: Source, local: frozenset[str], body: list[gast.AST], names: frozenset[str]
) -> frozenset[str]:
    """The names, and all that they may share storage with because of an assignment in a body."""
    edges = [e for stmt in body for node in gast.walk(stmt) for e in _bindings(node)]
    found = set(names)
    size = 0
    while size != len(found):
        size = len(found)
        for bound, value in edges:
            if found & bound:
                found |= set(_sharers(source, local, value))
    return frozenset(found)


def _bindings(node: gast.AST) -> Iterator[tuple[set[str], gast.AST]]:
    """The names that a piece of syntax binds, with what they are bound to."""
    match node:
        case gast.Assign():
            yield from ((_names(target), node.value) for target in node.targets)
        case gast.AnnAssign() | gast.NamedExpr() if node.value is not None:
            yield _names(node.target), node.value
        case gast.For() | gast.comprehension():
            yield _names(node.target), node.iter
        case gast.withitem() if node.optional_vars is not None:
            yield _names(node.optional_vars), node.context_expr


def _names(target: gast.AST) -> set[str]:
    return {n.id for n in gast.walk(target) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}


def _sharers(source: Source, local: frozenset[str], node: gast.AST) -> Iterator[str]:
    """The names with which the value of an expression may share storage."""
    match node:
        case gast.Name():
            yield node.id
        case gast.Constant() | gast.JoinedStr() | gast.Compare() | gast.BinOp() | gast.UnaryOp():
            return
        case gast.Call() if _makes_new(source, local, node):
            return
        case gast.Call():
            owner = node.func.value if isinstance(node.func, gast.Attribute) else None
            method = owner is not None and resolve(source.function, local, node.func) is UNKNOWN
            for part in (*([owner] if method else []), *node.args, *(k.value for k in node.keywords)):
                yield from _sharers(source, local, part)
        case gast.Attribute() | gast.Subscript() | gast.Starred():
            yield from _sharers(source, local, node.value)
        case _:
            for child in gast.iter_child_nodes(node):
                yield from _sharers(source, local, child)


def _makes_new(source: Source, local: frozenset[str], call: gast.Call) -> bool:
    """Whether what a call returns is known to be new."""
    callee = resolve(source.function, local, call.func)
    op = registry.find(callee)
    if op is not None:
        return op.kind == "elementwise" or op.name in ALLOCATING
    return isinstance(call.func, gast.Attribute) and call.func.attr in FRESH_METHODS

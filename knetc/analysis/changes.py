"""What calls change: the arguments that a function or method stores into, itself or by what it calls."""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Iterator

from knetc.analysis.activity import Activity
from knetc.analysis.infer import Inference
from knetc.analysis.kinds import method_of
from knetc.analysis.refuse import refuse
from knetc.ir import nodes as ir
from knetc.ir.walk import own_expressions, reads, statements, stored_into, subexpressions

Names = frozenset[str]


def changed_by_calls(
    stmt: ir.Stmt, facts: Inference, origin: types.FunctionType
) -> Iterator[tuple[str, Names, Names]]:
    """The calls in a statement that change what they are given: their names, what they change, and what they read."""
    for e in (part for whole in own_expressions(stmt) for part in subexpressions(whole)):
        if isinstance(e, ir.Call):
            args = [*((None, reads(a)) for a in e.args), *((k, reads(v)) for k, v in e.kwargs)]
            yield from _changed(e.function, args, facts)
        elif isinstance(e, ir.Verbatim):
            yield from _changed_by_text(e.node, facts, origin)


def refuse_changes(stmt: ir.Stmt, active: Activity, facts: Inference, function: ir.Function) -> None:
    """A call may not store what depends on the input into what a result depends on."""
    for name, changed, read in changed_by_calls(stmt, facts, function.origin):
        members = frozenset(m for n in changed for m in active.classes.get(n, {n}))
        varied = sorted(read & active.varied)
        if varied and members & active.useful:
            raise refuse(
                "a call that changes its arguments", stmt.place, f"`{name}`, and {active.why(varied[0])}"
            )


def changed_parameters(
    function: ir.Function, facts: Inference, classes: dict[str, Names], written: Names
) -> Names:
    """The parameters into which a function stores, of which those `written` are known."""
    names = set(written)
    for stmt in statements(function.body):
        names |= stored_into(stmt)
        text = _changed_by_text(stmt.node, facts, function.origin) if isinstance(stmt, ir.Opaque) else ()
        for _, changed, _ in (*text, *changed_by_calls(stmt, facts, function.origin)):
            names |= changed
    closed = {m for n in names for m in classes.get(n, {n})}
    return frozenset(p.name for p in function.params if p.name in closed)


def _changed_by_text(
    text: ast.AST, facts: Inference, origin: types.FunctionType
) -> Iterator[tuple[str, Names, Names]]:
    for node in (n for n in ast.walk(text) if isinstance(n, ast.Call)):
        function, receiver = _callee(node.func, facts, origin)
        if function is not None:
            given = [*receiver, *((None, _names(a)) for a in node.args)]
            given += [(k.arg, _names(k.value)) for k in node.keywords]
            yield from _changed(function, given, facts)


def _changed(
    function: types.FunctionType, args: list[tuple[str | None, Names]], facts: Inference
) -> Iterator[tuple[str, Names, Names]]:
    changed = facts.outside.changed(function)
    if not changed:
        return
    params = list(inspect.signature(function, follow_wrapped=False).parameters)
    found: set[str] = set()
    for i, (name, names) in enumerate(args):
        param = name if name is not None else params[i] if i < len(params) else None
        if param is None or param in changed or param not in params:
            found |= names
    if found:
        yield function.__name__, frozenset(found), frozenset(n for _, names in args for n in names)


Given = list[tuple[str | None, Names]]


def _callee(
    node: ast.expr, facts: Inference, origin: types.FunctionType
) -> tuple[types.FunctionType | None, Given]:
    """The function or method that is called in text that is copied as it stands, and its receiver."""
    if isinstance(node, ast.Attribute) and (receiver := _path(node.value)) is not None:
        method = method_of(facts.expr(receiver), node.attr)
        if method is not None:
            return method[1], [(None, reads(receiver))]
    path = _path(node)
    method = method_of(facts.expr(path), "__call__") if path is not None else None
    if method is not None and path is not None:
        return method[1], [(None, reads(path))]
    if isinstance(node, ast.Name) and node.id not in facts.kinds:
        value = origin.__globals__.get(node.id)
        return (value, []) if isinstance(value, types.FunctionType) else (None, [])
    return None, []


def _path(node: ast.expr) -> ir.Expr | None:
    match node:
        case ast.Name():
            return ir.Name(node.id)
        case ast.Attribute():
            inner = _path(node.value)
            return None if inner is None else ir.Attr(inner, node.attr)
    return None


def _names(node: ast.expr) -> Names:
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))

"""Which names are changed in place so that the caller sees it: `x += 1` on an argument, `y[0] = 1` on a view of one."""

from __future__ import annotations

from collections.abc import Iterator

from knetc.analysis.activity import Activity
from knetc.analysis.infer import Inference
from knetc.ir import nodes as ir
from knetc.ir.flow import is_augmented
from knetc.ir.walk import appended, iterables, own_writes, reads, statements, stored_into, subexpressions

VALUES = ("float", "int", "bool", "str", "tuple", "none", "function")


def seen_outside(function: ir.Function, active: Activity, facts: Inference) -> frozenset[str]:
    """The names that are changed in place while an argument, a global or a callee may share their storage."""
    bound = {n for s in statements(function.body) for n in own_writes(s)}
    foreign = {p.name for p in function.params} | {n for s in statements(function.body) for n in _foreign(s)}
    found: set[str] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.Attr):
            found |= reads(stmt.target)
        for name in stored_into(stmt) | (own_writes(stmt) if is_augmented(stmt) else frozenset()):
            members = active.classes.get(name, frozenset((name,)))
            outside = members & foreign or members - bound
            tag = facts.expr(ir.Name(name)).tag
            if (outside and tag not in VALUES) or (appended(stmt) is not None and tag != "list"):
                found.add(name)
    return frozenset(found)


def _foreign(stmt: ir.Stmt) -> Iterator[str]:
    """The names that a statement binds to what may be known elsewhere: the result of a call, unknown code."""
    match stmt:
        case ir.Assign():
            values: tuple[ir.Expr, ...] = (stmt.value,)
        case ir.For():
            values = iterables(stmt.iter)
        case ir.Opaque():
            yield from stmt.writes
            return
        case _:
            return
    if any(_is_foreign(e) for value in values for e in subexpressions(value)):
        yield from own_writes(stmt)


def _is_foreign(e: ir.Expr) -> bool:
    return isinstance(e, ir.Call | ir.DynamicCall) or (isinstance(e, ir.Verbatim) and e.kind == "unknown")

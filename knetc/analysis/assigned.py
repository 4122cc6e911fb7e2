"""Definite assignment: the names that are bound for sure in front of each statement."""

from __future__ import annotations

from knetc.ir import nodes as ir
from knetc.ir.flow import terminates
from knetc.ir.walk import (
    all_writes,
    own_expressions,
    own_reads,
    own_writes,
    reads,
    statements,
    subexpressions,
)

Names = frozenset[str]


def assigned_before(function: ir.Function) -> dict[int, Names]:
    """For each statement, by identity, the names that every path to it binds."""
    found: dict[int, Names] = {}
    _block(function.body, frozenset(p.name for p in function.params), found)
    return found


def _block(block: ir.Block, bound: Names, found: dict[int, Names]) -> Names:
    for stmt in block:
        found[id(stmt)] = bound
        match stmt:
            case ir.If():
                ends = [(_block(b, bound, found), terminates(b)) for b in (stmt.then, stmt.orelse)]
                going_on = [names for names, left in ends if not left]
                bound = frozenset.intersection(*going_on) if going_on else bound
            case ir.For() | ir.While():
                _block(stmt.body, bound | own_writes(stmt), found)
            case ir.Opaque():
                continue
            case _:
                bound |= own_writes(stmt)
    return bound


def unbound(function: ir.Function, bars: frozenset[str]) -> str:
    """A cotangent that may not be bound where it is read, or a value of which zeros are made and that may be None."""
    before = assigned_before(function)
    perhaps = {
        n
        for s in function.body
        for n in own_writes(s)
        if isinstance(s, ir.Assign) and s.value == ir.Const(None)
    }
    for stmt in statements(function.body):
        late = (own_reads(stmt) & bars & all_writes(function.body)) - before.get(id(stmt), bars)
        shaped = {n for e in own_expressions(stmt) for n in _shaped(e)} & perhaps
        if late or shaped:
            return min(late | shaped)
    return ""


def missing(forward: ir.Function, backward: ir.Function) -> str:
    """A residual that some way out of the forward sweep leaves None, and of which the backward sweep makes zeros."""
    values = [s.value for s in statements(forward.body) if isinstance(s, ir.Return)]
    kept = [v.items[-1] for v in values if isinstance(v, ir.TupleExpr)]
    rows = [v.items if isinstance(v, ir.TupleExpr) else (v,) for v in kept]
    columns = list(zip(*rows, strict=False))
    perhaps = {
        e.id for column in columns if ir.Const(None) in column for e in column if isinstance(e, ir.Name)
    }
    shaped = {n for s in statements(backward.body) for e in own_expressions(s) for n in _shaped(e)}
    return min(shaped & perhaps, default="")


def _shaped(e: ir.Expr) -> frozenset[str]:
    """The names of which an expression makes zeros."""
    zeros = (
        part for part in subexpressions(e) if isinstance(part, ir.Apply) and part.op.name == "np.zeros_like"
    )
    return frozenset(n for part in zeros for n in reads(part))

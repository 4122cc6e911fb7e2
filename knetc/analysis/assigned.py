"""Definite assignment: the names that are bound for sure in front of each statement."""

from __future__ import annotations

from knetc.ir import nodes as ir
from knetc.ir.flow import terminates
from knetc.ir.walk import own_writes

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

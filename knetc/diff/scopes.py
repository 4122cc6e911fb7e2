"""What the reverse pass produces and keeps of the scopes it walks through: functions and rounds of loops."""

from __future__ import annotations

from dataclasses import dataclass

from knetc.ir import nodes as ir
from knetc.ir.flow import negation
from knetc.ir.walk import blocks, statements, with_blocks


@dataclass(frozen=True)
class Sweeps:
    """Both sweeps, the seed of the backward sweep, and the cotangents of the parameters at its end.

    `names` are the variables of the cotangents; `result` is what the backward sweep returns once it is simplified.
    """

    forward: ir.Block
    backward: ir.Block
    seed: str
    bars: dict[str, ir.Expr]
    leave: str
    exits: bool
    names: dict[str, str]
    result: ir.Expr | None = None


@dataclass(frozen=True)
class Scope:
    """A function or a loop body, with the ways out of it."""

    leave: str
    steps: str
    exits: dict[int, int]


def lists_in(block: ir.Block) -> frozenset[str]:
    """The lists that loops inside a block record into."""
    return frozenset(s.steps for s in statements(block) if isinstance(s, ir.Record))


def without_records(block: ir.Block, steps: str) -> ir.Block:
    """A block that no longer records into `steps`."""
    kept = (s for s in block if not (isinstance(s, ir.Record) and s.steps == steps))
    return tuple(with_blocks(s, lambda b: without_records(b, steps)) if blocks(s) else s for s in kept)


def ways_out(block: ir.Block, loop: ir.Stmt | None) -> dict[int, int]:
    """The jumps that leave a function (loop None) or a round of a loop, numbered from 1."""
    found: list[ir.Stmt] = []
    _collect_ways(block, loop is not None, found)
    if loop is None and len(found) == 1 and block and found[0] is block[-1]:
        return {}
    return {id(s): n for n, s in enumerate(found, 1)}


def _collect_ways(block: ir.Block, in_round: bool, found: list[ir.Stmt]) -> None:
    for stmt in block:
        if isinstance(stmt, ir.Return) or (in_round and isinstance(stmt, ir.Break | ir.Continue)):
            found.append(stmt)
        for inner in blocks(stmt):
            _collect_ways(inner, in_round and isinstance(stmt, ir.If), found)


def branch_on(test: ir.Expr, then: ir.Block, orelse: ir.Block, stmt: ir.Stmt) -> ir.If:
    """An `if` of the backward sweep whose first branch is not empty."""
    return ir.If(test, then, orelse, stmt.place) if then else ir.If(negation(test), orelse, (), stmt.place)

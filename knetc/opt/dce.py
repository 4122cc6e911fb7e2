"""Dead code: pure assignments to names that nothing needed reads, and the loops and branches that become empty.

What is needed is found by closure, not by liveness alone, so that an accumulator that only feeds itself goes too.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from knetc.analysis.liveness import Liveness, liveness
from knetc.ir import nodes as ir
from knetc.ir.flow import negation
from knetc.ir.walk import (
    blocks,
    iterables,
    own_reads,
    own_writes,
    reads,
    stored_into,
    target_names,
    with_blocks,
)
from knetc.opt.nest import is_pure

STORES = ("add_item", "add_attribute", "scatter_add")
"""Calls of generated code that change their first argument, and do nothing else."""


def remove_dead(block: ir.Block, needed: frozenset[str]) -> ir.Block:
    """The block without what does not contribute to the names in `needed` or to an effect."""
    wanted = set(needed)
    size = -1
    while size != len(wanted):
        size = len(wanted)
        for stmt in block:
            _want(stmt, wanted)
    return _block(block, frozenset(wanted))


def _want(stmt: ir.Stmt, wanted: set[str]) -> bool:
    """Add what a statement reads if it is needed; whether it is."""
    inner = [_want(s, wanted) for b in blocks(stmt) for s in b]
    match stmt:
        case ir.If():
            needed = any(inner) or not _quiet(stmt.test)
        case ir.For():
            needed = (
                any(inner) or not all(map(_quiet, iterables(stmt.iter))) or bool(own_writes(stmt) & wanted)
            )
        case _:
            needed = not _removable(stmt) or bool((own_writes(stmt) | _changed_root(stmt)) & wanted)
    if needed:
        wanted |= own_reads(stmt)
    return needed


def _removable(stmt: ir.Stmt) -> bool:
    match stmt:
        case ir.Assign():
            return is_pure(stmt.value)
        case ir.Accumulate():
            return is_pure(stmt.value)
        case ir.Do(value=ir.Invoke(function=ir.Runtime(name=name), args=(ir.Name(), *_))):
            return name in STORES
        case ir.Do(value=ir.Invoke(function=ir.Attr(name="append"))):
            return True
        case _:
            return False


def _changed_root(stmt: ir.Stmt) -> frozenset[str]:
    """The name whose value a statement of generated code changes in place."""
    match stmt:
        case ir.Accumulate(target=ir.Item() | ir.Attr()) | ir.Assign(target=ir.Item() | ir.Attr()):
            return frozenset((_root(stmt.target),))
        case ir.Do(value=ir.Invoke(function=ir.Attr(value=value))):
            return reads(value)
        case ir.Do(value=ir.Invoke(args=(ir.Name(id=name), *_))):
            return frozenset((name,))
        case _:
            return frozenset()


def _root(e: ir.Expr) -> str:
    while isinstance(e, ir.Item | ir.Attr):
        e = e.value
    return e.id if isinstance(e, ir.Name) else ""


def _block(block: ir.Block, wanted: frozenset[str]) -> ir.Block:
    out: list[ir.Stmt] = []
    for stmt in block:
        new = with_blocks(stmt, lambda b: _block(b, wanted)) if blocks(stmt) else stmt
        if not _dead(new, wanted):
            out.append(_tidy(new, wanted))
    return tuple(out)


def _dead(stmt: ir.Stmt, wanted: frozenset[str]) -> bool:
    match stmt:
        case ir.If():
            return not stmt.then and not stmt.orelse and _quiet(stmt.test)
        case ir.For():
            return not stmt.body and all(map(_quiet, iterables(stmt.iter))) and not own_writes(stmt) & wanted
        case _:
            return _removable(stmt) and not (own_writes(stmt) | _changed_root(stmt)) & wanted


def _quiet(e: ir.Expr) -> bool:
    """An expression without calls, which may go unevaluated."""
    if isinstance(e, ir.Verbatim):
        return not any(isinstance(n, ast.Call | ast.Await | ast.NamedExpr) for n in ast.walk(e.node))
    return is_pure(e)


def _tidy(stmt: ir.Stmt, wanted: frozenset[str]) -> ir.Stmt:
    """An `if` whose first branch is not empty, an unpacking in which unread names are `_`."""
    match stmt:
        case ir.If(then=()):
            return replace(stmt, test=negation(stmt.test), then=stmt.orelse, orelse=())
        case ir.Assign(target=ir.TupleExpr(items=items), value=ir.Invoke()):
            kept = tuple(i if set(target_names(i)) & wanted else ir.Name("_") for i in items)
            return replace(stmt, target=ir.TupleExpr(kept))
        case _:
            return stmt


def remove_stores(block: ir.Block, bars: frozenset[str]) -> ir.Block:
    """The block without values and stores of the cotangents `bars` that nobody reads any more."""
    while True:
        live = liveness(block)
        new = _stores(block, bars, live)
        if new == block:
            return block
        block = new


def _stores(block: ir.Block, bars: frozenset[str], live: Liveness) -> ir.Block:
    kept = [s for s in block if not (stored_into(s) | _given(s)) & bars - live.after[id(s)]]
    inner = (with_blocks(s, lambda b: _stores(b, bars, live)) if blocks(s) else s for s in kept)
    return tuple(_tidy(s, frozenset()) if isinstance(s, ir.If) else s for s in inner if not _is_empty(s))


def _given(stmt: ir.Stmt) -> frozenset[str]:
    """The name that a statement only gives a value."""
    match stmt:
        case ir.Assign(target=ir.Name(id=name), value=value) if is_pure(value):
            return frozenset((name,))
        case _:
            return frozenset()


def _is_empty(stmt: ir.Stmt) -> bool:
    return isinstance(stmt, ir.If) and not stmt.then and not stmt.orelse and _quiet(stmt.test)

"""Puts names that are read once back into the expression that reads them: the inverse of `canon.anf`.

Only names that the compiler invented are touched; those of the user, and those that the other sweep reads, stay.

    dot = w @ x
    total = dot + b         ->      h = np.tanh(w @ x + b)
    h = np.tanh(total)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from knetc.ir import nodes as ir
from knetc.ir.walk import (
    blocks,
    own_expressions,
    own_reads,
    own_writes,
    reads,
    statements,
    subexpressions,
    with_blocks,
)
from knetc.opt.copyprop import replace_names


def nest(block: ir.Block, temps: frozenset[str], kept: frozenset[str]) -> ir.Block:
    """The block with the temporaries in `temps` put back, except those in `kept`."""
    counts = Counter(
        e.id
        for s in statements(block)
        for x in own_expressions(s)
        for e in subexpressions(x)
        if isinstance(e, ir.Name)
    )
    verbatim = {n for s in statements(block) for n in own_reads(s)} - set(counts)
    defined = Counter(n for s in statements(block) for n in own_writes(s))
    single = frozenset(n for n in temps - kept - verbatim if counts[n] == 1 and defined[n] == 1)
    return _block(block, single)


def _block(block: ir.Block, single: frozenset[str]) -> ir.Block:
    stmts = [with_blocks(s, lambda b: _block(b, single)) if blocks(s) else s for s in block]
    _unpack_at_once(stmts, single)
    i = len(stmts) - 2
    while i >= 0:
        name = _temporary(stmts[i], single)
        if name is not None:
            j = _reader(stmts, i, name)
            if j is not None and _may_move(stmts, i, j):
                value = stmts[i].value  # type: ignore[union-attr]
                stmts[j] = _with(stmts[j], name, value)
                del stmts[i]
        i -= 1
    return tuple(stmts)


def _unpack_at_once(stmts: list[ir.Stmt], single: frozenset[str]) -> None:
    """`t, saved = f(x)` and then `a, b = t` is `(a, b), saved = f(x)`."""
    for i in reversed(range(len(stmts) - 1)):
        match stmts[i], stmts[i + 1]:
            case ir.Assign(target=ir.TupleExpr(items=items)) as first, ir.Assign(
                target=ir.TupleExpr() as target, value=ir.Name(id=name)
            ) if name in single and ir.Name(name) in items:
                new = tuple(target if item == ir.Name(name) else item for item in items)
                stmts[i : i + 2] = [replace(first, target=ir.TupleExpr(new))]
            case _:
                continue


def _temporary(stmt: ir.Stmt, single: frozenset[str]) -> str | None:
    match stmt:
        case ir.Assign(target=ir.Name(id=name)) if name in single:
            return name
        case _:
            return None


def _reader(stmts: list[ir.Stmt], i: int, name: str) -> int | None:
    """The statement of the same block that reads the name itself (a loop body would read it many times)."""
    for j in range(i + 1, len(stmts)):
        if any(
            isinstance(e, ir.Name) and e.id == name
            for x in own_expressions(stmts[j])
            for e in subexpressions(x)
        ):
            return None if isinstance(stmts[j], ir.While) else j
    return None


def _may_move(stmts: list[ir.Stmt], i: int, j: int) -> bool:
    value = stmts[i].value  # type: ignore[union-attr]
    if j == i + 1:
        return True
    between = stmts[i + 1 : j]
    changed = {n for s in statements(tuple(between)) for n in changed_names(s)}
    return is_pure(value) and not (reads(value) & changed)


def changed_names(stmt: ir.Stmt) -> frozenset[str]:
    """The names that a statement binds, or whose value it changes in place."""
    match stmt:
        case ir.Accumulate() | ir.Assign():
            return own_writes(stmt) | reads(stmt.target) | _popped(stmt.value)
        case ir.Do():
            return reads(stmt.value)
        case ir.Opaque():
            return stmt.writes | stmt.mutates
        case _:
            return own_writes(stmt)


def _popped(e: ir.Expr) -> frozenset[str]:
    """The lists that an expression takes items from."""
    calls = (part for part in subexpressions(e) if isinstance(part, ir.Invoke))
    return frozenset(n for c in calls if isinstance(c.function, ir.Attr) for n in reads(c.function.value))


PURE_MODULES = ("numpy", "knetc.runtime.broadcast", "knetc.runtime.mirror", "knetc.ops.pullback", "builtins")


def is_pure(e: ir.Expr) -> bool:
    """Whether evaluating an expression later, or not at all, makes no difference."""
    for part in subexpressions(e):
        match part:
            case ir.Call() | ir.DynamicCall() | ir.Verbatim():
                return False
            case ir.Invoke(function=ir.Runtime(name="filled")):
                continue
            case ir.Invoke(function=ir.Runtime(module=module)) if module.startswith(
                (*PURE_MODULES, "knetc.ops")
            ):
                continue
            case ir.Invoke():
                return False
    return True


def _with(stmt: ir.Stmt, name: str, value: ir.Expr) -> ir.Stmt:
    [new] = replace_names((stmt,), {name: value})
    return new

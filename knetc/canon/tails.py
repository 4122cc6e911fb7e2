"""Moves what follows a jumping branch into the other branch, so that jumps stand at the ends of branches.

Guarantee: no statement follows an `if` with a branch that always jumps; `continue` at the end of a round is gone;
and if no `return` stands inside a loop, the function has one `return`, its last statement.

    if x > 0:                     if x > 0:
        return x * x                  out = x * x
    y = -x               ->       else:
    return y * 3                      y = -x
                                      out = y * 3
                                  return out
"""

from __future__ import annotations

from dataclasses import replace

from knetc.ir import nodes as ir
from knetc.ir.flow import negation, terminates
from knetc.ir.names import Namer
from knetc.ir.walk import blocks, statements, with_blocks


def nest_tails(function: ir.Function, namer: Namer) -> ir.Function:
    """The canonical form described above."""
    body = _nest(function.body)
    if not terminates(body):
        body = _append(body, ir.Return(ir.Const(None), function.place))
    if _returns(body) > 1 and not _return_in_loop(body):
        name = ir.Name(namer.fresh("out"))
        body = (*_assign_result(body, name), ir.Return(name, function.place))
    return replace(function, body=body)


def _nest(block: ir.Block, in_loop: bool = False) -> ir.Block:
    for i, stmt in enumerate(block):
        if isinstance(stmt, ir.For | ir.While):
            body = _drop_continue(_nest(stmt.body, in_loop=True))
            block = (*block[:i], replace(stmt, body=body), *block[i + 1 :])
        elif isinstance(stmt, ir.If):
            rest = block[i + 1 :]
            then, orelse = _nest(stmt.then, in_loop), _nest(stmt.orelse, in_loop)
            if rest and terminates(then) and not terminates(orelse):
                return (*block[:i], replace(stmt, then=then, orelse=_nest((*orelse, *rest), in_loop)))
            if rest and terminates(orelse) and not terminates(then):
                return (*block[:i], replace(stmt, then=_nest((*then, *rest), in_loop), orelse=orelse))
            if terminates(then) and terminates(orelse):
                return (*block[:i], replace(stmt, then=then, orelse=orelse))
            block = (*block[:i], replace(stmt, then=then, orelse=orelse), *rest)
    return block


def _drop_continue(block: ir.Block) -> ir.Block:
    """A loop body without `continue` where the round ends anyway."""
    if not block:
        return block
    last = block[-1]
    if isinstance(last, ir.Continue):
        return block[:-1]
    if not isinstance(last, ir.If):
        return block
    then, orelse = _drop_continue(last.then), _drop_continue(last.orelse)
    if then == last.then and orelse == last.orelse:
        return block
    if not then and not orelse:
        return (*block[:-1], replace(last, then=then, orelse=orelse))
    return (*block[:-1], _flipped(last, then, orelse))


def _flipped(stmt: ir.If, then: ir.Block, orelse: ir.Block) -> ir.If:
    """An `if` whose first branch is not empty."""
    if then:
        return replace(stmt, then=then, orelse=orelse)
    return replace(stmt, test=negation(stmt.test), then=orelse, orelse=then)


def _append(block: ir.Block, stmt: ir.Stmt) -> ir.Block:
    """The block with a statement where control falls off its end."""
    if terminates(block):
        return block
    if (
        block
        and isinstance(block[-1], ir.If)
        and (terminates(block[-1].then) or terminates(block[-1].orelse))
    ):
        last = block[-1]
        return (*block[:-1], replace(last, then=_append(last.then, stmt), orelse=_append(last.orelse, stmt)))
    return (*block, stmt)


def _returns(block: ir.Block) -> int:
    return sum(isinstance(s, ir.Return) for s in statements(block))


def _return_in_loop(block: ir.Block) -> bool:
    """A `return` that is not at the end of its branch, which after nesting means inside a loop or a partial branch."""
    return any(
        _returns(block_)
        for s in statements(block)
        for block_ in blocks(s)
        if isinstance(s, ir.For | ir.While)
    ) or (not _only_tail_returns(block))


def _only_tail_returns(block: ir.Block) -> bool:
    *before, last = block or (ir.Break(),)
    if any(_returns((s,)) for s in before):
        return False
    if isinstance(last, ir.If):
        return _only_tail_returns(last.then) and _only_tail_returns(last.orelse)
    return True


def _assign_result(block: ir.Block, name: ir.Name) -> ir.Block:
    if not block:
        return block
    last = block[-1]
    if isinstance(last, ir.Return):
        return (*block[:-1], ir.Assign(name, last.value, last.place))
    if isinstance(last, ir.If):
        return (*block[:-1], with_blocks(last, lambda inner: _assign_result(inner, name)))
    return block

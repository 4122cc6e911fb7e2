"""Reads a shape from a value that is at hand anyway, instead of keeping another one only for its shape.

h_bar = 2.0 / power.size * diff     ->     h_bar = 2.0 / diff.size * diff          where power = diff**2
"""

from __future__ import annotations

from collections import Counter

from knetc.analysis.infer import Inference
from knetc.analysis.kinds import may_broadcast
from knetc.ir import nodes as ir
from knetc.ir.walk import (
    blocks,
    map_expressions,
    own_expressions,
    own_writes,
    rebuild,
    statements,
    subexpressions,
    with_blocks,
)

SHAPES = ("shape", "size")


def share_shapes(backward: ir.Block, function: ir.Function, facts: Inference) -> ir.Block:
    """The backward sweep with shapes taken from operands that it reads anyway, or from parameters."""
    chains = _chains(function, facts)
    kept = _read_whole(backward) | {p.name for p in function.params}
    table = {name: _first_kept(name, chains, kept) for name in chains if name not in kept}
    return _block(backward, {name: other for name, other in table.items() if other})


def _chains(function: ir.Function, facts: Inference) -> dict[str, str]:
    """For the result of an elementwise op, the operand that has its shape."""
    defined = Counter(n for s in statements(function.body) for n in own_writes(s))
    defined.update(p.name for p in function.params)
    found: dict[str, str] = {}
    for stmt in statements(function.body):
        match stmt:
            case ir.Assign(target=ir.Name(id=name), value=ir.Apply() as e) if e.op.kind == "elementwise":
                once = [
                    a.id for a in e.args if isinstance(a, ir.Name) and defined[a.id] <= 1 >= defined[name]
                ]
                whole = [a for a in once if not _stretched(a, e, facts)]
                found |= {name: whole[0]} if whole else {}
    return found


def _stretched(name: str, e: ir.Apply, facts: Inference) -> bool:
    others = [facts.expr(arg) for arg in e.args if arg != ir.Name(name)]
    return may_broadcast(facts.expr(ir.Name(name)), others)


def _read_whole(block: ir.Block) -> set[str]:
    """The names of which more than the shape is read."""
    total = Counter(e.id for e in _expressions(block) if isinstance(e, ir.Name))
    shapes = Counter(e.value.id for e in _expressions(block) if _is_shape(e) and isinstance(e.value, ir.Name))  # type: ignore[union-attr]
    return {name for name, n in total.items() if n > shapes[name]}


def _expressions(block: ir.Block) -> list[ir.Expr]:
    return [e for s in statements(block) for x in own_expressions(s) for e in subexpressions(x)]


def _is_shape(e: ir.Expr) -> bool:
    return isinstance(e, ir.Attr) and e.name in SHAPES and isinstance(e.value, ir.Name)


def _first_kept(name: str, chains: dict[str, str], kept: set[str]) -> str | None:
    while name in chains:
        name = chains[name]
        if name in kept:
            return name
    return None


def _block(block: ir.Block, table: dict[str, str]) -> ir.Block:
    out = []
    for stmt in block:
        new = map_expressions(stmt, lambda e: _expr(e, table))
        out.append(with_blocks(new, lambda b: _block(b, table)) if blocks(new) else new)
    return tuple(out)


def _expr(e: ir.Expr, table: dict[str, str]) -> ir.Expr:
    match e:
        case ir.Attr(value=ir.Name(id=name), name=what) if what in SHAPES and name in table:
            return ir.Attr(ir.Name(table[name]), what)
        case _:
            return rebuild(e, lambda child: _expr(child, table))

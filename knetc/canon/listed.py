"""Lists and tuples that carry a derivative become arrays before an operation on arrays gets them, as in numpy itself.

Guarantee: where the items are known to be numbers or arrays, no rule is given a list that it does not know.

    np.sum(ys)          ->      ys_array = np.array(ys)
                                np.sum(ys_array)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from knetc.analysis.activity import NUMBERS
from knetc.analysis.infer import Inference
from knetc.ir import nodes as ir
from knetc.ir.names import Namer
from knetc.ir.reference import reference
from knetc.ir.walk import blocks, reads, with_blocks
from knetc.ops import registry
from knetc.ops.assemble import TAKES_LISTS
from knetc.ops.container import LIST_OPERATORS
from knetc.ops.registry import arguments

SEQUENCES = ("list", "tuple")


def make_arrays(
    function: ir.Function, varied: frozenset[str], facts: Inference, namer: Namer
) -> tuple[ir.Function, frozenset[str]]:
    """The function with arrays for the lists in `varied`, and the names that were invented."""
    listed = Listed(varied, facts, namer)
    return replace(function, body=listed.block(function.body)), frozenset(listed.temps)


class Listed:
    """The rewriting of one function."""

    def __init__(self, varied: frozenset[str], facts: Inference, namer: Namer) -> None:
        self.varied = varied
        self.facts = facts
        self.namer = namer
        self.temps: list[str] = []

    def block(self, block: ir.Block) -> ir.Block:
        """A block, each operation preceded by the arrays that it needs."""
        out: list[ir.Stmt] = []
        for stmt in block:
            if isinstance(stmt, ir.Assign) and isinstance(stmt.value, ir.Apply):
                out += self.operation(stmt, stmt.value)
            else:
                out.append(with_blocks(stmt, self.block) if blocks(stmt) else stmt)
        return tuple(out)

    def operation(self, stmt: ir.Assign, e: ir.Apply) -> list[ir.Stmt]:
        """An assignment of one operation."""
        if e.op.kind == "nondifferentiable" or e.op in LIST_OPERATORS or e.op.function in TAKES_LISTS:
            return [stmt]
        operands = [
            a for p, _, a in arguments(e.op, e.args, e.kwargs) if p in e.op.pullbacks or p in e.op.wrt
        ]
        lists = [a for a in operands if self._is_list(a)] if reads(e) & self.varied else []
        if not lists:
            return [stmt]
        table = {a: self._array(a) for a in lists}
        before: list[ir.Stmt] = [
            ir.Assign(
                name, ir.Apply(registry.OPS[np.array], (a,), (), reference(np.array), e.place), stmt.place
            )
            for a, name in table.items()
        ]
        args = tuple(table.get(a, a) for a in e.args)
        kwargs = tuple((k, table.get(v, v)) for k, v in e.kwargs)
        new = replace(stmt, value=replace(e, args=args, kwargs=kwargs))
        for made in (*before, new):
            self.facts.statement(made)
        return [*before, new]

    def _is_list(self, e: ir.Expr) -> bool:
        kind = self.facts.expr(e)
        known = kind.items is not None and {k.tag for k in kind.items} <= {*NUMBERS}
        return kind.tag in SEQUENCES and known

    def _array(self, e: ir.Expr) -> ir.Name:
        name = self.namer.fresh(f"{e.id if isinstance(e, ir.Name) else 'parts'}_array")
        self.temps.append(name)
        return ir.Name(name)

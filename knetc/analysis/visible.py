"""Which names are changed in place so that the caller sees it: `x += 1` on an argument, or on an alias of one."""

from __future__ import annotations

from knetc.analysis.activity import Activity
from knetc.analysis.infer import Inference
from knetc.ir import nodes as ir
from knetc.ir.flow import is_augmented
from knetc.ir.walk import own_writes, statements

VALUES = ("float", "int", "bool", "str", "tuple", "none", "function")


def seen_outside(function: ir.Function, active: Activity, facts: Inference) -> frozenset[str]:
    """The names that an augmented assignment changes while an argument, or a global, may share their storage."""
    bound = {n for s in statements(function.body) for n in own_writes(s)}
    params = {p.name for p in function.params}
    found: set[str] = set()
    for stmt in statements(function.body):
        if is_augmented(stmt):
            for name in own_writes(stmt):
                members = active.classes.get(name, frozenset((name,)))
                outside = members & params or members - bound
                if outside and facts.expr(ir.Name(name)).tag not in VALUES:
                    found.add(name)
    return frozenset(found)

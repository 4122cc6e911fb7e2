"""The operands of operations and calls by parameter, and small expressions on cotangents."""

from __future__ import annotations

import inspect

import numpy as np

from knetc.analysis.refuse import refuse
from knetc.diff.symbol import apply, negative, times
from knetc.ir import nodes as ir
from knetc.ops import registry


def name_of(e: ir.Expr) -> str:
    """The name that an active operand is."""
    assert isinstance(e, ir.Name)
    return e.id


def scaled(g: ir.Expr, partial: ir.Expr) -> ir.Expr:
    """`g * partial`, without the product where the partial is 1 or -1."""
    if isinstance(partial, ir.Const) and partial.value in (1, -1):
        return g if partial.value == 1 else negative(g)
    return times(g, partial)


def apply_sum(e: ir.Expr) -> ir.Expr:
    """`np.sum(e)`."""
    call = apply(np.sum, (), {})
    assert isinstance(call, ir.Apply)
    return ir.Apply(call.op, (e,), (), call.spelled)


def picked(g: ir.Expr, index: ir.Expr) -> ir.Expr | None:
    """`g[index]`; of a literal the item itself, None where it is None."""
    if isinstance(g, ir.TupleExpr | ir.ListExpr) and isinstance(index, ir.Const):
        item: ir.Expr = g.items[index.value]
    elif isinstance(g, ir.DictExpr):
        found = dict(zip(g.keys, g.values, strict=True)).get(index)
        return None if found is None else found
    else:
        return ir.Item(g, index)
    return None if item == ir.Const(None) else item


def parameters_of(e: ir.Apply) -> list[tuple[str, int, ir.Expr]]:
    """The arguments of an op with their parameters, and their position in a starred one (else -1)."""
    return registry.arguments(e.op, e.args, e.kwargs)


def bind(e: ir.Call) -> dict[str, ir.Expr]:
    """The arguments of a call by parameter."""
    signature = inspect.signature(e.function, follow_wrapped=False)
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in signature.parameters.values()):
        name = e.function.__qualname__
        raise refuse("`*args`", e.place, f"`{name}` takes any number of arguments", "name the parameters")
    bound = signature.bind(*e.args, **dict(e.kwargs))
    return dict(bound.arguments)

"""Simplifies expressions of generated code: `1.0 * e`, `e + e`, `g * (1 / x)`, constants, and spread-out scalars.

    np.full_like(h, 1.0) * (2 * h)     ->     2 * h            because 2 * h has the shape of h already

Every rule holds for infinities and nan as well, except that a product with a reciprocal becomes a quotient, which is
at least as accurate.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from knetc.analysis.infer import Inference
from knetc.analysis.kinds import axes_of
from knetc.ir import nodes as ir
from knetc.ir.walk import blocks, map_expressions, rebuild, with_blocks
from knetc.ops import registry

FUNCTIONS = (np.multiply, np.add, np.subtract, np.true_divide, np.negative)
MULTIPLY, ADD, SUBTRACT, DIVIDE, NEGATIVE = (registry.OPS[f] for f in FUNCTIONS)


def fold(block: ir.Block, facts: Inference) -> ir.Block:
    """The block with its expressions simplified."""
    return tuple(_statement(stmt, facts) for stmt in block)


def _statement(stmt: ir.Stmt, facts: Inference) -> ir.Stmt:
    new = map_expressions(stmt, lambda e: simplified(e, facts))
    return with_blocks(new, lambda b: fold(b, facts)) if blocks(new) else new


def simplified(e: ir.Expr, facts: Inference) -> ir.Expr:
    """An expression in its simplest form."""
    e = rebuild(e, lambda child: simplified(child, facts))
    while True:
        new = _step(e, facts)
        if new is None:
            return e
        e = rebuild(new, lambda child: simplified(child, facts))


def _step(e: ir.Expr, facts: Inference) -> ir.Expr | None:
    match e:
        case ir.Apply(op=op, args=(a, b)) if op == MULTIPLY:
            return _product(a, b, facts)
        case ir.Apply(op=op, args=(a, b)) if op == ADD and a == b:
            return _times(ir.Const(2), a)
        case ir.Apply(op=op, args=(a, ir.Apply(op=inner, args=(b,)))) if op == ADD and inner == NEGATIVE:
            return ir.Apply(SUBTRACT, (a, b), (), "-")
        case ir.Apply(op=op, args=(a, b)) if op == DIVIDE:
            return _quotient(a, b, facts)
        case ir.Apply(op=op, args=(a,)) if op == NEGATIVE:
            return _negated(a, facts)
        case ir.Item(value=ir.TupleExpr() | ir.ListExpr() as parts, index=ir.Const(value=int() as i)):
            return parts.items[i]
        case _:
            return _spread_scalar(e, facts)


def _product(a: ir.Expr, b: ir.Expr, facts: Inference) -> ir.Expr | None:
    match a, b:
        case ir.Const(), ir.Const() if _numbers(a, b):
            return ir.Const(a.value * b.value)
        case ir.Const(), _ if _is(a, 1):
            return b
        case _, ir.Const() if _is(b, 1):
            return a
        case _, ir.Const():
            return _times(b, a)
        case _, ir.Apply(op=op, args=(c, d)) if op == DIVIDE:
            return _over(_times(a, c), d)
        case _, ir.Apply(op=op, args=(c,)) if op == NEGATIVE:
            return _minus(_times(a, c))
        case ir.Apply(op=op, args=(c,)), _ if op == NEGATIVE:
            return _minus(_times(c, b))
        case ir.Const(), ir.Apply(op=op, args=(ir.Const() as c, d)) if op == MULTIPLY and _numbers(a, c):
            return _times(ir.Const(a.value * c.value), d)
        case ir.Const(), ir.Apply(op=op, args=(c, d)) if op == MULTIPLY:
            return _times(_times(a, c), d)
        case _, ir.Apply(op=op, args=(ir.Const() as c, d)) if op == MULTIPLY:
            return _times(_times(c, a), d)
        case ir.Const(), ir.Apply(op=op, args=(ir.Const() as c, d)) if op == DIVIDE and _numbers(a, c):
            return _over(ir.Const(a.value * c.value), d)
        case ir.Const(), _ if spread_of(b) is not None:
            return _scaled_spread(a, b)
        case _:
            return _unspread(a, b, facts)


def _scaled_spread(c: ir.Const, spread: ir.Expr) -> ir.Expr | None:
    found = spread_of(spread)
    return None if found is None else _full(found[0], _times(c, found[1]), spread)


def _quotient(a: ir.Expr, b: ir.Expr, facts: Inference) -> ir.Expr | None:
    if _is(b, 1):
        return a
    if isinstance(a, ir.Apply) and a.op == NEGATIVE:
        return _minus(_over(a.args[0], b))
    spread = spread_of(a)
    if spread is not None and _covers(b, spread[0], facts):
        return _over(spread[1], b)
    return None


def _negated(a: ir.Expr, facts: Inference) -> ir.Expr | None:
    if isinstance(a, ir.Const) and _numbers(a):
        return ir.Const(-a.value)
    if isinstance(a, ir.Apply) and a.op == NEGATIVE:
        return a.args[0]
    spread = spread_of(a)
    return None if spread is None else _full(spread[0], _minus(spread[1]), a)


def _unspread(a: ir.Expr, b: ir.Expr, facts: Inference) -> ir.Expr | None:
    """`np.full_like(x, g) * e` is `g * e` where `e` has the shape of `x`."""
    for spread, other in ((spread_of(a), b), (spread_of(b), a)):
        if spread is not None and _covers(other, spread[0], facts):
            return _times(spread[1], other)
    return None


def spread_of(e: ir.Expr) -> tuple[ir.Expr, ir.Expr] | None:
    """The array and the value of `np.full_like(x, g)` or `np.broadcast_to(g, x.shape)`."""
    match e:
        case ir.Apply(op=op, args=(x, g)) if op.name == "np.full_like":
            return x, g
        case ir.Apply(op=op, args=(x,)) if op.name == "np.ones_like":
            return x, ir.Const(1.0)
        case ir.Apply(op=op, args=(g, ir.Attr(value=x, name="shape"))) if op.name == "np.broadcast_to":
            return x, g
        case _:
            return None


def _spread_scalar(e: ir.Expr, facts: Inference) -> ir.Expr | None:
    """Spreading over a number is the number; spreading 1 is `np.ones_like`."""
    spread = spread_of(e)
    if spread is None or not isinstance(e, ir.Apply):
        return None
    if facts.expr(spread[0]).tag in ("float", "int"):
        return spread[1]
    if e.op.name == "np.full_like" and _is(spread[1], 1):
        name = ir.Runtime("np.ones_like", "numpy")
        return ir.Apply(registry.OPS[np.ones_like], (spread[0],), (), name)
    return None


def _covers(e: ir.Expr, x: ir.Expr, facts: Inference) -> bool:
    """Whether `e`, an expression on operands that broadcast to the shape of `x`, has that shape itself."""
    mine, whole = axes_of(facts.expr(e)), axes_of(facts.expr(x))
    if e == x:
        return True
    if mine is None or whole is None or len(mine) != len(whole):
        return False
    return all(a == "n" or b == "1" for a, b in zip(mine, whole, strict=True))


def _full(x: ir.Expr, g: ir.Expr, like: ir.Expr) -> ir.Expr:
    if isinstance(like, ir.Apply) and like.op.name == "np.broadcast_to":
        return replace(like, args=(g, ir.Attr(x, "shape")))
    return ir.Apply(registry.OPS[np.full_like], (x, g), (), ir.Runtime("np.full_like", "numpy"))


def _times(a: ir.Expr, b: ir.Expr) -> ir.Expr:
    return ir.Apply(MULTIPLY, (a, b), (), "*")


def _over(a: ir.Expr, b: ir.Expr) -> ir.Expr:
    return ir.Apply(DIVIDE, (a, b), (), "/")


def _minus(a: ir.Expr) -> ir.Expr:
    return ir.Apply(NEGATIVE, (a,), (), "-")


def _is(e: ir.Expr, value: float) -> bool:
    return isinstance(e, ir.Const) and _numbers(e) and e.value == value


def _numbers(*constants: ir.Const) -> bool:
    return all(type(c.value) in (int, float) for c in constants)

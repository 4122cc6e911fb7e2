"""Simplifies expressions of generated code: `1.0 * e`, `e + e`, `g * (1 / x)`, constants, and spread-out scalars.

    np.full_like(h, 1.0) * (2 * h)     ->     2 * h            because 2 * h has the shape of h already

Every rule holds for infinities and nan as well, up to the rounding and the overflow of products that are regrouped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from knetc.analysis.infer import Inference
from knetc.analysis.kinds import Kind, axes_of
from knetc.ir import nodes as ir
from knetc.ir.walk import (
    blocks,
    map_expressions,
    own_writes,
    reads,
    rebuild,
    statements,
    stored_into,
    with_blocks,
)
from knetc.ops import registry
from knetc.opt.nest import is_pure

FUNCTIONS = (np.multiply, np.add, np.subtract, np.true_divide, np.negative)
MULTIPLY, ADD, SUBTRACT, DIVIDE, NEGATIVE = (registry.OPS[f] for f in FUNCTIONS)


Spread = tuple[ir.Expr, ir.Expr]
"""An array, and the number that is spread out to its shape."""


@dataclass(frozen=True)
class Facts:
    """The kinds, and the variables known to be spread-out numbers."""

    kinds: Inference
    spreads: dict[str, Spread]

    def expr(self, e: ir.Expr) -> Kind:
        """The kind of an expression."""
        return self.kinds.expr(e)


def fold(block: ir.Block, kinds: Inference) -> ir.Block:
    """The block with its expressions simplified."""
    facts = Facts(kinds, _spread_variables(block))
    return _fold(block, facts)


def _spread_variables(block: ir.Block) -> dict[str, Spread]:
    """Variables that are assigned once, a spread-out number that does not change."""
    defined = Counter(n for s in statements(block) for n in own_writes(s))
    changed = frozenset(n for s in statements(block) for n in stored_into(s) | _changed_by(s))
    found: dict[str, Spread] = {}
    for stmt in statements(block):
        match stmt:
            case ir.Assign(target=ir.Name(id=name), value=value) if (
                defined[name] == 1 and name not in changed
            ):
                spread = _literal_spread(value)
                if spread is not None and all(defined[n] <= 1 for n in reads(value)):
                    found[name] = spread
    return found


def _changed_by(stmt: ir.Stmt) -> frozenset[str]:
    """The names whose value a call of generated code may change: `scatter_add(x_bar, i, g)`."""
    return reads(stmt.value) if isinstance(stmt, ir.Do) else frozenset()


def _fold(block: ir.Block, facts: Facts) -> ir.Block:
    return tuple(_statement(stmt, facts) for stmt in block)


def _statement(stmt: ir.Stmt, facts: Facts) -> ir.Stmt:
    new = map_expressions(stmt, lambda e: simplified(e, facts))
    return with_blocks(new, lambda b: _fold(b, facts)) if blocks(new) else new


def simplified(e: ir.Expr, facts: Facts) -> ir.Expr:
    """An expression in its simplest form."""
    e = rebuild(e, lambda child: simplified(child, facts))
    while True:
        new = _step(e, facts)
        if new is None:
            return e
        e = rebuild(new, lambda child: simplified(child, facts))


def _step(e: ir.Expr, facts: Facts) -> ir.Expr | None:
    match e:
        case ir.Apply(op=op, args=(a, b), kwargs=()) if op == MULTIPLY:
            return _product(a, b, facts)
        case ir.Apply(op=op, args=(a, b), kwargs=()) if op == ADD and a == b and is_pure(a):
            return _times(ir.Const(2), a)
        case ir.Apply(op=op, args=(a, ir.Apply(op=inner, args=(b,), kwargs=())), kwargs=()) if (
            op == ADD and inner == NEGATIVE
        ):
            return ir.Apply(SUBTRACT, (a, b), (), "-")
        case ir.Apply(op=op, args=(a, ir.Const() as b), kwargs=()) if op == SUBTRACT and _is(b, 0):
            return a
        case ir.Apply(op=op, args=(a, b), kwargs=()) if op == DIVIDE:
            return _quotient(a, b, facts)
        case ir.Apply(op=op, args=(a,), kwargs=()) if op == NEGATIVE:
            return _negated(a, facts)
        case ir.Apply(op=op, args=(ir.Const() as number,), kwargs=()) if op.name == "np.sum" and _numbers(
            number
        ):
            return number
        case ir.Item(value=ir.TupleExpr() | ir.ListExpr() as parts, index=ir.Const(value=int() as i)):
            return parts.items[i]
        case _:
            return _spread_scalar(e, facts)


def _product(a: ir.Expr, b: ir.Expr, facts: Facts) -> ir.Expr | None:
    match a, b:
        case ir.Const(), ir.Const() if _numbers(a, b):
            return ir.Const(a.value * b.value)
        case ir.Const(), _ if _is(a, 1):
            return b
        case _, ir.Const() if _is(b, 1):
            return a
        case _, ir.Const():
            return _times(b, a)
        case _, ir.Apply(op=op, args=(c, d), kwargs=()) if op == DIVIDE:
            return _over(_times(a, c), d)
        case _, ir.Apply(op=op, args=(c,), kwargs=()) if op == NEGATIVE:
            return _minus(_times(a, c))
        case ir.Apply(op=op, args=(c,), kwargs=()), _ if op == NEGATIVE:
            return _minus(_times(c, b))
        case ir.Const(), ir.Apply(op=op, args=(ir.Const() as c, d), kwargs=()) if op == MULTIPLY and _numbers(
            a, c
        ):
            return _times(ir.Const(a.value * c.value), d)
        case ir.Const(), ir.Apply(op=op, args=(c, d), kwargs=()) if op == MULTIPLY:
            return _times(_times(a, c), d)
        case _, ir.Apply(op=op, args=(ir.Const() as c, d), kwargs=()) if op == MULTIPLY:
            return _times(_times(c, a), d)
        case ir.Const(), ir.Apply(op=op, args=(ir.Const() as c, d), kwargs=()) if op == DIVIDE and _numbers(
            a, c
        ):
            return _over(ir.Const(a.value * c.value), d)
        case ir.Const(), ir.Apply() if _literal_spread(b) is not None:
            return _scaled_spread(a, b)
        case _:
            return _unspread(a, b, facts)


def _scaled_spread(c: ir.Const, spread: ir.Expr) -> ir.Expr | None:
    found = _literal_spread(spread)
    return None if found is None else _full(found[0], _times(c, found[1]), spread)


def _quotient(a: ir.Expr, b: ir.Expr, facts: Facts) -> ir.Expr | None:
    if _is(b, 1):
        return a
    if isinstance(a, ir.Apply) and a.op == NEGATIVE:
        return _minus(_over(a.args[0], b))
    spread = spread_of(a, facts)
    if spread is not None and _covers(b, spread[0], facts):
        return _over(spread[1], b)
    return None


def _negated(a: ir.Expr, facts: Facts) -> ir.Expr | None:
    if isinstance(a, ir.Const) and _numbers(a):
        return ir.Const(-a.value)
    if isinstance(a, ir.Apply) and a.op == NEGATIVE:
        return a.args[0]
    spread = _literal_spread(a)
    return None if spread is None else _full(spread[0], _minus(spread[1]), a)


def _unspread(a: ir.Expr, b: ir.Expr, facts: Facts) -> ir.Expr | None:
    """`np.full_like(x, g) * e` is `g * e` where `e` has the shape of `x`."""
    for spread, other in ((spread_of(a, facts), b), (spread_of(b, facts), a)):
        if spread is not None and _covers(other, spread[0], facts):
            return _times(spread[1], other)
    return None


def spread_of(e: ir.Expr, facts: Facts) -> Spread | None:
    """The array and the number, if an expression is a spread-out number."""
    return facts.spreads.get(e.id) if isinstance(e, ir.Name) else _literal_spread(e)


def _literal_spread(e: ir.Expr) -> Spread | None:
    """The array and the value of `np.full_like(x, g)` or `np.broadcast_to(g, x.shape)`."""
    match e:
        case ir.Apply(op=op, args=(x, g), kwargs=()) if op.name == "np.full_like":
            return x, g
        case ir.Apply(op=op, args=(x,), kwargs=()) if op.name == "np.ones_like":
            return x, ir.Const(1.0)
        case ir.Apply(op=op, args=(g, ir.Attr(value=x, name="shape")), kwargs=()) if (
            op.name == "np.broadcast_to"
        ):
            return x, g
        case _:
            return None


def _spread_scalar(e: ir.Expr, facts: Facts) -> ir.Expr | None:
    """Spreading over a number is the number; spreading 1 is `np.ones_like`."""
    spread = _literal_spread(e)
    if spread is None or not isinstance(e, ir.Apply):
        return None
    if facts.expr(spread[0]).tag in ("float", "int"):
        return spread[1]
    if e.op.name == "np.full_like" and _is(spread[1], 1):
        name = ir.Runtime("np.ones_like", "numpy")
        return ir.Apply(registry.OPS[np.ones_like], (spread[0],), (), name)
    return None


def _covers(e: ir.Expr, x: ir.Expr, facts: Facts) -> bool:
    """Whether `e`, an expression on operands that broadcast to the shape of `x`, has that shape itself."""
    mine, whole = axes_of(facts.expr(e)), axes_of(facts.expr(x))
    if e == x or facts.kinds.same_shape(e, x):
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

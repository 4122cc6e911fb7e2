"""Small questions about control flow that several stages ask."""

from __future__ import annotations

import ast
from dataclasses import replace

from knetc.ir import nodes as ir
from knetc.ir.walk import blocks

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


INTEGER_ARITHMETIC = {"+", "-", "*", "//", "%", "len"}


def terminates(block: ir.Block) -> bool:
    """Whether control never falls off the end of a block."""
    if not block:
        return False
    last = block[-1]
    match last:
        case ir.Return() | ir.Break() | ir.Continue():
            return True
        case ir.Opaque():
            return isinstance(last.node, ast.Raise)
        case ir.If():
            return terminates(last.then) and terminates(last.orelse)
        case ir.While():
            return _forever(last)
        case _:
            return False


def _forever(loop: ir.While) -> bool:
    return isinstance(loop.test, ir.Const) and bool(loop.test.value) and not _breaks(loop.body)


def _breaks(block: ir.Block) -> bool:
    return any(
        isinstance(s, ir.Break) or (isinstance(s, ir.If) and any(map(_breaks, blocks(s)))) for s in block
    )


def negation(test: ir.Expr) -> ir.Expr:
    """`not test`. An ordering is not turned round: with nan, `not a < b` is not `a >= b`."""
    match test:
        case ir.Verbatim(node=ast.Compare(ops=[op])) if type(op) in OPPOSITE and _is_scalar_test(op):
            turned = ast.Compare(test.node.left, [OPPOSITE[type(op)]()], test.node.comparators)  # type: ignore[attr-defined]
            return replace(test, node=turned)
        case ir.Verbatim(node=ast.UnaryOp(op=ast.Not(), operand=operand)):
            return replace(test, node=operand)
        case ir.Verbatim():
            return replace(test, node=ast.UnaryOp(ast.Not(), test.node), kind="bool")
        case ir.Name():
            node = ast.UnaryOp(ast.Not(), ast.Name(test.id, ast.Load()))
            return ir.Verbatim(node, frozenset((test.id,)), "bool")
        case _:
            return ir.Const(not test.value) if isinstance(test, ir.Const) else test


def _is_scalar_test(op: ast.cmpop) -> bool:
    """`==` of user objects may be anything; identity and membership always have their opposite."""
    return not isinstance(op, ast.Eq | ast.NotEq)


def integer_like(e: ir.Expr) -> bool:
    """Arithmetic on names and constants that is as cheap to repeat as to remember."""
    match e:
        case ir.Name() | ir.Const():
            return True
        case ir.Apply():
            return e.spelled in INTEGER_ARITHMETIC and all(map(integer_like, e.args)) and not e.kwargs
        case ir.Item():
            return isinstance(e.index, ir.Const) and _is_shape(e.value)
        case ir.Attr():
            return e.name in ("size", "ndim") and isinstance(e.value, ir.Name)
        case _:
            return False


def _is_shape(e: ir.Expr) -> bool:
    return isinstance(e, ir.Attr) and e.name == "shape" and isinstance(e.value, ir.Name)


def is_augmented(stmt: ir.Stmt) -> bool:
    """`x += e`, which changes `x` in place if it is an array or a list."""
    value = stmt.value if isinstance(stmt, ir.Assign) else None
    return isinstance(value, ir.Apply) and isinstance(value.spelled, str) and value.spelled.endswith("=")

"""How tightly Python's operators bind: the table that decides where parentheses are needed.

A place in the grammar accepts expressions of a certain level or tighter: the right operand of `*` accepts
`UNARY` and up, so a sum there needs parentheses. The levels are the language reference's, loosest first.
"""

from __future__ import annotations

import ast

(
    WALRUS,
    YIELD,
    TUPLE,
    TEST,
    OR,
    AND,
    NOT,
    COMPARE,
    BIT_OR,
    BIT_XOR,
    BIT_AND,
    SHIFT,
    SUM,
    PRODUCT,
    UNARY,
    POWER,
    AWAIT,
    ATOM,
) = range(18)

VARIES = -1
"""The level of a node that depends on its operator or its contents."""

LEVELS: dict[type[ast.AST], int] = {
    ast.BinOp: VARIES,
    ast.BoolOp: VARIES,
    ast.Constant: VARIES,
    ast.Tuple: VARIES,
    ast.UnaryOp: VARIES,
    ast.NamedExpr: WALRUS,
    ast.Yield: YIELD,
    ast.YieldFrom: YIELD,
    ast.Lambda: TEST,
    ast.IfExp: TEST,
    ast.Compare: COMPARE,
    ast.Await: AWAIT,
    ast.Or: OR,
    ast.And: AND,
    ast.Not: NOT,
    ast.BitOr: BIT_OR,
    ast.BitXor: BIT_XOR,
    ast.BitAnd: BIT_AND,
    ast.LShift: SHIFT,
    ast.RShift: SHIFT,
    ast.Add: SUM,
    ast.Sub: SUM,
    ast.Mult: PRODUCT,
    ast.MatMult: PRODUCT,
    ast.Div: PRODUCT,
    ast.FloorDiv: PRODUCT,
    ast.Mod: PRODUCT,
    ast.Invert: UNARY,
    ast.UAdd: UNARY,
    ast.USub: UNARY,
    ast.Pow: POWER,
}


def level(node: ast.AST) -> int:
    """The level of an expression's outermost operator; `ATOM` for everything that has none.

    >>> level(ast.parse("a + b * c", mode="eval").body) == SUM
    True
    """
    fixed = LEVELS.get(type(node), ATOM)
    return _by_contents(node) if fixed == VARIES else fixed


def _by_contents(node: ast.AST) -> int:
    if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp)):
        return LEVELS[type(node.op)]
    if isinstance(node, ast.Constant):
        return UNARY if _is_negative(node.value) else ATOM
    return TUPLE if isinstance(node, ast.Tuple) and len(node.elts) > 1 else ATOM


def _is_negative(value: object) -> bool:
    """Whether a constant, put there by a rewrite and not by the parser, prints with a minus sign."""
    return isinstance(value, (int, float)) and repr(value).startswith("-")


def is_simple(node: ast.expr | None) -> bool:
    """Whether a slice bound is so short that `:` needs no space beside it, as in `x[1:-n]`."""
    if isinstance(node, ast.UnaryOp):
        return is_simple(node.operand)
    return node is None or isinstance(node, (ast.Name, ast.Constant))


def is_simple_power(power: ast.BinOp) -> bool:
    """Whether `**` is written without spaces, as in `x**2` and `self.x**-n`."""
    exponent = power.right
    if isinstance(exponent, ast.UnaryOp) and isinstance(exponent.op, ast.USub):
        exponent = exponent.operand
    return _is_name_or_number(power.left) and _is_name_or_number(exponent)


def _is_name_or_number(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and _is_number(node.value))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, complex)) and not _is_negative(value)

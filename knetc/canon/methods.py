"""Once kinds are known, methods and properties of arrays become the ops they are, and `+` of lists the op of lists.

Guarantee: no `DynamicCall` or `Attr` on a value known to be an array, except attributes without derivative.

    h.sum(axis=0)   ->   the op of np.sum, still spelled `.sum`
"""

from __future__ import annotations

from dataclasses import replace

from knetc.analysis.infer import Inference, method_apply, property_apply
from knetc.analysis.kinds import Kind
from knetc.ir import nodes as ir
from knetc.ir.walk import blocks, map_expressions, rebuild, with_blocks
from knetc.ops import container

SEQUENCES = {"list", "tuple", "str"}


def resolve_methods(function: ir.Function, inference: Inference) -> ir.Function:
    """The function with the ops that kinds reveal."""
    return replace(function, body=_block(function.body, inference))


def _block(block: ir.Block, inference: Inference) -> ir.Block:
    out = []
    for stmt in block:
        new = map_expressions(stmt, lambda e: _expr(e, inference))
        out.append(with_blocks(new, lambda b: _block(b, inference)) if blocks(new) else new)
    return tuple(out)


def _expr(e: ir.Expr, inference: Inference) -> ir.Expr:
    e = rebuild(e, lambda child: _expr(child, inference))
    match e:
        case ir.DynamicCall():
            return method_apply(e, inference) or e
        case ir.Attr():
            kind = inference.expr(e.value)
            if kind.tag == "tuple" and kind.keys is not None and e.name in kind.keys:
                return ir.Item(e.value, ir.Const(kind.keys.index(e.name)), e.place)
            return property_apply(e, kind) or e
        case ir.Apply(spelled="+" | "*" | "+=" | "*=") if len(e.args) == 2:
            return _operator(e, *map(inference.expr, e.args))
        case _:
            return e


def _operator(e: ir.Apply, left: Kind, right: Kind) -> ir.Apply:
    assert isinstance(e.spelled, str)
    lists = {left.tag, right.tag} & SEQUENCES
    if e.spelled[0] == "+":
        if lists and left.tag in SEQUENCES and right.tag in SEQUENCES:
            return replace(e, op=container.CONCATENATE)
        known = {left.tag, right.tag} & {"float", "int", "bool", "array"}
        return e if known else replace(e, op=container.ADD)
    if lists and {left.tag, right.tag} & {"int", "bool", "float"}:
        return replace(e, op=container.REPEAT if left.tag in SEQUENCES else container.REPEATED)
    return e

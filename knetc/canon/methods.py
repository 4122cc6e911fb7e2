"""Once kinds are known, methods and properties of arrays become the ops they are, and `+` of lists the op of lists.

Guarantee: no `DynamicCall` or `Attr` on a value known to be an array, except attributes without derivative.

    h.sum(axis=0)   ->   the op of np.sum, still spelled `.sum`
"""

from __future__ import annotations

from dataclasses import replace

from knetc.analysis.infer import Inference, method_apply, method_call, property_apply
from knetc.analysis.kinds import Kind
from knetc.ir import nodes as ir
from knetc.ir.names import Namer
from knetc.ir.walk import blocks, map_expressions, rebuild, with_blocks
from knetc.ops import container

SEQUENCES = {"list", "tuple", "str"}


def resolve_methods(
    function: ir.Function, inference: Inference, namer: Namer
) -> tuple[ir.Function, frozenset[str]]:
    """The function with the ops and the calls that kinds reveal, and the names that were invented."""
    temps: list[str] = []

    def resolved(block: ir.Block) -> ir.Block:
        out: list[ir.Stmt] = []
        for stmt in block:
            new = map_expressions(stmt, lambda e: _expr(e, inference))
            before, new = _with_receiver(new, inference, namer)
            temps.extend(s.target.id for s in before if isinstance(s.target, ir.Name))
            out += [*before, with_blocks(new, resolved) if blocks(new) else new]
        return tuple(out)

    body = resolved(function.body)
    return replace(function, body=body), frozenset(temps)


def _with_receiver(stmt: ir.Stmt, inference: Inference, namer: Namer) -> tuple[list[ir.Assign], ir.Stmt]:
    """A call of an object in an attribute, as a call of a variable."""
    match stmt:
        case ir.Assign(value=ir.Call(args=(ir.Attr() as receiver, *others)) as call):
            name = ir.Name(namer.fresh(receiver.name))
            inference.kinds[name.id] = inference.expr(receiver)
            return [ir.Assign(name, receiver, stmt.place)], replace(
                stmt, value=replace(call, args=(name, *others))
            )
    return [], stmt


def _expr(e: ir.Expr, inference: Inference) -> ir.Expr:
    e = rebuild(e, lambda child: _expr(child, inference))
    match e:
        case ir.DynamicCall():
            return method_apply(e, inference) or method_call(e, inference) or e
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

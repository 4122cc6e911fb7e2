"""Finds what is active and cannot be differentiated, before any derivative is built.

Everything that is not refused here has a rule, or is inactive and copied as it stands.
"""

from __future__ import annotations

from knetc.analysis.activity import Activity
from knetc.analysis.infer import SHAPE_ATTRIBUTES, Inference
from knetc.analysis.refuse import refuse
from knetc.ir import nodes as ir
from knetc.ir.walk import iterables, statements, subexpressions, target_names

BUILTIN_METHODS = {"list", "tuple", "dict", "str"}


def check(function: ir.Function, active: Activity, facts: Inference) -> None:
    """Raise `Refusal` for the first active construct without derivative."""
    for stmt in statements(function.body):
        match stmt:
            case ir.Opaque():
                _opaque(stmt, active)
            case ir.Assign():
                if any(n in active.active for n in target_names(stmt.target)):
                    _value(stmt.value, stmt, active, facts)
            case ir.Return():
                _value(stmt.value, stmt, active, facts)
            case ir.For():
                for e in iterables(stmt.iter):
                    if any(n in active.useful for n in target_names(stmt.target)):
                        _value(e, stmt, active, facts)


def _opaque(stmt: ir.Opaque, active: Activity) -> None:
    changed = frozenset(n for m in stmt.mutates for n in active.classes.get(m, {m}))
    touched = sorted((stmt.writes | changed) & active.active)
    if touched:
        inside = sorted(stmt.reads & active.varied) or touched
        raise refuse(stmt.what, stmt.place, active.why(inside[0]))
    lost = sorted(stmt.writes & active.useful) if stmt.reads & active.varied else []
    if lost:
        raise refuse(stmt.what, stmt.place, active.why(min(stmt.reads & active.varied)))


def _value(value: ir.Expr, stmt: ir.Stmt, active: Activity, facts: Inference) -> None:
    for e in subexpressions(value):
        match e:
            case ir.Verbatim() if e.kind == "unknown" and e.reads & active.varied:
                raise refuse(e.what, e.place or stmt.place, active.why(min(e.reads & active.varied)))
            case ir.DynamicCall(function=ir.Attr(value=owner, name=name)):
                kind = facts.expr(owner)
                varied = sorted(
                    n.id for n in subexpressions(e) if isinstance(n, ir.Name) and n.id in active.varied
                )
                if kind.tag in BUILTIN_METHODS and varied:
                    raise refuse(
                        f"the method `.{name}` of a {kind.tag}", e.place or stmt.place, active.why(varied[0])
                    )
                if kind.tag in ("array", "float") and varied:
                    what = f"the method `.{name}` of an array, which has no rule"
                    raise refuse(what, e.place or stmt.place, active.why(varied[0]))
            case ir.Attr(value=ir.Name(id=owner), name=name) if (
                owner in active.active and name not in SHAPE_ATTRIBUTES
            ):
                if facts.expr(e.value).tag in ("array", "float"):
                    raise refuse(
                        f"the attribute `.{name}` of an array", e.place or stmt.place, active.why(owner)
                    )

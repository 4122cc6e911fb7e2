"""What a function returns, and what it leaves behind: questions asked before its gradient is put together."""

from __future__ import annotations

from knetc.analysis.infer import Inference
from knetc.analysis.kinds import UNKNOWN
from knetc.analysis.refuse import refuse
from knetc.errors import ShapeError
from knetc.ir import nodes as ir
from knetc.ir.walk import all_reads, own_expressions, reads, statements, subexpressions


def scalar_check(f: ir.Function, facts: Inference) -> bool:
    """Whether the result has to be checked to be a scalar when the program runs."""
    kinds = [facts.expr(s.value) for s in statements(f.body) if isinstance(s, ir.Return)]
    return any(k.tag not in ("float", "int", "bool") for k in kinds)


def refuse_parts(f: ir.Function, facts: Inference) -> None:
    """A result that is known to be a tuple, a dict or nothing at all is no scalar; a function may have none."""
    if not any(isinstance(s, ir.Return) for s in statements(f.body)):
        raise refuse("a function that never returns", f.place)
    for stmt in statements(f.body):
        kind = facts.expr(stmt.value) if isinstance(stmt, ir.Return) else UNKNOWN
        if kind.tag in ("tuple", "list", "dict", "none", "str", "function"):
            what = "a NoneType" if kind.tag == "none" else f"a {kind.tag}"
            name = f.name
            message = f"`grad` needs a scalar, but the result of `{name}` is {what}"
            help_ = "return one number, such as `np.sum(y)`; for several results use `knetc.vjp`"
            raise ShapeError("KN301", message, help=help_, place=stmt.place)


def needs_exits(f: ir.Function) -> bool:
    """Whether the function is left from within."""
    return any(isinstance(s, ir.Return) for s in statements(f.body) if s is not f.body[-1])


def published(f: ir.Function) -> dict[str, frozenset[str]]:
    """The arguments of which attributes are written, each with the attributes that are read from it."""
    stored = {
        n
        for s in statements(f.body)
        if isinstance(s, ir.Assign) and isinstance(s.target, ir.Attr)
        for n in reads(s.target)
    }
    parts = [e for s in statements(f.body) for whole in own_expressions(s) for e in subexpressions(whole)]
    return {
        n: frozenset(e.name for e in parts if isinstance(e, ir.Attr) and e.value == ir.Name(n))
        for n in sorted(stored)
    }


def called_names(f: ir.Function) -> frozenset[str]:
    """The names that a function reads, those of the functions it calls included."""
    parts = (e for s in statements(f.body) for whole in own_expressions(s) for e in subexpressions(whole))
    return all_reads(f.body) | {e.spelled for e in parts if isinstance(e, ir.Call)}

"""Makes functions of the two sweeps: a forward and a backward one, or, at the top, both joined into the gradient.

f_forward(args)             -> out, residuals
f_backward(residuals, bar)  -> cotangents of the differentiated parameters, in their order
f_grad(args)                -> the same, for bar = 1; what only the value needs is left out
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from knetc.diff.calls import Callee
from knetc.diff.residuals import link, link_apart
from knetc.diff.scopes import Sweeps
from knetc.ir import nodes as ir
from knetc.ir.names import Namer


@dataclass(frozen=True)
class Pair:
    """The sweeps of a function as two functions."""

    forward: ir.Function
    backward: ir.Function


BACKWARD = ir.Do(ir.Const("backward"))
"""Marks in a joined function where the backward sweep begins; taken out before printing."""


def bars_of(sweeps: Sweeps) -> ir.Expr:
    """What a backward sweep returns: one cotangent, or a tuple of them."""
    if sweeps.result is not None:
        return sweeps.result
    bars = tuple(sweeps.bars.values())
    return bars[0] if len(bars) == 1 else ir.TupleExpr(bars)


def pair(function: ir.Function, sweeps: Sweeps, names: tuple[str, str], namer: Namer) -> Pair:
    """The forward and the backward function."""
    params = tuple(p.name for p in function.params)
    bars = ir.Return(bars_of(sweeps))
    leave = sweeps.leave if sweeps.exits else ""
    forward, backward, fields = link_apart(sweeps.forward, (*sweeps.backward, bars), params, leave, namer)
    saved = namer.fresh("residuals")
    unpack = () if fields is None else (ir.Assign(fields, ir.Name(saved)),)
    doc = f"Forward sweep of {title(function)}; returns the value and the residuals."
    back_doc = f"Adjoint of {title(function)}; returns the cotangents of {_listed(tuple(sweeps.bars))}."
    back = ir.Function(
        names[1],
        (ir.Param(saved), ir.Param(sweeps.seed)),
        (*unpack, *backward),
        back_doc.replace("cotangents", "cotangent") if len(sweeps.bars) == 1 else back_doc,
        function.origin,
        function.place,
    )
    return Pair(replace(function, name=names[0], body=forward, doc=doc), back)


def title(function: ir.Function) -> str:
    """The function and where it stands: `loss (model.py:12)`."""
    place, name = function.place, function.origin.__qualname__.rpartition("<locals>.")[2]
    return f"{name} ({place.file.rpartition('/')[2]}:{place.line})" if place else name


def _listed(names: tuple[str, ...]) -> str:
    return (
        names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else "nothing"
    )


def joined(
    function: ir.Function, sweeps: Sweeps, name: str, namer: Namer, *, check: bool, value: bool
) -> ir.Function:
    """The gradient in one function, for a function with one `return`, at its end."""
    params = tuple(p.name for p in function.params)
    *body, last = sweeps.forward
    assert isinstance(last, ir.Return)
    checked = (scalar(last.value, function),) if check else ()
    result = ir.TupleExpr((last.value, bars_of(sweeps))) if value else bars_of(sweeps)
    forward, backward = link(tuple(body), (*checked, *sweeps.backward, ir.Return(result)), params, namer)
    whole = (*forward, BACKWARD, *backward)
    return replace(
        function, name=name, body=whole, doc=_gradient_doc(function, tuple(sweeps.bars), value=value)
    )


def apart(function: ir.Function, callee: Callee, name: str, *, check: bool, value: bool) -> ir.Function:
    """The gradient by a call of either sweep, for a function that is left from within."""
    out, saved = ir.Name("out"), ir.Name("residuals")
    args = tuple(ir.Name(p.name) for p in function.params if p.kind != "KEYWORD_ONLY")
    options = tuple((p.name, ir.Name(p.name)) for p in function.params if p.kind == "KEYWORD_ONLY")
    forward = ir.Assign(ir.TupleExpr((out, saved)), ir.Invoke(ir.Name(callee.forward), args, options))
    bars = ir.Invoke(ir.Name(callee.backward), (saved, ir.Const(1.0)))
    last = ir.Return(ir.TupleExpr((out, bars)) if value else bars)
    body = (forward, *((scalar(out, function),) if check else ()), last)
    return replace(function, name=name, body=body, doc=_gradient_doc(function, callee.wrt, value=value))


def scalar(value: ir.Expr, function: ir.Function) -> ir.Stmt:
    """The check that a result is a scalar."""
    check = ir.Runtime("check_scalar", "knetc.runtime.scalar")
    return ir.Do(ir.Invoke(check, (value, ir.Const(function.name))))


def _gradient_doc(function: ir.Function, wrt: tuple[str, ...], *, value: bool) -> str:
    return f"{'Value and gradient' if value else 'Gradient'} of {title(function)} with respect to {_listed(wrt)}."

"""The adjoints of calls: what a call keeps on the way forward, and how its cotangents are taken apart.

y = layer(x)        ->   y, layer_back = call(layer, x)       and back    layer_bar, x_bar = layer_back(y_bar)
y = f(w, x)         ->   y, y_saved = f_forward(w, x)         and back    w_bar = f_backward(y_saved, y_bar)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from knetc.analysis.refuse import refuse
from knetc.diff.bars import Bars
from knetc.diff.operands import bind, name_of, parameters_of
from knetc.ir import nodes as ir
from knetc.ir.reference import reference


@dataclass(frozen=True)
class Callee:
    """A compiled user function: the names of its sweeps, and which parameters its backward sweep returns bars of."""

    forward: str
    backward: str
    wrt: tuple[str, ...]


Callees = Callable[[ir.Call, frozenset[str]], Callee]
CONSTANT = "pass a constant, or make the value part of another argument"


class Calls:
    """Emits the adjoints of calls into `bars`; `is_active` tells into which operands cotangents flow."""

    def __init__(self, bars: Bars, is_active: Callable[[ir.Expr], bool], callees: Callees) -> None:
        self.bars = bars
        self.facts = bars.facts
        self.is_active = is_active
        self.callees = callees
        self.namer = bars.values.namer
        self.parameters: frozenset[str] = frozenset()
        """Those of the function: a gradient by a setting that is one of them may be what is asked for."""

    def split(self, stmt: ir.Assign, e: ir.Apply, target: ir.Name, g: ir.Expr) -> ir.Stmt:
        """An op that keeps residuals of its own."""
        assert e.op.forward is not None
        assert e.op.backward is not None
        for parameter, _, arg in parameters_of(e):
            if not self.is_active(arg) or parameter in e.op.wrt:
                continue
            asked_for = name_of(arg) in self.parameters and self.facts.expr(arg).tag != "object"
            if parameter not in e.op.settings or asked_for:
                raise refuse(
                    f"`{e.op.name}` with respect to `{parameter}`", e.place, f"`{name_of(arg)}`", CONSTANT
                )
        saved = ir.Name(self.namer.fresh(f"{target.id}_saved"))
        bars = ir.Invoke(reference(e.op.backward), (saved, g))
        wanted = {p: a for p, _, a in parameters_of(e) if p in e.op.wrt}
        self._receive(bars, [wanted.get(p) for p in e.op.wrt], single=len(e.op.wrt) == 1)
        forward = ir.Invoke(reference(e.op.forward), e.args, e.kwargs)
        return ir.Assign(ir.TupleExpr((target, saved)), forward, stmt.place)

    def static(self, stmt: ir.Assign, e: ir.Call, target: ir.Name, g: ir.Expr) -> ir.Stmt:
        """A user function known when compiling: its sweeps are called by name."""
        bound = bind(e)
        active = frozenset(p for p, a in bound.items() if self.is_active(a))
        callee = self.callees(e, active)
        saved = ir.Name(self.namer.fresh(f"{target.id}_saved"))
        bars = ir.Invoke(ir.Name(callee.backward), (saved, g))
        self._receive(bars, [bound.get(p) for p in callee.wrt], single=len(callee.wrt) == 1)
        return ir.Assign(
            ir.TupleExpr((target, saved)), ir.Invoke(ir.Name(callee.forward), e.args, e.kwargs), stmt.place
        )

    def dynamic(self, stmt: ir.Assign, e: ir.DynamicCall, target: ir.Name, g: ir.Expr) -> ir.Stmt:
        """A callee known only at run time: it returns its pullback with the value."""
        method = isinstance(e.function, ir.Attr)
        receiver = e.function.value if isinstance(e.function, ir.Attr) else e.function
        word = e.function.name if isinstance(e.function, ir.Attr) else getattr(e.function, "id", "call")
        back = ir.Name(self.namer.fresh(f"{word}_back"))
        args = [receiver, *e.args, *(v for _, v in e.kwargs)]
        self._receive(ir.Invoke(back, (g,)), list(args), single=False)
        name = (ir.Const(e.function.name),) if isinstance(e.function, ir.Attr) else ()
        function = ir.Runtime("call_method" if method else "call", "knetc.ops.call")
        forward = ir.Invoke(function, (receiver, *name, *e.args), e.kwargs)
        return ir.Assign(ir.TupleExpr((target, back)), forward, stmt.place)

    def _receive(self, bars: ir.Expr, args: list[ir.Expr | None], *, single: bool) -> None:
        """Take apart what a backward sweep returns, and add each part to its argument."""
        wanted = [a if a is not None and self.is_active(a) else None for a in args]
        if single:
            if wanted[0] is not None:
                self.bars.add(name_of(wanted[0]), bars)
            return
        names = [ir.Name(self._part_name(a, args)) for a in wanted]
        for arg in wanted:
            if arg is not None:
                self.bars.protect(name_of(arg))
        self.bars.emit(ir.Assign(ir.TupleExpr(tuple(names)), bars, self.bars.place))
        for name, arg in zip(names, wanted, strict=True):
            if arg is not None:
                self._add_part(name_of(arg), name)

    def _part_name(self, arg: ir.Expr | None, args: list[ir.Expr | None]) -> str:
        """The variable for one returned cotangent: that of the argument itself where that is free."""
        if arg is None:
            return "_"
        bar = self.bars.bar(name_of(arg)).id
        return (
            bar
            if name_of(arg) not in self.bars.state and args.count(arg) == 1
            else self.namer.fresh(f"{bar}_part")
        )

    def _add_part(self, arg: str, part: ir.Name) -> None:
        if part == self.bars.bar(arg):
            self.bars.received(arg)
        else:
            self.facts.kinds[part.id] = self.facts.kinds.get(self.bars.bar(arg).id, self.facts.expr(part))
            self.bars.add(arg, part)

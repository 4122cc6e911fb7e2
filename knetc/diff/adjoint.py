"""The adjoint of one assignment: from the cotangent of its target to those of the operands, by the rules.

Each kind of right-hand side returns the statement of the forward sweep, which differs from the user's only where
something has to be kept for the way back:

    y = layer(x)        ->   y, layer_back = call(layer, x)       and back    layer_bar, x_bar = layer_back(y_bar)
    y = f(w, x)         ->   y, f_saved = f_forward(w, x)         and back    w_bar = f_backward(f_saved, y_bar)
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from knetc.analysis.activity import Activity
from knetc.analysis.infer import SHAPE_ATTRIBUTES, Inference
from knetc.analysis.kinds import may_broadcast
from knetc.analysis.refuse import refuse
from knetc.diff.bars import NUMBERS, Bars
from knetc.diff.symbol import Unknown, apply, expression, negative, plus, reference, symbolic, times
from knetc.ir import nodes as ir
from knetc.ir.walk import reads, substitute
from knetc.ops import registry
from knetc.ops.pullback import pullback
from knetc.runtime.accumulate import accumulate, filled
from knetc.runtime.broadcast import unbroadcast, unbroadcast_like


@dataclass(frozen=True)
class Callee:
    """A compiled user function: the names of its sweeps, and which parameters its backward sweep returns bars of."""

    forward: str
    backward: str
    wrt: tuple[str, ...]


Callees = Callable[[ir.Call, frozenset[str]], Callee]


class Adjoints:
    """Emits the adjoints of assignments into `bars`."""

    def __init__(self, bars: Bars, active: Activity, callees: Callees) -> None:
        self.bars = bars
        self.activity = active
        self.callees = callees
        self.namer = bars.values.namer

    @property
    def facts(self) -> Inference:
        """The kinds."""
        return self.bars.facts

    def is_active(self, e: ir.Expr) -> bool:
        """Whether cotangents flow into an operand."""
        return isinstance(e, ir.Name) and e.id in self.activity.active

    def assign(self, stmt: ir.Assign) -> ir.Stmt:
        """Emit the adjoint of `target = value`; return the statement of the forward sweep."""
        if isinstance(stmt.target, ir.TupleExpr):
            self._unpack(stmt.target, stmt.value)
            return stmt
        assert isinstance(stmt.target, ir.Name)
        g = self.bars.take(stmt.target.id)
        if g is None or not any(n in self.activity.active for n in reads(stmt.value)):
            return stmt
        return self.value(stmt, stmt.target, g)

    def _unpack(self, target: ir.TupleExpr, value: ir.Expr) -> None:
        bars = [self._target_bar(item) for item in target.items]
        if isinstance(value, ir.Name) and self.is_active(value):
            own = {self.bars.bar(value.id).id}
            bars = [None if b is None else self.apart(b, own) for b in bars]
            for i, bar in enumerate(bars):
                if bar is not None:
                    self.bars.add_item(value.id, ir.Const(i), bar, len(bars))

    def _target_bar(self, target: ir.Expr) -> ir.Expr | None:
        """The cotangent of what one loop variable or target was bound to."""
        if isinstance(target, ir.Name):
            return self.bars.take(target.id)
        assert isinstance(target, ir.TupleExpr)
        bars = [self._target_bar(item) for item in target.items]
        return ir.TupleExpr(tuple(b or ir.Const(None) for b in bars)) if any(bars) else None

    target_bar = _target_bar

    def value(self, stmt: ir.Assign, target: ir.Name, g: ir.Expr) -> ir.Stmt:
        """Dispatch on the right-hand side."""
        match stmt.value:
            case ir.Name(id=name):
                self.bars.add(name, g)
            case ir.Apply() as e if e.op.kind == "split":
                return self._split(stmt, e, target, g)
            case ir.Apply() as e:
                self._apply(e, target, g)
            case ir.Call() as e:
                return self._call(stmt, e, target, g)
            case ir.DynamicCall() as e:
                return self._dynamic(stmt, e, target, g)
            case ir.Attr(value=ir.Name(id=name), name=attribute) if attribute not in SHAPE_ATTRIBUTES:
                self.bars.add_attribute(name, attribute, self.apart(g, {self.bars.bar(name).id}))
            case ir.Item(value=ir.Name(id=name), index=index):
                self.bars.add_item(name, self.forward_value(index), self.apart(g, {self.bars.bar(name).id}))
            case ir.TupleExpr() | ir.ListExpr() as e:
                self._container(list(enumerate(e.items)), self.named(g), target.id)
            case ir.DictExpr() as e:
                pairs = [(self._key(k), v) for k, v in zip(e.keys, e.values, strict=True)]
                self._container(pairs, self.named(g), target.id)
            case _:
                raise refuse("this expression", stmt.place, self.activity.why(target.id))
        return stmt

    # ---- ops

    def _apply(self, e: ir.Apply, target: ir.Name, g: ir.Expr) -> None:
        sums: dict[str, ir.Expr] = {}
        for parameter, position, arg in parameters_of(e):
            if self.is_active(arg) and parameter in e.op.pullbacks:
                bar = self.cotangent(e, parameter, arg, target, g, position)
                sums[_id(arg)] = self._sum(arg, sums[_id(arg)], bar) if _id(arg) in sums else bar
            elif self.is_active(arg):
                message = f"`{e.op.name}` with respect to `{parameter}`"
                raise refuse(
                    message, e.place, self.activity.why(_id(arg)), "give it a rule with `@knetc.primitive`"
                )
        self.distribute(list(sums.items()), target.id)

    def _sum(self, arg: ir.Expr, a: ir.Expr, b: ir.Expr) -> ir.Expr:
        """Two cotangents of one argument in one: `+` would join lists."""
        if self.facts.expr(arg).tag in NUMBERS:
            return plus(a, b)
        return ir.Invoke(reference(accumulate), (a, b))

    def distribute(self, contributions: list[tuple[str, ir.Expr]], target: str) -> None:
        """Add several contributions, none of which may see a cotangent that another one has just overwritten."""
        ordered = sorted(contributions, key=lambda c: c[0] == target)
        assigned: set[str] = set()
        for name, _ in ordered[:-1]:
            assigned.add(self.bars.bar(name).id)
        safe = [
            (n, self.apart(e, assigned - {self.bars.bar(n).id}) if i else e)
            for i, (n, e) in enumerate(ordered)
        ]
        for name, bar in safe:
            self.bars.add(name, bar)

    def apart(self, e: ir.Expr, names: set[str]) -> ir.Expr:
        """An expression that stays what it is when the variables `names` are assigned."""
        if not reads(e) & names:
            return e
        name = ir.Name(self.namer.fresh("g"))
        self.facts.kinds[name.id] = self.facts.expr(e)
        self.bars.emit(ir.Assign(name, e, self.bars.place))
        return name

    def cotangent(
        self, e: ir.Apply, parameter: str, arg: ir.Expr, target: ir.Name, g: ir.Expr, i: int
    ) -> ir.Expr:
        """The cotangent of one argument of an op, printed if the rule can be, else by calling the rule."""
        try:
            bar = self._trace(e, parameter, arg, target, g, i)
        except Unknown:
            bar = self._at_run_time(e, parameter, target, g, i)
        return self.in_backward(bar, target)

    def _trace(
        self, e: ir.Apply, parameter: str, arg: ir.Expr, target: ir.Name, g: ir.Expr, i: int
    ) -> ir.Expr:
        facts = self.facts
        args = [symbolic(_before(a, target), facts) for a in e.args]
        options = {k: symbolic(_before(v, target), facts) for k, v in e.kwargs}
        y, seed = symbolic(target, facts), symbolic(g, facts)
        rule = e.op.pullbacks[parameter]
        self._check_options(e, rule)
        if e.op.kind == "elementwise":
            partial = expression(rule(y, *args, **options))
            return self._unbroadcast(scaled(g, partial), arg, e, target)
        first = rule(seed, *args, **options) if e.op.kind == "linear" else rule(seed, y, *args, **options)
        bar = expression(first)
        return bar if i < 0 else ir.Item(bar, ir.Const(i))

    def _check_options(self, e: ir.Apply, rule: Any) -> None:
        """Refuse options that the rule does not know: they would change the derivative."""
        leading = {"elementwise": 1, "linear": 1}.get(e.op.kind, 2)
        try:
            inspect.signature(rule).bind(*[None] * leading, *e.args, **dict(e.kwargs))
        except TypeError as error:
            raise refuse(f"`{e.op.name}` with these arguments ({error})", e.place) from None

    def _unbroadcast(self, bar: ir.Expr, arg: ir.Expr, e: ir.Apply, target: ir.Name) -> ir.Expr:
        kind = self.facts.expr(arg)
        if kind.is_scalar:
            return bar if self.facts.expr(target).is_scalar else apply_sum(bar)
        if not may_broadcast(kind, [self.facts.expr(other) for other in e.args if other != arg]):
            return bar
        arg = _before(arg, target)
        if kind.tag == "array":
            return ir.Invoke(reference(unbroadcast), (bar, ir.Attr(arg, "shape")))
        return ir.Invoke(reference(unbroadcast_like), (bar, arg))

    def _at_run_time(self, e: ir.Apply, parameter: str, target: ir.Name, g: ir.Expr, i: int) -> ir.Expr:
        """`pullback(np.matmul, "x1", g, y, w, x)`: the rule itself, called on the numbers."""
        args = tuple(_before(a, target) for a in e.args)
        kwargs = tuple((k, _before(v, target)) for k, v in e.kwargs)
        rule = e.op.pullbacks[parameter]
        if e.op.kind == "general" and getattr(sys.modules[rule.__module__], rule.__name__, None) is rule:
            call = ir.Invoke(reference(rule), (g, target, *args), kwargs)
            return call if i < 0 else ir.Item(call, ir.Const(i))
        function = reference(e.op.function)
        call = ir.Invoke(reference(pullback), (function, ir.Const(parameter), g, target, *args), kwargs)
        return call if i < 0 else ir.Item(call, ir.Const(i))

    def _split(self, stmt: ir.Assign, e: ir.Apply, target: ir.Name, g: ir.Expr) -> ir.Stmt:
        assert e.op.forward is not None
        assert e.op.backward is not None
        saved = ir.Name(self.namer.fresh(f"{target.id}_saved"))
        bars = ir.Invoke(reference(e.op.backward), (saved, g))
        wanted = {p: a for p, _, a in parameters_of(e) if p in e.op.wrt}
        self._receive(bars, [wanted.get(p) for p in e.op.wrt], single=len(e.op.wrt) == 1)
        forward = ir.Invoke(reference(e.op.forward), e.args, e.kwargs)
        return ir.Assign(ir.TupleExpr((target, saved)), forward, stmt.place)

    # ---- calls

    def _call(self, stmt: ir.Assign, e: ir.Call, target: ir.Name, g: ir.Expr) -> ir.Stmt:
        bound = bind(e)
        active = frozenset(p for p, a in bound.items() if self.is_active(a))
        callee = self.callees(e, active)
        saved = ir.Name(self.namer.fresh(f"{target.id}_saved"))
        bars = ir.Invoke(ir.Name(callee.backward), (saved, g))
        self._receive(bars, [bound.get(p) for p in callee.wrt], single=len(callee.wrt) == 1)
        return ir.Assign(
            ir.TupleExpr((target, saved)), ir.Invoke(ir.Name(callee.forward), e.args, e.kwargs), stmt.place
        )

    def _dynamic(self, stmt: ir.Assign, e: ir.DynamicCall, target: ir.Name, g: ir.Expr) -> ir.Stmt:
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
                self.bars.add(_id(wanted[0]), bars)
            return
        names = [ir.Name(self._part_name(a, args)) for a in wanted]
        for arg in wanted:
            if arg is not None:
                self.bars.protect(_id(arg))
        self.bars.emit(ir.Assign(ir.TupleExpr(tuple(names)), bars, self.bars.place))
        for name, arg in zip(names, wanted, strict=True):
            if arg is not None:
                self._add_part(_id(arg), name)

    def _part_name(self, arg: ir.Expr | None, args: list[ir.Expr | None]) -> str:
        """The variable for one returned cotangent: that of the argument itself where that is free."""
        if arg is None:
            return "_"
        bar = self.bars.bar(_id(arg)).id
        return (
            bar
            if _id(arg) not in self.bars.state and args.count(arg) == 1
            else self.namer.fresh(f"{bar}_part")
        )

    def _add_part(self, arg: str, part: ir.Name) -> None:
        if part == self.bars.bar(arg):
            self.bars.received(arg)
        else:
            self.facts.kinds[part.id] = self.facts.kinds.get(self.bars.bar(arg).id, self.facts.expr(part))
            self.bars.add(arg, part)

    # ---- containers

    def _container(self, pairs: list[tuple[Any, ir.Expr]], g: ir.Expr, target: str) -> None:
        found: list[tuple[str, ir.Expr]] = []
        for key, item in pairs:
            index = key if isinstance(key, ir.Const | ir.Name | ir.Verbatim) else ir.Const(key)
            part = picked(g, index) if self.is_active(item) else None
            if part is not None:
                found.append((_id(item), self._filled(part, item)))
        self.distribute(found, target)

    def _filled(self, part: ir.Expr, item: ir.Expr) -> ir.Expr:
        """A part of a cotangent that may hold None for zero, as something to compute with."""
        if not isinstance(part, ir.Item) or self.facts.expr(item).tag in CONTAINERS:
            return part
        return ir.Invoke(reference(filled), (part, self.forward_value(item)))

    def _key(self, key: ir.Expr) -> ir.Expr:
        return self.forward_value(key)

    def named(self, g: ir.Expr) -> ir.Expr:
        """A cotangent that is read more than once, under a name unless it is a literal."""
        if isinstance(g, ir.Name | ir.TupleExpr | ir.ListExpr | ir.DictExpr):
            return g
        name = ir.Name(self.namer.fresh("g"))
        self.bars.emit(ir.Assign(name, g, self.bars.place))
        return name

    # ---- forward values in the backward sweep

    def forward_value(self, e: ir.Expr) -> ir.Expr:
        """An expression of the forward sweep, on the values it had before the present statement."""
        return substitute(e, {n: self.bars.values.read(n) for n in sorted(reads(e)) if self._is_forward(n)})

    def _is_forward(self, name: str) -> bool:
        """Whether a name holds a value of the forward sweep: a local one, or a global one that is changed in place."""
        if name in self.bars.values.changed and name not in self.facts.kinds:
            self.facts.kinds[name] = self.facts.expr(ir.Name(name))
        return name in self.facts.kinds

    def in_backward(self, bar: ir.Expr, target: ir.Name) -> ir.Expr:
        """An adjoint expression with each forward value under the name where the backward sweep finds it."""
        mine = set(self.bars.names.values())
        table: dict[str, ir.Expr] = {}
        for name in sorted(reads(bar) - mine):
            old = name.removesuffix(BEFORE)
            if self._is_forward(old) or name in self.facts.kinds:
                table[name] = self.bars.values.read(old, after=name == target.id)
        return substitute(bar, table)


BEFORE = "@before"
CONTAINERS = ("list", "tuple", "dict", "object", "str", "none", "function")


def _before(e: ir.Expr, target: ir.Name) -> ir.Expr:
    """An operand, told apart from the target where both have the same name."""
    return substitute(e, {target.id: ir.Name(target.id + BEFORE)})


def _id(e: ir.Expr) -> str:
    assert isinstance(e, ir.Name)
    return e.id


def scaled(g: ir.Expr, partial: ir.Expr) -> ir.Expr:
    """`g * partial`, without the product where the partial is 1 or -1."""
    if isinstance(partial, ir.Const) and partial.value in (1, -1):
        return g if partial.value == 1 else negative(g)
    return times(g, partial)


def apply_sum(e: ir.Expr) -> ir.Expr:
    """`np.sum(e)`."""
    call = apply(np.sum, (), {})
    assert isinstance(call, ir.Apply)
    return ir.Apply(call.op, (e,), (), call.spelled)


def picked(g: ir.Expr, index: ir.Expr) -> ir.Expr | None:
    """`g[index]`; of a literal the item itself, None where it is None."""
    if isinstance(g, ir.TupleExpr | ir.ListExpr) and isinstance(index, ir.Const):
        item: ir.Expr = g.items[index.value]
    elif isinstance(g, ir.DictExpr):
        found = dict(zip(g.keys, g.values, strict=True)).get(index)
        return None if found is None else found
    else:
        return ir.Item(g, index)
    return None if item == ir.Const(None) else item


def parameters_of(e: ir.Apply) -> list[tuple[str, int, ir.Expr]]:
    """The arguments of an op with their parameters, and their position in a starred one (else -1)."""
    names = e.op.parameters
    starred = _starred(e.op)
    out: list[tuple[str, int, ir.Expr]] = []
    for i, arg in enumerate(e.args):
        if starred is not None and i >= names.index(starred):
            out.append((starred, i - names.index(starred), arg))
        else:
            out.append((names[i] if i < len(names) else f"argument {i + 1}", -1, arg))
    return out + [(k, -1, v) for k, v in e.kwargs]


def _starred(op: registry.Op) -> str | None:
    """The parameter `*operands` of an op, if it has one."""
    for rule in op.pullbacks.values():
        for p in inspect.signature(rule).parameters.values():
            if p.kind is p.VAR_POSITIONAL:
                return p.name
    return None


def bind(e: ir.Call) -> dict[str, ir.Expr]:
    """The arguments of a call by parameter."""
    signature = inspect.signature(e.function, follow_wrapped=False)
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in signature.parameters.values()):
        name = e.function.__qualname__
        raise refuse("`*args`", e.place, f"`{name}` takes any number of arguments", "name the parameters")
    bound = signature.bind(*e.args, **dict(e.kwargs))
    return dict(bound.arguments)

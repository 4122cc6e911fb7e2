"""The adjoint of one assignment: from the cotangent of its target to those of the operands, by the rules.

Calls are in `calls.py`, the shapes of operands in `operands.py`.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any

from knetc.analysis.activity import Activity
from knetc.analysis.infer import SHAPE_ATTRIBUTES, Inference
from knetc.analysis.kinds import may_broadcast
from knetc.analysis.refuse import refuse
from knetc.diff.bars import NUMBERS, Bars
from knetc.diff.calls import Callees, Calls
from knetc.diff.operands import apply_sum, name_of, parameters_of, picked, scaled
from knetc.diff.symbol import Unknown, expression, plus, symbolic
from knetc.ir import nodes as ir
from knetc.ir.reference import reference
from knetc.ir.walk import children, reads, substitute
from knetc.ops.pullback import pullback
from knetc.runtime.accumulate import accumulate, filled
from knetc.runtime.broadcast import unbroadcast, unbroadcast_like


class Adjoints:
    """Emits the adjoints of assignments into `bars`."""

    def __init__(self, bars: Bars, active: Activity, callees: Callees) -> None:
        self.bars = bars
        self.activity = active
        self.namer = bars.values.namer
        self.calls = Calls(bars, self.is_active, callees)

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
            case ir.Apply() as e if e.op.kind == "nondifferentiable":
                return stmt  # a fresh array, which active values are stored into later
            case ir.Apply() as e if e.op.kind == "split":
                return self.calls.split(stmt, e, target, g)
            case ir.Apply() as e:
                self._apply(e, target, g)
            case ir.Call() as e:
                return self.calls.static(stmt, e, target, g)
            case ir.DynamicCall() as e:
                return self.calls.dynamic(stmt, e, target, g)
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
                sums[name_of(arg)] = self._sum(arg, sums[name_of(arg)], bar) if name_of(arg) in sums else bar
            elif self.is_active(arg):
                message = f"`{e.op.name}` with respect to `{parameter}`"
                raise refuse(
                    message,
                    e.place,
                    self.activity.why(name_of(arg)),
                    "give it a rule with `@knetc.primitive`",
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
        except (Unknown, ArithmeticError):  # of numbers that the rule cannot take, such as a literal zero
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
        others = [self.facts.expr(other) for other in e.args if other != arg]
        if not may_broadcast(kind, others) or self.facts.same_shape(arg, target):
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

    # ---- containers

    def _container(self, pairs: list[tuple[Any, ir.Expr]], g: ir.Expr, target: str) -> None:
        found: list[tuple[str, ir.Expr]] = []
        for key, item in pairs:
            index = key if isinstance(key, ir.Const | ir.Name | ir.Verbatim) else ir.Const(key)
            part = self._part_of(g, index) if self.is_active(item) else None
            if part is not None:
                found.append((name_of(item), self.filled(part, item)))
        self.distribute(found, target)

    def _part_of(self, g: ir.Expr, index: ir.Expr) -> ir.Expr | None:
        """The cotangent of one part; a dict lacks the keys into which nothing has flowed."""
        if isinstance(g, ir.Name) and self.facts.expr(g).tag == "dict":
            return ir.Invoke(ir.Attr(g, "get"), (index,))
        return picked(g, index)

    def filled(self, part: ir.Expr, item: ir.Expr) -> ir.Expr:
        """A part of a cotangent that may hold None for zero, as something to compute with."""
        if not isinstance(part, ir.Item | ir.Invoke) or self.facts.expr(item).tag in CONTAINERS:
            return part
        if self.facts.expr(item).tag == "float":
            return ir.Invoke(reference(filled), (part, ir.Const(0.0)))
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
        read, inside = self.bars.values.read, contents(e)
        return substitute(
            e, {n: read(n, content=n in inside) for n in sorted(reads(e)) if self._is_forward(n)}
        )

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
                content = name in contents(bar)
                table[name] = self.bars.values.read(old, after=name == target.id, content=content)
        return substitute(bar, table)


OF_SHAPE = ("np.zeros_like", "np.ones_like", "builtins.len", "np.shape", "np.ndim", "np.size")


def contents(e: ir.Expr) -> frozenset[str]:
    """The names of which an expression reads more than the shape."""
    match e:
        case ir.Name():
            return frozenset((e.id,))
        case ir.Attr() if e.name in SHAPE_ATTRIBUTES:
            return frozenset()
        case ir.Apply() if e.op.name in OF_SHAPE:
            return frozenset()
        case ir.Verbatim():
            return e.reads
        case _:
            return frozenset(n for child in children(e) for n in contents(child))


BEFORE = "@before"
CONTAINERS = ("list", "tuple", "dict", "object", "str", "none", "function")


def _before(e: ir.Expr, target: ir.Name) -> ir.Expr:
    """An operand, told apart from the target where both have the same name."""
    return substitute(e, {target.id: ir.Name(target.id + BEFORE)})

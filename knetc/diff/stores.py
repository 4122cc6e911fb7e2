"""The adjoints of stores into arrays and lists, `y[i] = v`, `y[i] += v` and `xs.append(v)`, on their cotangents.

y[i] = v      ->      v_bar += y_bar[i];  y_bar[i] = 0.0      the element held something else before
y[i] += v     ->      v_bar += y_bar[i]
xs[i] = v     ->      v_bar += xs_bar[i];  xs_bar[i] = None     a list may hold anything: None is its zero
xs.append(v)  ->      v_bar += xs_bar.pop()
"""

from __future__ import annotations

import numpy as np

from knetc.analysis.kinds import may_broadcast
from knetc.diff.adjoint import Adjoints
from knetc.diff.operands import apply_sum, name_of
from knetc.diff.symbol import negative
from knetc.ir import nodes as ir
from knetc.ir.reference import reference
from knetc.ir.walk import appended
from knetc.ops import registry
from knetc.runtime.broadcast import unbroadcast_like


def store(adjoints: Adjoints, stmt: ir.Assign) -> None:
    """Emit the adjoint of `y[i] = v`."""
    bars = adjoints.bars
    element = _cotangent(adjoints, stmt.target)
    if element is None:
        return
    assert isinstance(stmt.target, ir.Item)
    if adjoints.facts.expr(stmt.target.value).tag == "list":
        _take_item(adjoints, element, stmt.value)
        bars.emit(ir.Assign(element, ir.Const(None), bars.place))
        return
    g: ir.Expr | None = None
    if adjoints.is_active(stmt.value):
        g = ir.Name(bars.values.namer.fresh("g"))
        value = _narrowed(adjoints, stmt.value, element, stmt.target)
        if value is element and not adjoints.facts.expr(stmt.target).is_scalar:
            value = ir.Apply(registry.OPS[np.copy], (element,), (), reference(np.copy))
        adjoints.facts.kinds[g.id] = adjoints.facts.expr(value)
        bars.emit(ir.Assign(g, value, bars.place))
    bars.emit(ir.Assign(element, ir.Const(0.0), bars.place))
    if g is not None:
        bars.add(name_of(stmt.value), g)


def accumulate(adjoints: Adjoints, stmt: ir.Accumulate) -> None:
    """Emit the adjoint of `y[i] += v` or `y[i] -= v`."""
    minus = isinstance(stmt.value, ir.Apply)
    value = stmt.value.args[0] if isinstance(stmt.value, ir.Apply) else stmt.value
    if not adjoints.is_active(value):
        return
    element = _cotangent(adjoints, stmt.target)
    if element is not None:
        g = _narrowed(adjoints, value, element, stmt.target)
        adjoints.bars.add(name_of(value), negative(g) if minus else g)


def append(adjoints: Adjoints, stmt: ir.Do) -> None:
    """Emit the adjoint of `xs.append(v)`."""
    growth = appended(stmt)
    assert growth is not None
    name, value = growth
    bars = adjoints.bars
    if name not in bars.state:
        return
    bars.prepare(name, after=True)
    last = ir.Invoke(ir.Attr(bars.bar(name), "pop"), ())
    if not _take_item(adjoints, last, value):
        bars.emit(ir.Do(last, bars.place))


def _take_item(adjoints: Adjoints, part: ir.Expr, value: ir.Expr) -> bool:
    """The cotangent of an item flows into what the item was; whether it does."""
    if not adjoints.is_active(value):
        return False
    adjoints.bars.add(name_of(value), adjoints.filled(part, value))
    return True


def _cotangent(adjoints: Adjoints, target: ir.Expr) -> ir.Item | None:
    """`y_bar[i]`; None if nothing has flowed into `y`."""
    assert isinstance(target, ir.Item)
    name = name_of(target.value)
    if name not in adjoints.bars.state:
        return None
    adjoints.bars.prepare(name)
    return ir.Item(adjoints.bars.bar(name), adjoints.forward_value(target.index))


def _narrowed(adjoints: Adjoints, value: ir.Expr, element: ir.Expr, target: ir.Expr) -> ir.Expr:
    """The cotangent of elements, for the value that was stored into all of them."""
    kind, wide = adjoints.facts.expr(value), adjoints.facts.expr(target)
    if wide.is_scalar:
        return element
    if kind.is_scalar:
        return apply_sum(element)
    if may_broadcast(kind, [wide]) and not adjoints.facts.same_shape(value, target):
        shaped = adjoints.bars.values.read(name_of(value), content=False)
        return ir.Invoke(reference(unbroadcast_like), (element, shaped))
    return element

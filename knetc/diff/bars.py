"""The cotangents of the backward sweep: which exist, under which name, and how the next contribution is added.

A cotangent that does not exist is zero and costs nothing: the first contribution assigns, later ones add. What flows
into the parts of a tuple, dict or object is held back as `Parts` and written down in one piece when it is needed:
`self_bar = Mirror(w=w_bar, b=b_bar)`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from knetc.analysis.buffers import basic_index
from knetc.analysis.infer import Inference
from knetc.analysis.kinds import FLOAT, UNKNOWN, Kind, array
from knetc.diff.values import Values
from knetc.ir import nodes as ir
from knetc.ir.reference import reference
from knetc.ir.walk import reads, statements
from knetc.ops import container, registry
from knetc.ops.assemble import unnest, unstack
from knetc.ops.embed import embed
from knetc.ops.reduce import share_among_terms
from knetc.runtime.accumulate import accumulate, add_attribute, add_item
from knetc.runtime.mirror import Mirror, zero
from knetc.runtime.rows import no_rows
from knetc.runtime.scatter import scatter_add


@dataclass(frozen=True)
class Value:
    """The cotangent is a variable; that of a container or object, if it came from elsewhere, may be None for zero."""

    may_be_none: bool = False


@dataclass(frozen=True)
class Parts:
    """Cotangents of parts: `items` by constant index or key, or `attributes` by name."""

    by: str
    parts: tuple[tuple[Any, ir.Expr], ...]
    length: int | None = None


NUMBERS = ("float", "int", "bool", "array")
State = dict[str, Value | Parts]


class Bars:
    """The cotangents at one point of the backward sweep; `out` collects its statements."""

    def __init__(self, facts: Inference, values: Values) -> None:
        self.facts = facts
        self.values = values
        self.state: State = {}
        self.names: dict[str, str] = {}
        self.out: list[ir.Stmt] = []
        self.place: Any = None
        self.tables: frozenset[str] = frozenset()

    def emit(self, stmt: ir.Stmt) -> None:
        """Write a statement of the backward sweep."""
        self.out.append(stmt)

    def bar(self, name: str) -> ir.Name:
        """The variable that holds the cotangent of `name`."""
        if name not in self.names:
            self.names[name] = self.values.namer.fresh(f"{name}_bar")
            self.facts.kinds[self.names[name]] = bar_kind(self.kind(name))
        return ir.Name(self.names[name])

    def kind(self, name: str) -> Kind:
        """The kind of a forward value."""
        return self.facts.kinds.get(name, UNKNOWN)

    def assign(self, name: str, value: ir.Expr) -> None:
        """`name_bar = value`."""
        self.protect(name)
        self.emit(ir.Assign(self.bar(name), value, self.place))
        shared = isinstance(value, ir.Name | ir.Item | ir.Invoke) and not _is_new(value)
        self.state[name] = self.foreign(name) if shared else Value()

    def protect(self, name: str) -> None:
        """Write down parts that are held as the variable of `name`, before it is assigned."""
        bar = self.bar(name).id
        for other, state in list(self.state.items()):
            if other != name and isinstance(state, Parts) and any(bar in reads(e) for _, e in state.parts):
                self.settle(other)

    def received(self, name: str) -> None:
        """`name_bar` has been assigned by unpacking what a call returned."""
        self.state[name] = self.foreign(name)

    def foreign(self, name: str) -> Value:
        """A cotangent that was made elsewhere."""
        return Value(may_be_none=self.kind(name).tag not in NUMBERS)

    # ---- contributions

    def add(self, name: str, value: ir.Expr) -> None:
        """`name_bar += value`. Whether that may be done in place is decided later, by `diff.ownership`."""
        state = self.state.get(name)
        if state is None and value == self.bar(name):  # `x = f(x)` with derivative 1
            self.state[name] = Value()
            return None
        if state is None:
            return self.assign(name, value)
        self.settle(name)
        bar = self.bar(name)
        if self.kind(name).tag not in NUMBERS:
            owned = self.state[name] == Value()
            self.assign(name, ir.Invoke(reference(accumulate), (bar, value)))
            if owned:  # a sum with what is there is never None
                self.state[name] = Value()
            return None
        self.protect(name)
        return self.emit(ir.Accumulate(bar, value, self.place))

    def add_item(self, name: str, index: ir.Expr, value: ir.Expr, length: int | None = None) -> None:
        """The adjoint of reading `name[index]`."""
        kind = self.kind(name)
        if (
            kind.tag in ("tuple", "dict", "list")
            and isinstance(index, ir.Const)
            and self._holdable(name, "items")
        ):
            size = len(kind.items) if kind.tag == "tuple" and kind.items is not None else length
            if kind.tag == "dict" or size is not None:
                return self._hold(name, "items", index.value, value, size)
        if kind.axes == "":
            return self.add(name, value)
        self.prepare(name)
        bar = self.bar(name)
        if kind.tag != "array":
            return self.emit(ir.Do(ir.Invoke(reference(add_item), (bar, index, value)), self.place))
        if basic_index(index, self.facts):
            return self.emit(ir.Accumulate(ir.Item(bar, index), value, self.place))
        return self.emit(ir.Do(ir.Invoke(reference(scatter_add), (bar, index, value)), self.place))

    def add_attribute(self, name: str, attribute: str, value: ir.Expr) -> None:
        """The adjoint of reading `name.attribute`."""
        if self.kind(name).tag == "object" and self._holdable(name, "attributes"):
            return self._hold(name, "attributes", attribute, value, None)
        self.prepare(name)
        call = ir.Invoke(reference(add_attribute), (self.bar(name), ir.Const(attribute), value))
        return self.emit(ir.Do(call, self.place))

    def _holdable(self, name: str, by: str) -> bool:
        state = self.state.get(name)
        return state is None or (isinstance(state, Parts) and state.by == by)

    def _hold(self, name: str, by: str, key: Any, value: ir.Expr, length: int | None) -> None:
        state = self.state.get(name)
        held = dict(state.parts) if isinstance(state, Parts) else {}
        if length is not None and isinstance(key, int) and key < 0:
            key += length
        if key in held:
            value = ir.Invoke(reference(accumulate), (held[key], value))
        self.state[name] = Parts(by, (*((k, v) for k, v in held.items() if k != key), (key, value)), length)

    # ---- trying a loop body more than once

    def snapshot(self) -> tuple[Any, ...]:
        """The state, to come back to."""
        kinds = dict(self.facts.kinds)
        return dict(self.state), dict(self.names), list(self.out), kinds, self.values.snapshot()

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        """Come back to a state."""
        state, names, out, kinds, values = snapshot
        self.state, self.names = dict(state), dict(names)
        self.out[:] = out
        self.facts.kinds.clear()
        self.facts.kinds.update(kinds)
        self.values.restore(values)

    # ---- what is there

    def take(self, name: str) -> ir.Expr | None:
        """The cotangent of a value at its definition, where it ends; None if it is zero."""
        state = self.state.pop(name, None)
        if state is None:
            return None
        return whole(state, self.kind(name)) if isinstance(state, Parts) else self.bar(name)

    def settle(self, name: str) -> None:
        """Write down the parts of a cotangent as a variable."""
        state = self.state[name]
        if isinstance(state, Parts):
            self.emit(ir.Assign(self.bar(name), whole(state, self.kind(name)), self.place))
            self.state[name] = Value()

    def settle_all(self) -> None:
        """Write down all parts."""
        for name in list(self.state):
            self.settle(name)

    def ensure(self, name: str, *, after: bool = False, stored: bool = False) -> None:
        """Make a cotangent exist: zeros, if nothing has flowed into it."""
        if name not in self.state:
            self.protect(name)
            zeros = self.zeros(name, after=after, rows=not stored and name in self.tables)
            self.emit(ir.Assign(self.bar(name), zeros, self.place))
            self.state[name] = Value()
        else:
            self.settle(name)

    def prepare(self, name: str, *, after: bool = False) -> None:
        """Make a cotangent exist that can be stored into: of the value before the present statement, or `after` it."""
        self.ensure(name, after=after, stored=True)
        if self.state[name] != Value():
            zeros = self.zeros(name, after=after)
            self.assign(name, ir.Invoke(reference(accumulate), (zeros, self.bar(name))))

    def zeros(self, name: str, *, after: bool = False, rows: bool = False) -> ir.Expr:
        """A zero cotangent, of a matrix without any rows if `rows` are to be added."""
        kind = self.kind(name)
        if kind.tag in ("float", "int", "bool"):
            return ir.Const(0.0)
        value = self.values.read(name, after=after, content=False)
        if kind.tag in ("list", "tuple"):
            length = ir.Invoke(ir.Runtime("len", "builtins"), (value,))
            return ir.Apply(container.REPEAT, (ir.ListExpr((ir.Const(None),)), length), (), "*")
        if rows and kind.tag == "array":
            return ir.Invoke(reference(no_rows), (value,))
        if kind.tag == "array" and kind.dtype == "f":
            return ir.Apply(registry.OPS[np.zeros_like], (value,), (), reference(np.zeros_like))
        return ir.Invoke(reference(zero), (value,))


def tables(block: ir.Block) -> frozenset[str]:
    """The matrices of which `embed` reads rows."""
    found: set[str] = set()
    for stmt in statements(block):
        match stmt:
            case ir.Assign(value=ir.Apply(op=op, args=(ir.Name(id=name), *_))) if op.function is embed:
                found.add(name)
    return frozenset(found)


def _is_new(value: ir.Expr) -> bool:
    """`accumulate(zero(x), bar)` is never None; the parts of a stack are a new list."""
    if not isinstance(value, ir.Invoke) or not value.args:
        return False
    if value.function == reference(accumulate):
        return not isinstance(value.args[0], ir.Name)
    return value.function in (reference(unstack), reference(unnest), reference(share_among_terms))


def whole(state: Parts, kind: Kind) -> ir.Expr:
    """The cotangent of a container from those of its parts."""
    held = dict(state.parts)
    if state.by == "attributes":
        return ir.Invoke(ir.Runtime("Mirror", Mirror.__module__), (), tuple(held.items()))
    if kind.tag == "dict":
        return ir.DictExpr(tuple(map(ir.Const, held)), tuple(held.values()))
    assert state.length is not None
    items = tuple(held.get(i, ir.Const(None)) for i in range(state.length))
    return ir.ListExpr(items) if kind.tag == "list" else ir.TupleExpr(items)


def bar_kind(kind: Kind) -> Kind:
    """The kind of the cotangent of a value."""
    match kind.tag:
        case "float" | "int" | "bool":
            return FLOAT
        case "array":
            return array(kind.axes, "f")
        case "tuple" | "list" | "dict":
            return replace(kind)
        case _:
            return UNKNOWN

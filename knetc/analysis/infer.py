"""Infers the kind of every name of a function, forwards, from the kinds of its parameters.

One kind per name: after `canon.webs` each name stands for one value, or for values that meet in loops and branches.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from knetc.analysis.aliases import alias_classes
from knetc.analysis.indexing import item_kind
from knetc.analysis.kinds import (
    BOOL,
    BOTTOM,
    FLOAT,
    INT,
    LIST,
    STR,
    UNKNOWN,
    Kind,
    join,
    kind_of,
    method_of,
)
from knetc.analysis.lengths import Lengths, shape_of
from knetc.analysis.replaced import without
from knetc.analysis.shapes import result_kind
from knetc.ir import nodes as ir
from knetc.ir.reference import reference
from knetc.ir.walk import appended, own_expressions, statements, subexpressions
from knetc.ops.registry import METHODS, OPS

Kinds = dict[str, Kind]
SHAPE_ATTRIBUTES = {"shape", "ndim", "size", "dtype", "itemsize", "nbytes", "strides", "flags"}
NO_ITEMS = Kind("list", items=(BOTTOM,))
VERBATIM_KINDS = {"bool": BOOL, "str": STR, "int": INT}


@dataclass(frozen=True)
class Outside:
    """What inference asks about the world: the kinds of free names, and of the results of user functions."""

    free: Callable[[str], Kind]
    result: Callable[[ir.Call, tuple[Kind, ...], dict[str, Kind]], Kind]
    stored: Callable[[types.FunctionType], frozenset[str]] = lambda function: frozenset()
    changed: Callable[[types.FunctionType], frozenset[str]] = lambda function: frozenset()


def infer(function: ir.Function, params: Kinds, outside: Outside) -> Kinds:
    """The kinds of all names, by iteration to a fixed point (kinds only ever grow)."""
    return inferred(function, params, outside).kinds


def inferred(function: ir.Function, params: Kinds, outside: Outside) -> Inference:
    """The facts about a function.

    Nothing is taken for granted about objects in attributes that the function, or a callee, gives other values.
    """
    stored: frozenset[str] = outside.stored(function.origin)
    while True:
        inference = _settled(function, params, outside, stored)
        found = stored.union(*map(outside.stored, inference.callees(function.body)))
        if found == stored:
            return inference
        stored = found


def _settled(function: ir.Function, params: Kinds, outside: Outside, stored: frozenset[str]) -> Inference:
    known = {name: without(kind, stored) for name, kind in params.items()}
    world = replace(outside, free=lambda name: without(outside.free(name), stored))
    inference = Inference(known, world, alias_classes(function.body))
    inference.stored = stored
    inference.settle(function.body)
    empty = [name for name, kind in inference.kinds.items() if kind == NO_ITEMS]
    if empty:  # what is put into it is put there in ways that are not understood
        inference.kinds.update(dict.fromkeys(empty, LIST))
        inference.settle(function.body)
    return inference


class Inference:
    """The state of one inference: the kinds found so far."""

    def __init__(
        self, kinds: Kinds, outside: Outside, classes: dict[str, frozenset[str]] | None = None
    ) -> None:
        self.kinds = kinds
        self.outside = outside
        self.classes = classes or {}
        self.lengths: Lengths = {}
        self.stored: frozenset[str] = frozenset()

    def callees(self, block: ir.Block) -> set[types.FunctionType]:
        """The functions and methods that are known to be called."""
        parts = [e for s in statements(block) for whole in own_expressions(s) for e in subexpressions(whole)]
        methods = [method_call(e, self) for e in parts if isinstance(e, ir.DynamicCall)]
        return {e.function for e in (*parts, *methods) if isinstance(e, ir.Call)}

    def same_shape(self, a: ir.Expr, b: ir.Expr) -> bool:
        """Whether two arrays are known to have the same shape, whatever it is."""
        shape = shape_of(a, self.lengths, self.is_integer)
        same = shape == shape_of(b, self.lengths, self.is_integer)
        return shape is not None and None not in shape and same

    def is_passive(self, call: ir.Call) -> bool:
        """Whether the result of a call is of a kind that carries no derivative."""
        return not self.expr(call).may_be_active

    def is_integer(self, e: ir.Expr) -> bool:
        """Whether an index is known to be an integer."""
        return self.expr(e).tag == "int"

    def settle(self, block: ir.Block) -> None:
        """Take in a block until nothing new is found."""
        before: Kinds | None = None
        while before != self.kinds:
            before = dict(self.kinds)
            for stmt in statements(block):
                self.statement(stmt)

    def statement(self, stmt: ir.Stmt) -> None:
        """Take in what one statement binds."""
        match stmt:
            case ir.Assign(target=ir.Item(value=ir.Name(id=name))):
                self._takes(name, stmt.value)
            case ir.Assign():
                self.bind(stmt.target, self.expr(stmt.value))
            case ir.For():
                self.bind(stmt.target, self.element(stmt.iter))
            case ir.Do() if (growth := appended(stmt)) is not None:
                self._takes(*growth)
            case ir.Opaque():
                changed = (m for n in stmt.mutates for m in self.classes.get(n, {n}))
                for name in stmt.writes | frozenset(changed):
                    self.kinds[name] = join(self.kinds.get(name, BOTTOM), self._opaque(name, stmt))

    def _takes(self, name: str, item: ir.Expr) -> None:
        """A list gets a new item."""
        if self.expr(ir.Name(name)).tag == "list":
            self.bind(ir.Name(name), Kind("list", items=(self.expr(item),)))

    def _opaque(self, name: str, stmt: ir.Opaque) -> Kind:
        if name in stmt.writes:
            return UNKNOWN
        kind = self.expr(ir.Name(name))  # mutation changes what is inside, not what it is
        return Kind(kind.tag, cls=kind.cls) if kind.tag in ("list", "dict", "object") else kind

    def bind(self, target: ir.Expr, kind: Kind) -> None:
        """Assign a kind to a name, or the parts of one to a tuple of names."""
        match target:
            case ir.Name():
                self.kinds[target.id] = join(self.kinds.get(target.id, BOTTOM), kind)
            case ir.TupleExpr():
                for i, item in enumerate(target.items):
                    part = kind if kind == BOTTOM else item_kind(kind, ir.Const(i), {})
                    self.bind(item, part)

    def element(self, it: ir.Iter) -> Kind:
        """The kind of what a loop variable is bound to."""
        match it:
            case ir.Range():
                return INT
            case ir.Zip():
                return Kind("tuple", items=tuple(map(self.element, it.items)))
            case ir.Enumerate():
                return Kind("tuple", items=(INT, self.element(it.inner)))
            case ir.Each():
                return self._each(self.expr(it.value))

    def _each(self, kind: Kind) -> Kind:
        match kind.tag:
            case "array" | "list" | "bottom" | "str":
                return item_kind(kind, ir.Name("_index"), {"_index": INT})
            case "tuple" if kind.items:
                return functools.reduce(join, kind.items)
            case "dict" if kind.keys:
                return functools.reduce(join, map(kind_of, kind.keys))
            case _:
                return UNKNOWN

    def expr(self, e: ir.Expr) -> Kind:
        """The kind of an expression."""
        match e:
            case ir.Name():
                return self.kinds[e.id] if e.id in self.kinds else self.outside.free(e.id)
            case ir.Const():
                return kind_of(e.value)
            case ir.Verbatim() if e.cls is not None:
                return Kind("object", cls=e.cls)
            case ir.Verbatim():
                return VERBATIM_KINDS.get(e.kind, UNKNOWN)
            case ir.Apply(scalar=True):
                return FLOAT
            case ir.Apply():
                return result_kind(e, tuple(map(self.expr, e.args)), {k: self.expr(v) for k, v in e.kwargs})
            case ir.Call():
                return self.outside.result(
                    e, tuple(map(self.expr, e.args)), {k: self.expr(v) for k, v in e.kwargs}
                )
            case ir.DynamicCall():
                method = method_apply(e, self) or method_call(e, self)
                return UNKNOWN if method is None else self.expr(method)
            case ir.Attr():
                return self._attribute(e)
            case ir.Item():
                return item_kind(self.expr(e.value), e.index, self.kinds)
            case ir.TupleExpr():
                return Kind("tuple", items=tuple(map(self.expr, e.items)))
            case ir.ListExpr():
                return self._list(e)
            case ir.DictExpr():
                return self._dict(e)
            case ir.Slice() | ir.Runtime() | ir.Invoke():
                return UNKNOWN

    def _list(self, e: ir.ListExpr) -> Kind:
        kind = BOTTOM
        for item in e.items:
            kind = join(kind, self.expr(item))
        return Kind("list", items=(kind,))

    def _dict(self, e: ir.DictExpr) -> Kind:
        if not all(isinstance(k, ir.Const) for k in e.keys):
            return Kind("dict")
        keys = tuple(k.value for k in e.keys if isinstance(k, ir.Const))
        return Kind("dict", items=tuple(map(self.expr, e.values)), keys=keys)

    def _attribute(self, e: ir.Attr) -> Kind:
        kind = self.expr(e.value)
        prop = property_apply(e, kind)
        if prop is not None:
            return self.expr(prop)
        if kind.tag == "array" and e.name == "shape":
            return Kind("tuple", items=(INT,) * len(kind.axes)) if kind.axes is not None else Kind("tuple")
        if (
            kind.tag in ("object", "tuple")
            and kind.items is not None
            and kind.keys is not None
            and e.name in kind.keys
        ):
            return kind.items[kind.keys.index(e.name)]
        if e.name in ("ndim", "size") and kind.tag in ("array", "float"):
            return INT
        return BOTTOM if kind == BOTTOM else UNKNOWN


def method_apply(call: ir.DynamicCall, inference: Inference) -> ir.Apply | None:
    """`x.sum(axis=0)` of an array, or `self.act(x)` where `self.act` is an op, as the op it is."""
    callee = inference.expr(call.function) if isinstance(call.function, ir.Attr | ir.Name) else UNKNOWN
    if callee.tag == "function" and callee.cls is not None:
        return ir.Apply(OPS[callee.cls], call.args, call.kwargs, reference(callee.cls), call.place)
    if not isinstance(call.function, ir.Attr) or call.function.name not in METHODS:
        return None
    if inference.expr(call.function.value).tag not in ("array", "float"):
        return None
    op = METHODS[call.function.name]
    return ir.Apply(
        op, (call.function.value, *call.args), call.kwargs, f".{call.function.name}()", call.place
    )


def method_call(call: ir.DynamicCall, inference: Inference) -> ir.Call | None:
    """`self.step(x)`, or `self.layer(x)` of an object in an attribute, as the call of a function that it is."""
    if isinstance(call.function, ir.Attr):
        method = method_of(inference.expr(call.function.value), call.function.name)
        if method is not None:
            return _on(call.function.value, method, call)
    if not isinstance(call.function, ir.Attr | ir.Name):
        return None
    method = method_of(inference.expr(call.function), "__call__")
    return None if method is None else _on(call.function, method, call)


def _on(receiver: ir.Expr, method: tuple[type, types.FunctionType], call: ir.DynamicCall) -> ir.Call:
    owner, function = method
    spelled = (
        call.function.name if isinstance(call.function, ir.Attr) else str(getattr(call.function, "id", ""))
    )
    return ir.Call(function, spelled, (receiver, *call.args), call.kwargs, call.place, owner)


def property_apply(e: ir.Attr, kind: Kind) -> ir.Apply | None:
    """`x.T` of an array as the op it is."""
    if e.name != "T" or kind.tag != "array":
        return None
    return ir.Apply(OPS[np.transpose], (e.value,), (), ".T", e.place)

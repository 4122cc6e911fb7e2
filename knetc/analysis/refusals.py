"""Finds what is active and cannot be differentiated, before any derivative is built.

Everything that is not refused here has a rule, or is inactive and copied as it stands.
"""

from __future__ import annotations

import ast
from inspect import getattr_static

from knetc.analysis.activity import NUMBERS, Activity
from knetc.analysis.buffers import basic_index
from knetc.analysis.changes import refuse_changes
from knetc.analysis.infer import SHAPE_ATTRIBUTES, Inference
from knetc.analysis.kinds import UNKNOWN, Kind, method_of
from knetc.analysis.refuse import refuse
from knetc.ir import nodes as ir
from knetc.ir.flow import is_augmented
from knetc.ir.walk import (
    all_writes,
    appended,
    iterables,
    own_expressions,
    own_writes,
    reads,
    statements,
    stored_into,
    subexpressions,
    target_names,
)
from knetc.ops.assemble import TAKES_LISTS
from knetc.ops.container import LIST_OPERATORS
from knetc.ops.registry import arguments

BUILTIN_METHODS = {"list", "tuple", "dict", "str"}


def check(function: ir.Function, active: Activity, facts: Inference, buffers: frozenset[str]) -> None:
    """Raise `Refusal` for the first active construct without derivative.

    `buffers` are the names of which it is known that nobody else sees what is stored into them.
    """
    local = all_writes(function.body) | {p.name for p in function.params}
    _complex_numbers(function, active, facts)
    for stmt in statements(function.body):
        refuse_changes(stmt, active, facts, function)
        match stmt:
            case ir.Opaque():
                _opaque(stmt, active, facts, local)
            case ir.Assign(target=ir.Attr(value=ir.Name(id=owner), name=attribute)) if (
                owner not in buffers or not _is_plain_attribute(facts.expr(ir.Name(owner)), attribute)
            ):
                raise refuse(f"an assignment into `{owner}.{attribute}`", stmt.place)
            case ir.Assign(target=ir.Item()) | ir.Accumulate():
                _store(stmt, active, facts, buffers)
            case ir.Do():
                _append(stmt, active, facts, buffers)
            case ir.Assign():
                if any(n in active.active for n in target_names(stmt.target)):
                    _value(stmt.value, stmt, active, facts)
            case ir.Return():
                _value(stmt.value, stmt, active, facts)
            case ir.For():
                for e in iterables(stmt.iter):
                    if any(n in active.useful for n in target_names(stmt.target)):
                        _value(e, stmt, active, facts)
    _grown_arguments(function, active, facts)
    _rebound_arguments(function, facts)


def _is_plain_attribute(kind: Kind, name: str) -> bool:
    """Whether an attribute of an object is what was assigned to it: no property, no hook of the class."""
    if kind.tag != "object" or kind.cls is None:
        return False
    hooks = ("__setattr__", "__getattribute__", "__getattr__")
    own = any(getattr(kind.cls, hook, None) is not getattr(object, hook, None) for hook in hooks)
    return not own and not hasattr(getattr_static(kind.cls, name, None), "__set__")


def _rebound_arguments(function: ir.Function, facts: Inference) -> None:
    """A captured variable may be given a new value, but an array or list in it is not to be changed in place."""
    for stmt in statements(function.body):
        names = own_writes(stmt) & function.rebinds if is_augmented(stmt) else frozenset()
        mutable = sorted(n for n in names if facts.expr(ir.Name(n)).tag not in IMMUTABLE)
        if mutable:
            raise refuse("`nonlocal`", stmt.place, f"`{mutable[0]}` may be changed in place")


IMMUTABLE = ("float", "int", "bool", "str", "none")


def _complex_numbers(function: ir.Function, active: Activity, facts: Inference) -> None:
    """The rules that are written down are those of real numbers."""
    for stmt in statements(function.body):
        for e in (part for whole in own_expressions(stmt) for part in subexpressions(whole)):
            is_complex = facts.expr(e).cls is complex if isinstance(e, ir.Name) else _mentions_complex(e)
            if is_complex and active.active:
                raise refuse("complex numbers", stmt.place, rewrite="compute with real and imaginary parts")


def _mentions_complex(e: ir.Expr) -> bool:
    match e:
        case ir.Const(value=complex()):
            return True
        case ir.Attr(name="real" | "imag") | ir.Name(id="complex"):
            return True
        case ir.Verbatim():
            text = (getattr(n, "attr", getattr(n, "id", "")) for n in ast.walk(e.node))
            constants = (getattr(n, "value", None) for n in ast.walk(e.node))
            return any("complex" in t for t in text) or any(isinstance(c, complex) for c in constants)
        case _:
            return False


def _grown_arguments(function: ir.Function, active: Activity, facts: Inference) -> None:
    """A differentiated list, dict or object is to be after the call what it was before: its gradient mirrors it."""
    held = {n for n in active.wrt if facts.expr(ir.Name(n)).tag in ("list", "dict", "object", "unknown")}
    sharing = {m for n in held for m in active.classes.get(n, {n})}
    for stmt in statements(function.body):
        changed = (
            stmt.mutates
            if isinstance(stmt, ir.Opaque)
            else own_writes(stmt)
            if is_augmented(stmt)
            else frozenset()
        )
        touched = sorted(n for n in changed & sharing if facts.expr(ir.Name(n)).tag in CONTAINERS)
        if touched:
            raise refuse("a change of an argument", stmt.place, active.why(min(held)), "change a copy of it")


CONTAINERS = ("list", "dict", "object", "unknown")


def _store(
    stmt: ir.Assign | ir.Accumulate, active: Activity, facts: Inference, buffers: frozenset[str]
) -> None:
    """A store into an active array, which is to be known by this name alone, each element stored once."""
    assert isinstance(stmt.target, ir.Item)
    [name] = stored_into(stmt)
    because = _cause(name, stmt.value, active)
    if not because:
        return
    kind = facts.expr(stmt.target.value)
    stored = stmt.value.args[0] if isinstance(stmt.value, ir.Apply) else stmt.value
    known = (
        kind.tag == "array"
        and kind.dtype == "f"
        and bool(kind.axes)
        and basic_index(stmt.target.index, facts)
    )
    known = known and facts.expr(stored).tag in ("array", "float", "int", "bool")
    in_list = (
        kind.tag == "list" and facts.expr(stmt.target.index).tag == "int" and _replaces_item(stmt, facts)
    )
    if name not in buffers or not (known or in_list):
        what = (
            "an assignment into an item"
            if isinstance(stmt, ir.Assign)
            else "an augmented assignment into an item"
        )
        raise refuse(what, stmt.place, because)


def _replaces_item(stmt: ir.Assign | ir.Accumulate, facts: Inference) -> bool:
    """Whether a store gives a list a new item, and does not change the item that is there."""
    if isinstance(stmt, ir.Accumulate):
        return False
    return not stmt.augmented or facts.expr(stmt.target).tag in IMMUTABLE


def _append(stmt: ir.Do, active: Activity, facts: Inference, buffers: frozenset[str]) -> None:
    """A list that grows is to be known by this name alone, and does not become a part of itself."""
    growth = appended(stmt)
    if growth is None:
        return
    name, item = growth
    because = _cause(name, item, active)
    known = name in buffers and facts.expr(ir.Name(name)).tag == "list" and name not in reads(item)
    if because and not known:
        raise refuse("a call that changes its arguments", stmt.place, because)


def _cause(name: str, value: ir.Expr, active: Activity) -> str:
    """Why a store matters: what it changes, or what it stores, is active."""
    seen = sorted(active.classes.get(name, frozenset((name,))) & active.active)
    found = seen or sorted(reads(value) & active.varied)
    return active.why(found[0]) if found else ""


def _operands(e: ir.Apply, stmt: ir.Stmt, active: Activity, facts: Inference) -> None:
    """Operators of a user's class, and complex numbers, are not for the rules of numpy's ops."""
    varied = sorted(n for n in reads(e) if n in active.varied)
    for kind in map(facts.expr, e.args):
        if kind.tag == "object" and varied:
            what = f"`{e.op.name}` of a {kind.cls.__name__}"
            raise refuse(what, e.place or stmt.place, active.why(varied[0]), "call a method instead")


def _opaque(stmt: ir.Opaque, active: Activity, facts: Inference, local: frozenset[str]) -> None:
    if stmt.what == "`nonlocal`" and active.active:  # a call may change what an active value was made of
        raise refuse(stmt.what, stmt.place)
    changed = frozenset(n for m in stmt.mutates for n in active.classes.get(m, {m}))
    touched = sorted((stmt.writes | changed) & active.active)
    varied = sorted(stmt.carries & active.varied)
    if touched:
        raise refuse(stmt.what, stmt.place, active.why((varied or touched)[0]))
    outside = stmt.mutates - local if varied else frozenset()
    if outside:
        name = min(outside)
        what = f"a store into `{name}`, which is not local" if name.isidentifier() else f"a change of {name}"
        rewrite = "return the value; to log a number, store `float(x)`"
        raise refuse(what, stmt.place, active.why(varied[0]), rewrite)
    lost = stmt.writes & active.useful if varied else frozenset()
    if any(facts.kinds.get(n, UNKNOWN).may_be_active for n in lost):
        raise refuse(stmt.what, stmt.place, active.why(varied[0]))


def _takes_no_list(e: ir.Apply, active: Activity, facts: Inference) -> bool:
    """An operation whose rule knows arrays only, given a list that carries a derivative."""
    if e.op.name in ("builtins.max", "builtins.min"):
        return len(e.args) == 1 and facts.expr(e.args[0]).tag not in ("list", "tuple")
    if e.op.kind == "elementwise":
        return any(facts.expr(a).tag in ("list", "tuple") for a in e.args) and bool(reads(e) & active.varied)
    if e.op.kind == "nondifferentiable" or e.op in LIST_OPERATORS or e.op.function in TAKES_LISTS:
        return False
    operands = (a for p, _, a in arguments(e.op, e.args, e.kwargs) if p in e.op.pullbacks)
    lists = any(facts.expr(a).tag in ("list", "tuple") for a in operands)
    return lists and bool(reads(e) & active.varied)


def _constant_keys(e: ir.DictExpr) -> bool:
    """Whether it is known which of the values of a dict are there in the end."""
    return all(isinstance(k, ir.Const) for k in e.keys) and len({*e.keys}) == len(e.keys)


def _sums_numbers(e: ir.Apply, facts: Inference) -> bool:
    """Whether the terms of `sum(terms, start)` are known to be numbers or arrays."""
    terms, *start = map(facts.expr, (*e.args, *(v for _, v in e.kwargs)))
    found = terms.items if terms.tag in ("list", "tuple") else (terms,) if terms.tag == "array" else None
    return found is not None and {k.tag for k in (*found, *start)} <= {*NUMBERS, "bottom"}


def _value(value: ir.Expr, stmt: ir.Stmt, active: Activity, facts: Inference) -> None:
    for e in subexpressions(value):
        match e:
            case ir.Verbatim() if e.kind == "unknown" and e.carries & active.varied:
                raise refuse(e.what, e.place or stmt.place, active.why(min(e.carries & active.varied)))
            case ir.DictExpr() if not _constant_keys(e) and reads(e) & active.varied:
                raise refuse(
                    "a dict with computed keys", stmt.place, active.why(min(reads(e) & active.varied))
                )
            case ir.Apply() if e.op.name == "builtins.sum" and not _sums_numbers(e, facts):
                raise refuse(
                    "`sum` of anything but numbers and arrays",
                    e.place or stmt.place,
                    rewrite="add in a `for` loop",
                )
            case ir.Apply() if _takes_no_list(e, active, facts):
                raise refuse(
                    f"`{e.op.name}` of a list", e.place or stmt.place, rewrite="make it an array first"
                )
            case ir.Apply() if e.op.kind == "elementwise" or e.op.name == "add_items":
                _operands(e, stmt, active, facts)
            case ir.DynamicCall(function=ir.Attr(value=owner, name=name)):
                _method(e, facts.expr(owner), name, stmt, active)
            case ir.Attr(value=ir.Name(id=owner), name=name) if (
                owner in active.active and name not in SHAPE_ATTRIBUTES
            ):
                _attribute(e, facts.expr(e.value), stmt, active.why(owner))


def _method(e: ir.DynamicCall, kind: Kind, name: str, stmt: ir.Stmt, active: Activity) -> None:
    varied = sorted(n.id for n in subexpressions(e) if isinstance(n, ir.Name) and n.id in active.varied)
    if kind.tag in BUILTIN_METHODS and varied:
        raise refuse(f"the method `.{name}` of a {kind.tag}", e.place or stmt.place, active.why(varied[0]))
    if kind.tag in ("array", "float") and varied:
        what = f"the method `.{name}` of an array, which has no rule"
        raise refuse(what, e.place or stmt.place, active.why(varied[0]))


def _attribute(e: ir.Attr, kind: Kind, stmt: ir.Stmt, because: str) -> None:
    if kind.tag == "object" and isinstance(getattr_static(kind.cls, e.name, None), property):
        what, rewrite = f"the property `.{e.name}`", f"write a method `{e.name}()` instead"
        raise refuse(what, e.place or stmt.place, because, rewrite)
    if method_of(kind, e.name) is not None:
        what, rewrite = f"the method `.{e.name}`, which is not called", "call it where it stands"
        raise refuse(what, e.place or stmt.place, because, rewrite)
    if kind.tag in ("array", "float"):
        raise refuse(f"the attribute `.{e.name}` of an array", e.place or stmt.place, because)

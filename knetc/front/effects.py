"""Which local names a verbatim statement may change in place: `y[i] = 0`, `xs.append(x)`, `update(state)`.

A call may change whatever is passed to it, unless the callee is known to be harmless: an op, or a function of
Python that only reads.
"""

from __future__ import annotations

import builtins
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any

import gast
import numpy as np

from knetc.errors import SourceError
from knetc.front.resolve import UNKNOWN, resolve
from knetc.front.sharing import through_aliases
from knetc.front.source import Source, source_of
from knetc.ops import registry

READERS = (
    "print len isinstance issubclass float int str repr bool range zip enumerate abs min max sum any all sorted "
    "type id hash format round tuple list dict set frozenset iter reversed callable hasattr getattr divmod "
    "ValueError TypeError RuntimeError IndexError KeyError AssertionError NotImplementedError Exception"
).split()
READING = frozenset(getattr(builtins, name) for name in READERS)
WRITING = frozenset((
    np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis, setattr, delattr,
))  # fmt: skip
PURE_METHODS = frozenset(registry.METHODS) | {
    "keys", "values", "items", "get", "index", "count", "join", "split", "strip", "startswith", "endswith", "format",
    "lower", "upper", "replace", "tolist", "item", "any", "all", "argmax", "argmin", "nonzero",
}  # fmt: skip


MUTATING = frozenset((
    "append", "extend", "insert", "pop", "remove", "clear", "update", "sort", "reverse", "setdefault", "popitem", "add",
    "discard", "fill", "put", "resize", "partition", "itemset", "byteswap", "setflags", "shuffle", "__setitem__",
))  # fmt: skip
"""Methods that change their owner, by their names in Python and numpy."""


def mutated(source: Source, local: frozenset[str], node: gast.AST, *, sure: bool = False) -> frozenset[str]:
    """The names whose value a statement may (or does for `sure`) change without binding them, global ones included."""
    found: set[str] = set()
    for inner in gast.walk(node):
        match inner:
            case gast.Subscript() | gast.Attribute() if isinstance(inner.ctx, gast.Store | gast.Del):
                found |= _roots(inner)
            case gast.AugAssign(target=gast.Name(id=name)) if name in source.marks.rebinds:
                continue
            case gast.AugAssign():
                found |= _roots(inner.target)
            case gast.Call():
                found |= _by_call(source, local, inner, sure=sure)
    return frozenset(found)


def changed_by_calls(source: Source, local: frozenset[str], node: gast.AST) -> frozenset[str]:
    """The names whose value an expression is known to change: `xs.pop()`, `np.add(a, b, out=a)`, `fill(a)`."""
    calls = (inner for inner in gast.walk(node) if isinstance(inner, gast.Call))
    return frozenset(name for call in calls for name in _by_call(source, local, call, sure=True))


def _by_call(source: Source, local: frozenset[str], call: gast.Call, *, sure: bool) -> set[str]:
    """What a call changes: for sure, or else perhaps, if nothing is known of the callee."""
    passed = [*call.args, *(k.value for k in call.keywords)]
    out = {name for k in call.keywords if k.arg == "out" for name in _roots(k.value)}
    callee = resolve(source.function, local, call.func)
    if isinstance(callee, np.ufunc):
        out |= {name for e in call.args[callee.nin :] for name in _roots(e)}
    everything = {name for e in passed for name in _roots(e)}
    if callee is UNKNOWN:
        method = call.func.attr if isinstance(call.func, gast.Attribute) else ""
        if method in MUTATING:
            return out | _roots(call.func)
        if method == "at" and call.args:  # `np.add.at(x, i, v)`
            return out | _roots(call.args[0])
        if sure or method in PURE_METHODS:
            return out
        return everything | _roots(call.func) | {SOMETHING}
    if isinstance(callee, types.FunctionType) and registry.find(callee) is None and not _harmless(callee):
        changed = changed_parameters(callee)
        outside = frozenset() if sure else changed_outside(callee)
        return out | outside | {name for e in _passed_to(callee, call, changed) for name in _roots(e)}
    if callee in WRITING:
        return out | _roots(call.args[0])
    return out if sure or _harmless(callee) else everything


def _passed_to(callee: types.FunctionType, call: gast.Call, params: frozenset[str]) -> list[gast.AST]:
    """The arguments that go to some parameters of a callee."""
    if params and (
        any(isinstance(a, gast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords)
    ):
        return [*call.args, *(k.value for k in call.keywords)]
    names = list(inspect.signature(callee, follow_wrapped=False).parameters)
    positional = [e for name, e in zip(names, call.args, strict=False) if name in params]
    return positional + [k.value for k in call.keywords if k.arg in params]


SOMETHING = "something outside"
"""What a callee that is not known may change."""

_outside: dict[types.CodeType, frozenset[str]] = {}


def changed_outside(function: types.FunctionType) -> frozenset[str]:
    """The global and captured names whose value a function of the user's may change, by itself or in a callee."""
    code = function.__code__
    if (function.__module__ or "").partition(".")[0] in sys.stdlib_module_names:
        return frozenset()
    if code not in _outside:
        _outside[code] = frozenset()  # while it is looked at, for a recursive function
        try:
            source = source_of(function)
        except SourceError:
            _outside[code] = frozenset((SOMETHING,))
        else:
            local = frozenset(code.co_varnames + code.co_cellvars)
            definition = gast.ast_to_gast(source.definition)
            declared = {
                name
                for inner in gast.walk(definition)
                if isinstance(inner, gast.Global | gast.Nonlocal)
                for name in inner.names
            }
            body = definition.body if isinstance(definition.body, list) else [definition.body]
            stored = frozenset(n for s in body for n in mutated(source, local, s))
            _outside[code] = through_aliases(source, local, body, stored) - local | declared
    return _outside[code]


_changed: dict[types.CodeType, frozenset[str]] = {}


def changed_parameters(function: types.FunctionType) -> frozenset[str]:
    """The parameters whose value a Python function may change; all of them if its source is not to be had."""
    code = function.__code__
    params = frozenset(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    if code not in _changed:
        _changed[code] = frozenset()  # while it is looked at, for a recursive function
        try:
            source = source_of(function)
        except SourceError:
            _changed[code] = params
        else:
            local = frozenset(code.co_varnames + code.co_cellvars)
            definition = gast.ast_to_gast(source.definition)
            body = definition.body if isinstance(definition.body, list) else [definition.body]
            stored = frozenset(n for s in body for n in mutated(source, local, s, sure=True))
            _changed[code] = through_aliases(source, local, body, stored) & params
    return _changed[code]


def _harmless(callee: Any) -> bool:
    if registry.find(callee) is not None or callee in READING:
        return True
    return (getattr(callee, "__module__", "") or "").split(".")[0] in ("numpy", "math")


def _roots(node: gast.AST) -> set[str]:
    """The names through which an expression can reach something that lives on."""
    return set(_root_names(node))


def _root_names(node: gast.AST) -> Iterator[str]:
    match node:
        case gast.Name():
            yield node.id
        case gast.Attribute() | gast.Subscript() | gast.Starred():
            yield from _root_names(node.value)
        case gast.Constant() | gast.JoinedStr() | gast.Compare() | gast.BinOp() | gast.UnaryOp():
            return
        case _:
            for child in gast.iter_child_nodes(node):
                yield from _root_names(child)


ANY = "*"
_attributes: dict[types.CodeType, frozenset[str]] = {}


def stored_attributes(function: types.FunctionType) -> frozenset[str]:
    """The attributes to which a function, or one that it calls by name, gives other values; `*` if not known which."""
    code = function.__code__
    if code not in _attributes:
        _attributes[code] = frozenset()  # while it is looked at, for a recursive function
        try:
            source = source_of(function)
        except SourceError:
            return frozenset()
        local = frozenset(code.co_varnames + code.co_cellvars)
        found: set[str] = set()
        for node in gast.walk(gast.ast_to_gast(source.definition)):
            found |= _stored_by(source, local, node)
        _attributes[code] = frozenset(found)
    return _attributes[code]


def _stored_by(source: Source, local: frozenset[str], node: gast.AST) -> frozenset[str]:
    match node:
        case gast.Attribute(attr="__dict__") | gast.Attribute(attr="__class__", ctx=gast.Store()):
            return frozenset((ANY,))
        case gast.Attribute(ctx=gast.Store() | gast.Del()):
            return frozenset((node.attr,))
        case gast.Call():
            callee = resolve(source.function, local, node.func)
            if callee in (setattr, delattr):
                name = getattr(node.args[1], "value", None) if len(node.args) > 1 else None
                return frozenset((name if isinstance(name, str) else ANY,))
            if callee is vars:
                return frozenset((ANY,))
            if isinstance(callee, types.FunctionType) and not _harmless(callee):
                return stored_attributes(callee)
    return frozenset()

"""Which local names a verbatim statement may change in place: `y[i] = 0`, `xs.append(x)`, `update(state)`.

A call may change whatever is passed to it, unless the callee is known to be harmless: an op, or a function of
Python that only reads.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Any

import gast
import numpy as np

from knetc.front.resolve import UNKNOWN, resolve
from knetc.front.source import Source
from knetc.ops import registry

READERS = (
    "print len isinstance issubclass float int str repr bool range zip enumerate abs min max sum any all sorted "
    "type id hash format round tuple list dict set frozenset iter reversed callable hasattr getattr divmod "
    "ValueError TypeError RuntimeError IndexError KeyError AssertionError NotImplementedError Exception"
).split()
READING = frozenset(getattr(builtins, name) for name in READERS)
WRITING = frozenset((np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis))
PURE_METHODS = frozenset(registry.METHODS) | {
    "keys", "values", "items", "get", "index", "count", "join", "split", "strip", "startswith", "endswith", "format",
    "lower", "upper", "replace", "tolist", "item", "any", "all", "argmax", "argmin", "nonzero",
}  # fmt: skip


def mutated(source: Source, local: frozenset[str], node: gast.AST) -> frozenset[str]:
    """The local names whose value the statement may change without binding them."""
    found: set[str] = set()
    for inner in gast.walk(node):
        match inner:
            case gast.Subscript() | gast.Attribute() if isinstance(inner.ctx, gast.Store | gast.Del):
                found |= _roots(inner)
            case gast.AugAssign():
                found |= _roots(inner.target)
            case gast.Call():
                found |= _by_call(source, local, inner)
    return frozenset(found) & local


def _by_call(source: Source, local: frozenset[str], call: gast.Call) -> set[str]:
    passed = [*call.args, *(k.value for k in call.keywords)]
    out = {name for k in call.keywords if k.arg == "out" for name in _roots(k.value)}
    callee = resolve(source.function, local, call.func)
    if callee is UNKNOWN:
        method = call.func.attr if isinstance(call.func, gast.Attribute) else ""
        if method in PURE_METHODS:
            return out
        return {name for e in [call.func, *passed] for name in _roots(e)}
    if _harmless(callee):
        return out
    return {name for e in passed for name in _roots(e)}


def _harmless(callee: Any) -> bool:
    if callee in WRITING:
        return False
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

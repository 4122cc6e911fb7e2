"""Decides where a cotangent may be added to in place, and copies it where that would be seen elsewhere.

Guarantee: `x_bar += g` and `x_bar[i] += g` change storage that only `x_bar` refers to. The reverse pass writes `+=` as
mathematics; here it becomes `x_bar = x_bar + g` for an `x_bar` that may be an alias, and `x_bar = np.copy(x_bar)`
is put in front of the first store into one. Runs after simplification, which may turn a fresh value into an alias.

    x_bar = y                            x_bar = y + g
    x_bar += g              ->           z_bar = np.zeros_like(z)
    z_bar = np.zeros_like(z)             z_bar += g
    z_bar += g
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from knetc.analysis.aliases import ALLOCATING
from knetc.analysis.infer import Inference
from knetc.analysis.liveness import Liveness, liveness
from knetc.diff.symbol import plus
from knetc.ir import nodes as ir
from knetc.ir.reference import reference
from knetc.ir.walk import (
    blocks,
    own_expressions,
    reads,
    statements,
    stored_into,
    subexpressions,
    target_names,
    with_blocks,
)
from knetc.ops import registry
from knetc.runtime.accumulate import add_attribute, add_item, copied
from knetc.runtime.scatter import scatter_add

Names = frozenset[str]
MAX_NODES = 15
STORES = {f.__name__ for f in (add_item, add_attribute, scatter_add)}
FRESH_CALLS = {
    "zero",
    "copied",
    "np.copy",
    "np.zeros_like",
    "np.full_like",
    "np.ones_like",
    "np.outer",
    "no_rows",
}


def make_owned(block: ir.Block, facts: Inference) -> ir.Block:
    """The backward sweep with every addition in place made legal."""
    merged = _merged(block)
    return _without_copies(Ownership(facts, liveness(merged)).block(merged, frozenset())[0])


class Ownership:
    """A walk in order of execution; what is owned is a set of names."""

    def __init__(self, facts: Inference, live: Liveness) -> None:
        self.facts = facts
        self.live = live

    def block(self, block: ir.Block, owned: Names) -> tuple[ir.Block, Names]:
        """The block made legal, and what is owned behind it."""
        out: list[ir.Stmt] = []
        for stmt in block:
            new, owned = self.statement(stmt, owned)
            out += new
        return tuple(out), owned

    def statement(self, stmt: ir.Stmt, owned: Names) -> tuple[list[ir.Stmt], Names]:
        """One statement made legal."""
        match stmt:
            case ir.If():
                then, first = self.block(stmt.then, owned)
                orelse, second = self.block(stmt.orelse, owned)
                return [replace(stmt, then=then, orelse=orelse)], first & second
            case ir.Replay():
                return self._loop(stmt, owned)
            case ir.Accumulate(target=ir.Name(id=name) as bar) if name not in owned:
                return [ir.Assign(bar, plus(bar, stmt.value), stmt.place)], owned | {name}
            case _:
                before = self._copies(stored_in((stmt,)) - owned, stmt)
                return [*before, stmt], self._after(stmt, owned | stored_in((stmt,)))

    def _loop(self, stmt: ir.Replay, owned: Names) -> tuple[list[ir.Stmt], Names]:
        """What a round stores into is copied in front of the loop, if every round leaves it owned."""
        wanted = (stored_in(stmt.body) & self.live.header[id(stmt)]) | owned
        while True:
            body, left = self.block(stmt.body, wanted)
            if wanted <= left:
                break
            wanted &= left
        before = self._copies(wanted - owned, stmt)
        return [*before, replace(stmt, body=body)], owned & left | wanted

    def _after(self, stmt: ir.Stmt, owned: Names) -> Names:
        """What is owned behind a simple statement: fresh values, less what has been given a second name."""
        if not isinstance(stmt, ir.Assign):
            return owned - (_escaping(stmt) - stored_in((stmt,)))
        if isinstance(stmt.target, ir.Item):
            return owned
        if self.facts.expr(stmt.value).is_scalar:
            return owned | frozenset(target_names(stmt.target))
        shared = shared_by(stmt.value)
        names = frozenset(target_names(stmt.target))
        return (owned - shared - names) | (
            names if not shared and isinstance(stmt.target, ir.Name) else frozenset()
        )

    def _copies(self, names: Names, stmt: ir.Stmt) -> list[ir.Stmt]:
        return [ir.Assign(ir.Name(n), self._copy(ir.Name(n)), stmt.place) for n in sorted(names)]

    def _copy(self, bar: ir.Name) -> ir.Expr:
        if self.facts.expr(bar).tag == "array":
            return ir.Apply(registry.OPS[np.copy], (bar,), (), reference(np.copy))
        return ir.Invoke(reference(copied), (bar,))


def _merged(block: ir.Block) -> ir.Block:
    """An assignment directly followed by an addition to the same name becomes one assignment of the sum."""
    out: list[ir.Stmt] = []
    for stmt in block:
        last = out[-1] if out else None
        match last, stmt:
            case (
                ir.Assign(target=ir.Name() as a, value=value),
                ir.Accumulate(target=ir.Name() as b, value=more),
            ) if a == b and a.id not in reads(more) and not _is_zero(value) and _short(value, more):
                out[-1] = ir.Assign(a, plus(value, more), last.place)
            case _, ir.If():
                out.append(replace(stmt, then=_merged(stmt.then), orelse=_merged(stmt.orelse)))
            case _, ir.Replay():
                out.append(replace(stmt, body=_merged(stmt.body)))
            case _:
                out.append(stmt)
    return tuple(out)


def _without_copies(block: ir.Block) -> ir.Block:
    """`x_bar = y` and then `x_bar = np.copy(x_bar)` is `x_bar = np.copy(y)`."""
    out: list[ir.Stmt] = []
    for stmt in block:
        new = with_blocks(stmt, _without_copies) if blocks(stmt) else stmt
        last = out[-1] if out else None
        match last, new:
            case ir.Assign(target=ir.Name() as a, value=value), ir.Assign(
                target=ir.Name() as b, value=ir.Apply(args=(ir.Name() as c,)) as copy_
            ) if a == b == c and copy_.op.name == "np.copy":
                out[-1] = replace(last, value=replace(copy_, args=(value,)))
            case _:
                out.append(new)
    return tuple(out)


def _short(*exprs: ir.Expr) -> bool:
    """Whether a sum still fits on a line."""
    return sum(1 for e in exprs for _ in subexpressions(e)) <= MAX_NODES


def _is_zero(e: ir.Expr) -> bool:
    """Zeros keep a line of their own: the sum with zeros would have the wrong shape, or say nothing."""
    return isinstance(e, ir.Const) or (isinstance(e, ir.Apply) and e.op.name == "np.zeros_like")


def stored_in(block: ir.Block) -> Names:
    """The names into whose parts a block stores."""
    found: set[str] = set()
    for stmt in statements(block):
        match stmt:
            case ir.Accumulate(target=ir.Item()) | ir.Assign(target=ir.Item()):
                found |= stored_into(stmt)
            case ir.Do(value=ir.Invoke(function=ir.Runtime(name=function), args=(ir.Name(id=name), *_))):
                if function in STORES:
                    found.add(name)
    return frozenset(found)


def _escaping(stmt: ir.Stmt) -> Names:
    """The names that a store or an addition puts into a container."""
    if isinstance(stmt, ir.Do):
        return frozenset(n for e in own_expressions(stmt) for n in shared_by(e))
    return frozenset()


def shared_by(e: ir.Expr) -> Names:
    """The names whose storage the value of a backward expression may share; nothing if it is fresh."""
    match e:
        case ir.Const():
            return frozenset()
        case ir.Apply() if (
            e.op.kind == "elementwise" or e.op.name in ALLOCATING or e.op.name == "repeat_items"
        ):
            return frozenset()
        case ir.Invoke(function=ir.Runtime(name=name)) if name in FRESH_CALLS:
            return frozenset()
        case ir.Invoke(function=ir.Runtime(name="accumulate"), args=(ir.Invoke() | ir.Apply() as zeros, _)):
            return shared_by(zeros)
        case ir.ListExpr() | ir.DictExpr():
            return reads(e)
        case (
            ir.Invoke(function=ir.Attr(name="pop"))
            | ir.Invoke(function=ir.Runtime(name="filled"), args=(ir.Item() | ir.Invoke(), _))
        ):
            return frozenset(("",))  # a part shares nothing with the container that it was in
        case _:
            return reads(e) | {""}

"""Turns `x += e` on an active array or list into `x = x + e`, where nobody can tell the difference.

Guarantee: no active value is changed in place. An array that another name, an argument or a container may share is
refused: the change would be seen through them.
"""

from __future__ import annotations

from dataclasses import replace

from knetc.analysis.activity import Activity
from knetc.analysis.infer import Kinds
from knetc.analysis.kinds import UNKNOWN
from knetc.analysis.refuse import refuse
from knetc.ir import nodes as ir
from knetc.ir.flow import is_augmented
from knetc.ir.walk import blocks, iterables, own_writes, reads, statements, with_blocks

IMMUTABLE = {"float", "int", "bool", "str", "tuple"}


def rebind_augmented(
    function: ir.Function, kinds: Kinds, active: Activity, temps: frozenset[str], *, mixed: bool = False
) -> ir.Function:
    """The function without in-place operators on active values; `temps` are names that no other code sees.

    With numbers of several widths the sum in place may be narrower than the other: then it is refused.
    """
    params = frozenset(p.name for p in function.params)
    if mixed:
        _refuse_narrow(function, kinds, active)
    _refuse_walked(function, kinds, active)
    _refuse_lists(function, kinds, active)
    return replace(function, body=_block(function.body, kinds, active, params, temps))


def _refuse_narrow(function: ir.Function, kinds: Kinds, active: Activity) -> None:
    for stmt in statements(function.body):
        names = own_writes(stmt) & active.active if is_augmented(stmt) else frozenset()
        if any(kinds.get(name, UNKNOWN).tag not in IMMUTABLE for name in names):
            rewrite = "make all arrays of one dtype, or write the sum with `.astype(...)`"
            raise refuse("an in-place operator on arrays of several dtypes", stmt.place, rewrite=rewrite)


def _refuse_walked(function: ir.Function, kinds: Kinds, active: Activity) -> None:
    """A list that grows by `+=` while a loop walks over it makes the loop longer."""
    for loop in (s for s in statements(function.body) if isinstance(s, ir.For)):
        walked = {n for e in iterables(loop.iter) for n in reads(e)}
        for stmt in filter(is_augmented, statements(loop.body)):
            for name in own_writes(stmt) & active.active:
                members = active.classes.get(name, frozenset((name,)))
                if members & walked and kinds.get(name, UNKNOWN).tag not in (*IMMUTABLE, "array"):
                    rewrite = "walk over a copy: `for x in list(xs)`"
                    raise refuse("a list that grows while it is walked", stmt.place, rewrite=rewrite)


def _refuse_lists(function: ir.Function, kinds: Kinds, active: Activity) -> None:
    """`xs += e` appends the items of an array to a list, where `xs + e` would add it."""
    made = {
        n
        for s in statements(function.body)
        if isinstance(s, ir.Assign) and isinstance(s.value, ir.ListExpr)
        for n in own_writes(s)
    }
    for stmt in filter(is_augmented, statements(function.body)):
        for name in own_writes(stmt) & active.active:
            unknown = kinds.get(name, UNKNOWN).tag == "unknown"
            if unknown and active.classes.get(name, frozenset((name,))) & made:
                raise refuse(
                    "`+=` of a list and something else", stmt.place, rewrite="append in a `for` loop"
                )


def _block(
    block: ir.Block, kinds: Kinds, active: Activity, params: frozenset[str], temps: frozenset[str]
) -> ir.Block:
    def change(stmt: ir.Stmt) -> ir.Stmt:
        if blocks(stmt):
            return with_blocks(stmt, lambda b: _block(b, kinds, active, params, temps))
        return _assign(stmt, kinds, active, params, temps) if isinstance(stmt, ir.Assign) else stmt

    return tuple(map(change, block))


def _assign(
    stmt: ir.Assign, kinds: Kinds, active: Activity, params: frozenset[str], temps: frozenset[str]
) -> ir.Assign:
    match stmt:
        case ir.Assign(target=ir.Name(id=name), value=ir.Apply(spelled=str() as spelled) as value) if (
            spelled.endswith("=")
        ):
            members = active.classes.get(name, frozenset((name,)))
            if not members & active.active or kinds.get(name, UNKNOWN).tag in IMMUTABLE:
                return stmt
            others = {n for n in members - temps - {name} if _may_be_same(kinds, n, name)} | (params & {name})
            if others:
                raise refuse(
                    f"`{spelled}` in place",
                    stmt.place,
                    f"`{name}` may share memory with `{min(others)}`",
                    f"write `{name} = {name} {spelled[:-1]} ...`",
                )
            return replace(stmt, value=replace(value, spelled=spelled[:-1]))
        case _:
            return stmt


def _may_be_same(kinds: Kinds, other: str, name: str) -> bool:
    """Whether a change of one value may show in another: a list is not one of the arrays in it."""
    tags = kinds.get(other, UNKNOWN).tag, kinds.get(name, UNKNOWN).tag
    return tags not in (("array", "list"), ("float", "list"))

"""Gives variables that were kept apart one name again, where their lives do not overlap: the inverse of `canon.webs`.

x_2 = np.sin(x)          x = np.sin(x)         unless the old x is still read behind it
"""

from __future__ import annotations

from dataclasses import replace

from knetc.analysis.liveness import liveness
from knetc.ir import nodes as ir
from knetc.ir.walk import all_reads, all_writes, blocks, own_writes, rename_block, statements, with_blocks


def coalesce(function: ir.Function, wishes: dict[str, str]) -> ir.Function:
    """The function with names replaced by the ones they wish for, where that changes nothing."""
    params = {p.name for p in function.params}
    present = all_writes(function.body) | all_reads(function.body) | params
    wishes = {name: wish for name, wish in wishes.items() if name in present and name != wish}
    if not wishes:
        return function
    clashes = _clashes(function)
    chosen: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for name, wish in wishes.items():
        group = members.setdefault(wish, {wish} if wish in present else set())
        if not any(frozenset((name, other)) in clashes for other in group):
            chosen[name] = wish
            group.add(name)
    return replace(function, body=_without_copies(rename_block(function.body, chosen)))


def _without_copies(block: ir.Block) -> ir.Block:
    """A block without `x = x`."""
    kept = (s for s in block if not (isinstance(s, ir.Assign) and s.target == s.value))
    return tuple(with_blocks(s, _without_copies) if blocks(s) else s for s in kept)


def _clashes(function: ir.Function) -> set[frozenset[str]]:
    """Pairs of names of which one is bound while the other is still to be read."""
    live = liveness(function.body)
    found: set[frozenset[str]] = set()
    for stmt in statements(function.body):
        after = live.header.get(id(stmt), frozenset()) | live.after.get(id(stmt), frozenset())
        written = own_writes(stmt)
        for name in written:
            found |= {frozenset((name, other)) for other in (after | written) if other != name}
    return found

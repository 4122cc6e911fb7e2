"""Copy propagation: a variable that only renames another value, or a constant, goes.

total_bar = loss_bar
w_bar = x * total_bar       ->      w_bar = x * loss_bar
"""

from __future__ import annotations

from collections import Counter

from knetc.ir import nodes as ir
from knetc.ir.walk import blocks, map_expressions, own_reads, own_writes, statements, substitute, with_blocks


def propagate(block: ir.Block, keep: frozenset[str] = frozenset()) -> ir.Block:
    """The block without plain copies; names in `keep` are never replaced."""
    return Copies(block, keep).block(block)


class Copies:
    """What may be copied: names with one definition, to which nothing is added in place."""

    def __init__(self, whole: ir.Block, keep: frozenset[str]) -> None:
        self.keep = keep
        self.defined = Counter(n for s in statements(whole) for n in own_writes(s))
        self.readings = Counter(n for s in statements(whole) for n in own_reads(s))
        self.touched = {_root(s.target) for s in statements(whole) if isinstance(s, ir.Accumulate)}
        parts = (s.target for s in statements(whole) if isinstance(s, ir.Assign))
        self.touched |= {_root(target) for target in parts if isinstance(target, ir.Item | ir.Attr)}
        self.touched |= {_changed_by(s.value) for s in statements(whole) if isinstance(s, ir.Do)}

    def block(self, block: ir.Block) -> ir.Block:
        """One block."""
        for i, stmt in enumerate(block):
            copied = self._copied(stmt)
            rest = block[i + 1 :]
            if (
                copied is not None
                and self._all_readings_in(copied[0], rest)
                and self._stable(copied[1], rest)
            ):
                return (*block[:i], *self.block(replace_names(rest, {copied[0]: copied[1]})))
        return tuple(with_blocks(s, self.block) if blocks(s) else s for s in block)

    def _copied(self, stmt: ir.Stmt) -> tuple[str, ir.Expr] | None:
        match stmt:
            case ir.Assign(target=ir.Name(id=name), value=ir.Name() | ir.Const() as value):
                single = self.defined[name] == 1 and name not in self.touched and name not in self.keep
                return (name, value) if single else None
            case _:
                return None

    def _all_readings_in(self, name: str, rest: ir.Block) -> bool:
        return sum(name in own_reads(s) for s in statements(rest)) >= self.readings[name]

    def _stable(self, value: ir.Expr, rest: ir.Block) -> bool:
        if isinstance(value, ir.Const):
            return value.value is not None
        assert isinstance(value, ir.Name)
        rewritten = value.id in {n for s in statements(rest) for n in own_writes(s)}
        return not rewritten and value.id not in self.touched


def replace_names(block: ir.Block, table: dict[str, ir.Expr]) -> ir.Block:
    """A block with names read replaced by expressions."""
    out = []
    for stmt in block:
        new = map_expressions(stmt, lambda e: substitute(e, table), lambda t: _inside(t, table))
        out.append(with_blocks(new, lambda b: replace_names(b, table)) if blocks(new) else new)
    return tuple(out)


def _inside(target: ir.Expr, table: dict[str, ir.Expr]) -> ir.Expr:
    """The target with the names that it reads replaced: `x_bar[i]`, but not `x_bar`."""
    return substitute(target, table) if isinstance(target, ir.Item | ir.Attr) else target


def _changed_by(call: ir.Expr) -> str:
    """The name whose value a call of generated code changes: its first argument, or the owner of the method."""
    match call:
        case ir.Invoke(args=(ir.Name(id=name), *_), function=ir.Runtime()):
            return name
        case ir.Invoke(function=ir.Attr(value=ir.Name(id=name))):
            return name
        case _:
            return ""


def _root(target: ir.Expr) -> str:
    while isinstance(target, ir.Item | ir.Attr):
        target = target.value
    return target.id if isinstance(target, ir.Name) else ""

"""Liveness: which names may still be read after each statement.

Statements are told apart by identity: a fact holds for the very block that was analysed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from knetc.ir import nodes as ir
from knetc.ir.walk import own_reads, own_writes

Names = frozenset[str]
NOTHING: Names = frozenset()


@dataclass(frozen=True)
class Exits:
    """What is live where a jump goes to."""

    on_break: Names = NOTHING
    on_continue: Names = NOTHING


@dataclass
class Liveness:
    """`after[id(stmt)]` is live behind a statement; `header[id(loop)]` at the top of each round of a loop."""

    after: dict[int, Names] = field(default_factory=dict)
    header: dict[int, Names] = field(default_factory=dict)

    def block(self, block: ir.Block, live: Names, exits: Exits) -> Names:
        """What is live before a block, given what is live behind it."""
        for stmt in reversed(block):
            self.after[id(stmt)] = live
            live = self.statement(stmt, live, exits)
        return live

    def statement(self, stmt: ir.Stmt, live: Names, exits: Exits) -> Names:
        """What is live before one statement."""
        match stmt:
            case ir.If():
                branches = self.block(stmt.then, live, exits) | self.block(stmt.orelse, live, exits)
                return branches | own_reads(stmt)
            case ir.For() | ir.While() | ir.Replay():
                return self._loop(stmt, live)
            case ir.Break():
                return exits.on_break
            case ir.Continue():
                return exits.on_continue
            case ir.Return():
                return own_reads(stmt)
            case ir.Opaque():
                return live | stmt.reads
            case _:
                return (live - own_writes(stmt)) | own_reads(stmt)

    def _loop(self, stmt: ir.For | ir.While | ir.Replay, after: Names) -> Names:
        test = own_reads(stmt) if isinstance(stmt, ir.While) else NOTHING
        bound = own_writes(stmt)
        header = after | test
        while True:
            body = self.block(stmt.body, header, Exits(after, header))
            top = header | (body - bound)
            if top == header:
                break
            header = top
        self.header[id(stmt)] = header
        return header | own_reads(stmt)


def liveness(block: ir.Block, live_out: Names = NOTHING) -> Liveness:
    """The liveness of a function body."""
    facts = Liveness()
    facts.block(block, live_out, Exits())
    return facts


def live_before(block: ir.Block) -> Names:
    """The names that a block reads before it binds them."""
    return Liveness().block(block, NOTHING, Exits())

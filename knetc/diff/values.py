"""Which forward value the backward sweep may read under which name, and what must be kept because it is overwritten.

The backward sweep of a statement runs after everything that follows it. A name still holds the value it had at the
statement unless it is bound again, or changed in place, before the scope ends: the function, or one round of a loop
(whose values are recorded when the round ends). Only then is the value kept under a name of its own:

    h_prev = h                      because the adjoint of the product reads the old h,
    h = np.tanh(w @ h)              which the assignment overwrites
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from knetc.analysis.activity import NUMBERS
from knetc.analysis.aliases import own_lists
from knetc.analysis.assigned import assigned_before
from knetc.analysis.infer import Kinds
from knetc.analysis.kinds import UNKNOWN
from knetc.analysis.refuse import refuse
from knetc.ir import nodes as ir
from knetc.ir.names import Namer
from knetc.ir.walk import all_writes, appended, blocks, own_reads, own_writes, statements, stored_into

EXACT = {
    "np.add",
    "np.subtract",
    "np.multiply",
    "np.divide",
    "np.negative",
    "np.sqrt",
    "np.square",
    "np.absolute",
}
"""Operations that round correctly: a contiguous copy gives the same bits as a view. Powers of 2 are squares."""

IMMUTABLE = {"float", "int", "bool", "str", "none", "function", "tuple"}


@dataclass
class Frame:
    """One scope while it is walked backwards: what it binds, and what is bound or changed behind the present place."""

    loop: ir.Stmt | None = None
    writes: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    later_changes: frozenset[str] = frozenset()
    current: ir.Stmt | None = None
    path: list[tuple[ir.Block, int]] = field(default_factory=list)


Snapshot = tuple[set[str], dict[tuple[int, bool], list[ir.Stmt]], list[Frame]]


class Values:
    """Answers `read`: the expression under which the backward sweep finds a forward value."""

    def __init__(
        self,
        kinds: Kinds,
        classes: dict[str, frozenset[str]],
        namer: Namer,
        temps: frozenset[str] = frozenset(),
    ) -> None:
        self.kinds = kinds
        self.temps = temps
        self.classes = classes
        self.namer = namer
        self.frames: list[Frame] = [Frame()]
        self.at_exit = False  # on a way out of the scope a name holds what it held last: nothing came after
        self.changed: frozenset[str] = frozenset()
        self.assigned: dict[int, frozenset[str]] = {}
        self.local: frozenset[str] = frozenset()
        self.unbound: set[str] = set()  # kept where they may have no value yet
        self.saves: dict[tuple[int, bool], list[ir.Stmt]] = {}
        self.views: frozenset[str] = frozenset()
        self.jumps = False
        self.copied: set[str] = set()
        self.lists: dict[str, frozenset[str]] = {}
        self.grown: frozenset[str] = frozenset()  # lists that change in no other way than by new items

    def start(self, function: ir.Function) -> None:
        """Look through a function before it is walked."""
        self.lists = own_lists(function.body)
        self.changed = self._changes(function.body)
        self.assigned = assigned_before(function)
        self.local = all_writes(function.body)
        jumps = (ir.Break, ir.Continue, ir.Return)
        self.jumps = any(
            isinstance(s, jumps) for s in statements(function.body) if s is not function.body[-1]
        )
        self.views = self._views(function.body)
        self.grown = self._grown(function.body)

    def _grown(self, block: ir.Block) -> frozenset[str]:
        changed = {n for s in statements(block) if isinstance(s, ir.Opaque) for n in self._seen_changed(s)}
        stored = {n for s in statements(block) for n in stored_into(s)}
        return frozenset(n for n in stored - changed if self.kinds.get(n, UNKNOWN).tag == "list")

    def _views(self, block: ir.Block) -> frozenset[str]:
        """The views that may as well be copies: what reads them is exact, in whatever order memory lies."""
        views: set[str] = set()
        inexact: set[str] = set()
        for stmt in statements(block):
            match stmt:
                case ir.Assign(target=ir.Name(id=name), value=ir.Item()) if name in self.temps:
                    views.add(name)
                    inexact |= own_reads(stmt)
                case ir.Assign(value=ir.Apply(args=(_, ir.Const(value=2))) as e) if e.op.name == "np.power":
                    continue
                case ir.Assign(value=ir.Apply() as e) if e.op.name in EXACT:
                    continue
                case _:
                    inexact |= own_reads(stmt)
        return frozenset(v for v in views - inexact if self.kinds.get(v, UNKNOWN).tag == "array")

    # ---- the walk

    def enter(self, loop: ir.For | ir.While) -> None:
        """Go into the body of a loop."""
        self.frames.append(Frame(loop, all_writes((loop,)), self._changes((loop,))))

    def leave(self) -> None:
        """Come out of the body of a loop."""
        self.frames.pop()

    def at(self, stmt: ir.Stmt) -> None:
        """Stand at a statement: reads are of its values."""
        self.frames[-1].current = stmt

    def passed(self, stmt: ir.Stmt) -> None:
        """Step in front of a statement."""
        frame = self.frames[-1]
        written = all_writes((stmt,))
        frame.later |= written
        frame.later_changes |= self._changes((stmt,))

    def mark(self) -> tuple[frozenset[str], frozenset[str]]:
        """What lies behind the present place, to come back to for the other branch of an `if`."""
        return self.frames[-1].later, self.frames[-1].later_changes

    def rewind(self, mark: tuple[frozenset[str], frozenset[str]]) -> None:
        """Come back to a place."""
        self.frames[-1].later, self.frames[-1].later_changes = mark

    def _changes(self, block: ir.Block) -> frozenset[str]:
        return frozenset(m for s in statements(block) for m in self._seen_changed(s))

    def _seen_changed(self, stmt: ir.Stmt) -> frozenset[str]:
        """The names through which a change of one statement shows; a list that grows leaves its items as they are."""
        found = _changed(stmt, self.kinds)
        names = frozenset(m for n in found for m in self.classes.get(n, {n}))
        growth = appended(stmt)
        if growth is None:
            return names
        holders = found | {n for n in names if self.kinds.get(n, UNKNOWN).tag not in NUMBERS}
        return self.lists.get(growth[0], holders)

    # ---- the question

    def read(self, name: str, *, after: bool = False, content: bool = True) -> ir.Name:
        """The name of the value that `name` has before (or after) the present statement.

        What is stored into an array changes nothing for who does not ask for its `content`.
        """
        if self.at_exit:
            return ir.Name(name)
        same_shape = not content and self.kinds.get(name, UNKNOWN).tag == "array"
        here = not after and self._changed_inside(name)
        if not same_shape and (here or any(self._changed_in_place(name, frame) for frame in self.frames)):
            if name not in self.views:
                return self._keep(name, self.frames[-1], after, deep=True)
            self.copied.add(name)  # a view that is read at once: it is a copy from the start
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            stmt = frame.current
            assert stmt is not None
            own = frozenset() if after else all_writes((stmt,)) if blocks(stmt) else own_writes(stmt)
            if name in frame.later | own:
                return self._keep(name, frame, after)
            if name in frame.writes:
                break
        return ir.Name(name)

    def _changed_inside(self, name: str) -> bool:
        """Whether the blocks of the present statement change a value that is asked for in front of it."""
        stmt = self.frames[-1].current
        inside = stmt is not None and bool(blocks(stmt)) and name in self._changes((stmt,))
        return inside and self.kinds.get(name, UNKNOWN).tag not in IMMUTABLE

    def _changed_in_place(self, name: str, frame: Frame) -> bool:
        return (
            name in (frame.changes | frame.later_changes)
            and self.kinds.get(name, UNKNOWN).tag not in IMMUTABLE
        )

    def _anchor(self, name: str, frame: Frame) -> ir.Stmt:
        """The outermost statement of the scope in front of which a name has the value it has here."""
        *outer, (block, i) = frame.path
        anchor = block[i]
        for block_above, j in reversed(outer):
            surely = name in self.assigned.get(id(block_above[j]), frozenset())
            if name in all_writes(block[:i]) or not surely:
                break
            block, i, anchor = block_above, j, block_above[j]
        return anchor

    def _keep(self, name: str, frame: Frame, after: bool, deep: bool = False) -> ir.Name:
        stmt = frame.current if after or deep else self._anchor(name, frame)
        assert stmt is not None
        bound = self.assigned.get(id(stmt), self.local) | (own_writes(stmt) if after else frozenset())
        is_list = self.kinds.get(name, UNKNOWN).tag == "list"
        if is_list and (self.jumps or (name in self.local and name not in bound)):
            raise refuse("a list of which only some ways through the function know the length", stmt.place)
        if name in self.local and name not in bound:
            self.unbound.add(name)
        saved = self.saves.setdefault((id(stmt), after), [])
        known = {
            s.value.id: s.target for s in saved if isinstance(s, ir.Assign) and isinstance(s.value, ir.Name)
        }
        if isinstance(found := known.get(name), ir.Name):
            return found
        keeper = ir.Name(self.namer.fresh(f"{name}_prev"))
        self.kinds[keeper.id] = self.kinds.get(name, UNKNOWN)
        saved.append(ir.Assign(keeper, self._copied(name) if deep else ir.Name(name), stmt.place))
        return keeper

    def _copied(self, name: str) -> ir.Expr:
        array = self.kinds.get(name, UNKNOWN).tag == "array"
        copy_ = ir.Runtime("np.copy", "numpy") if array else ir.Runtime("deepcopy", "copy")
        if name in self.grown:
            copy_ = ir.Runtime("list", "builtins")
        return ir.Invoke(copy_, (ir.Name(name),))

    def before(self, stmt: ir.Stmt) -> list[ir.Stmt]:
        """What is to be kept in front of a statement."""
        return self.saves.get((id(stmt), False), [])

    def behind(self, stmt: ir.Stmt) -> list[ir.Stmt]:
        """What is to be kept behind a statement."""
        return self.saves.get((id(stmt), True), [])

    # ---- trying a loop body more than once

    def snapshot(self) -> Snapshot:
        """The state, to come back to."""
        return (
            set(self.namer.taken),
            {k: list(v) for k, v in self.saves.items()},
            [copy.copy(f) for f in self.frames],
        )

    def restore(self, state: Snapshot) -> None:
        """Come back to a state."""
        taken, saves, frames = state
        self.namer.taken, self.saves = set(taken), {k: list(v) for k, v in saves.items()}
        self.frames = [copy.copy(f) for f in frames]


def _changed(stmt: ir.Stmt, kinds: Kinds) -> frozenset[str]:
    """The names whose value one statement may change in place."""
    match stmt:
        case ir.Opaque():
            return stmt.mutates
        case ir.Assign(target=ir.Item()) | ir.Accumulate() | ir.Do():
            return stored_into(stmt)
        case ir.Assign(target=ir.Name(id=name), value=ir.Apply(spelled=str() as spelled)) if spelled.endswith(
            "="
        ):
            return frozenset((name,)) if kinds.get(name, UNKNOWN).tag not in IMMUTABLE else frozenset()
        case _:
            return frozenset()

"""Settles what the forward sweep hands to the backward sweep, once it is known what the latter reads.

A function leaves one tuple; a loop one list, `steps`, with one tuple (or one bare value) per round; a `range` loop of
which nothing else is needed leaves nothing at all. A value that one way out of a round does not have is None there.

    Record(steps)                     ->  steps.append((x, h))
    Replay(steps, for i in range(n))  ->  for i, (x, h) in zip(reversed(range(n)), reversed(steps)):
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from knetc.analysis.liveness import Liveness, live_before, liveness
from knetc.ir import nodes as ir
from knetc.ir.names import Namer
from knetc.ir.walk import all_writes, blocks, own_writes, rename_block, statements, target_names, with_blocks

BUILTIN = "builtins"


@dataclass
class Layout:
    """What one loop, or the function, records: the fields, whether a list is kept at all, and how rounds are left.

    `names` are bound in the loop and could be fields, `body` is its forward sweep.
    """

    names: tuple[str, ...]
    fields: tuple[str, ...] = ()
    kept: bool = True
    leave: str = ""
    body: ir.Block = ()

    def settle(self, wanted: frozenset[str], leave: str) -> None:
        """Choose the fields: what is wanted of what is bound."""
        self.leave = leave
        self.fields = (leave,) * (leave in wanted) + tuple(n for n in self.names if n in wanted)


@dataclass
class Linker:
    """Turns `Record` and `Replay` into statements."""

    layouts: dict[str, Layout]
    namer: Namer
    live: Liveness
    whole: Layout | None = None
    undefined: set[str] = field(default_factory=set)
    returns: int = 0
    ever: frozenset[str] = frozenset()
    inside: str = ""

    # ---- backward

    def backward(self, block: ir.Block) -> ir.Block:
        """The block with its replays as `for` loops, innermost first."""
        out: list[ir.Stmt] = []
        for stmt in block:
            new = with_blocks(stmt, self.backward) if blocks(stmt) else stmt
            later = self.live.after.get(id(stmt), frozenset())
            out.append(self.replay(new, later) if isinstance(new, ir.Replay) else new)
        return tuple(out)

    def replay(self, stmt: ir.Replay, later: frozenset[str]) -> ir.For:
        """One loop of the backward sweep; it binds no name that is read `later` with another value."""
        layout = self.layouts[stmt.steps]
        wanted = live_before(stmt.body)
        by_range = _counted(stmt, layout)
        counter = by_range if by_range in wanted else stmt.index if stmt.index in wanted else ""
        layout.settle(wanted - {by_range}, stmt.leave)
        layout.kept = bool(layout.fields) or _length(stmt) is None
        hidden = sorted({*layout.fields, counter} & later)
        apart = {name: self.namer.fresh(f"{name}_step") for name in hidden}
        stmt = replace(stmt, body=rename_block(stmt.body, apart))
        return _loop(stmt, layout, apart.get(counter, counter), by_range, apart)

    # ---- forward

    def forward(
        self, block: ir.Block, defined: frozenset[str], here: frozenset[str]
    ) -> tuple[ir.Block, frozenset[str]]:
        """The block with its records as appends. `defined` is bound for sure, `here` perhaps in this round."""
        out: list[ir.Stmt] = []
        for stmt in block:
            match stmt:
                case ir.Record():
                    out += self.record(stmt, defined, here)
                case ir.If():
                    then, d1 = self.forward(stmt.then, defined, here)
                    orelse, d2 = self.forward(stmt.orelse, defined, here)
                    out.append(replace(stmt, then=then, orelse=orelse))
                    ends = [d for d, b in ((d1, then), (d2, orelse)) if not _jumps(b)]
                    defined = frozenset.intersection(*ends) if ends else defined
                case ir.For() | ir.While():
                    new = self.loop(stmt, defined)
                    out += new
                    lists = frozenset(n for s in new[:-1] for n in own_writes(s))
                    defined, here = defined | lists, here | lists
                case ir.Return() if self.whole is not None:
                    self.returns += 1
                    values = self.values(self.whole, self.returns, defined, self.ever)
                    out.append(replace(stmt, value=ir.TupleExpr((stmt.value, bundle(values)))))
                case _:
                    out.append(stmt)
                    defined |= own_writes(stmt) if not isinstance(stmt, ir.Opaque) else frozenset()
            here |= all_writes((stmt, *out[-2:]))  # with the lists of loops, which are new
            self.ever |= here
        return tuple(out), defined

    def loop(self, stmt: ir.For | ir.While, defined: frozenset[str]) -> list[ir.Stmt]:
        """A loop of the forward sweep, with its list in front of it."""
        bound = own_writes(stmt)
        steps = next((s.steps for s in _own_records(stmt.body)), None)
        layout = self.layouts.get(steps or "")
        kept = layout is not None and layout.kept and layout.body is stmt.body
        lists = frozenset((steps,)) if kept and steps else frozenset()
        self.ever |= all_writes((stmt,)) | lists
        outer, self.inside = self.inside, steps or ""
        body, _ = self.forward(stmt.body, defined | bound | lists, bound | lists)
        self.inside = outer
        start: list[ir.Stmt] = (
            [ir.Assign(ir.Name(steps), ir.ListExpr(()), stmt.place)] if kept and steps else []
        )
        return [*start, replace(stmt, body=body)]

    def record(self, stmt: ir.Record, defined: frozenset[str], here: frozenset[str]) -> list[ir.Stmt]:
        """What one way out of a round leaves."""
        layout = self.layouts.get(stmt.steps)
        if layout is None or not layout.kept:
            return []
        assigned = here if stmt.steps == self.inside else self.ever
        value = bundle(self.values(layout, stmt.exit, defined, assigned))
        append = ir.Attr(ir.Name(stmt.steps), "append")
        return [ir.Do(ir.Invoke(append, (value,)), stmt.place)]

    def values(
        self, layout: Layout, way: int, defined: frozenset[str], here: frozenset[str]
    ) -> list[ir.Expr]:
        """The fields at one way out."""
        return [ir.Const(way) if n == layout.leave else self.value(n, defined, here) for n in layout.fields]

    def value(self, name: str, defined: frozenset[str], here: frozenset[str]) -> ir.Expr:
        """A field at one place: None where it has no value; perhaps unbound names are bound to None at the start."""
        if name in defined:
            return ir.Name(name)
        if name not in here:
            return ir.Const(None)
        self.undefined.add(name)
        return ir.Name(name)


def link(
    forward: ir.Block, backward: ir.Block, params: tuple[str, ...], namer: Namer
) -> tuple[ir.Block, ir.Block]:
    """Settle the residuals of all loops of two sweeps that share their variables."""
    linker = Linker(_layouts(forward, backward), namer, liveness(backward))
    back = linker.backward(backward)
    return _finish(linker, forward, params), back


def link_apart(
    forward: ir.Block, backward: ir.Block, params: tuple[str, ...], leave: str, namer: Namer
) -> tuple[ir.Block, ir.Block, ir.Expr | None]:
    """Settle all residuals of two sweeps that are functions of their own; every `return` gets them behind its value."""
    linker = Linker(_layouts(forward, backward), namer, liveness(backward))
    back = linker.backward(backward)
    linker.whole = Layout(_bound(forward, params))
    linker.whole.settle(live_before(back), leave)
    fields: list[ir.Expr] = [ir.Name(n) for n in linker.whole.fields]
    return _finish(linker, forward, params), back, bundle(fields) if fields else None


def _finish(linker: Linker, forward: ir.Block, params: tuple[str, ...]) -> ir.Block:
    """The forward sweep; names that may lack a value are bound to None first."""
    names = frozenset(params)
    new, _ = linker.forward(forward, names, names)
    return (*(ir.Assign(ir.Name(n), ir.Const(None)) for n in sorted(linker.undefined)), *new)


def _layouts(forward: ir.Block, backward: ir.Block) -> dict[str, Layout]:
    replayed = {s.steps for s in statements(backward) if isinstance(s, ir.Replay)}
    found: dict[str, Layout] = {}
    for stmt in statements(forward):
        if isinstance(stmt, ir.For | ir.While):
            targets = target_names(stmt.target) if isinstance(stmt, ir.For) else ()
            for record in _own_records(stmt.body):
                # the outer loop comes first: an inner one that only passes its record on has none of its own
                found.setdefault(record.steps, Layout(_bound(stmt.body, targets), body=stmt.body))
    return {steps: layout for steps, layout in found.items() if steps in replayed}


def bundle(values: list[ir.Expr]) -> ir.Expr:
    """One value as it is, several as a tuple, none as None."""
    return values[0] if len(values) == 1 else ir.TupleExpr(tuple(values)) if values else ir.Const(None)


def _own_records(block: ir.Block) -> list[ir.Record]:
    """The records of a loop's own rounds: those of its body that no inner loop closes."""
    found: list[ir.Record] = []
    for stmt in block:
        if isinstance(stmt, ir.Record):
            found.append(stmt)
        elif isinstance(stmt, ir.If):
            found += [r for b in blocks(stmt) for r in _own_records(b)]
    last = [r.steps for r in found if r.exit == 0]
    return [r for r in found if r.steps == last[0]] if last else found[:1]


def _bound(block: ir.Block, first: tuple[str, ...]) -> tuple[str, ...]:
    """The names that a block binds, in order of appearance, lists of inner loops included."""
    seen: dict[str, None] = dict.fromkeys(first)
    for stmt in statements(block):
        names = (
            target_names(stmt.target) if isinstance(stmt, ir.Assign | ir.For) else sorted(own_writes(stmt))
        )
        seen.update(dict.fromkeys(names))
        if isinstance(stmt, ir.For | ir.While):
            seen.update(dict.fromkeys(r.steps for r in _own_records(stmt.body)))
    return tuple(seen)


def _counted(stmt: ir.Replay, layout: Layout) -> str:
    """The loop variable that `reversed(range(...))` gives back, if the loop always ran to its end."""
    loop = stmt.loop
    if not isinstance(loop, ir.For) or not isinstance(loop.iter, ir.Range) or stmt.jumps:
        return ""
    assert isinstance(loop.target, ir.Name)
    return "" if loop.target.id in all_writes(layout.body) else loop.target.id


def _length(stmt: ir.Replay) -> ir.Expr | None:
    """How many rounds there were, if that can be told without a list."""
    if stmt.jumps or not isinstance(stmt.loop, ir.For):
        return None
    match stmt.loop.iter:
        case ir.Range():
            return _call("range", *stmt.loop.iter.args)
        case ir.Each(value=ir.Name() as name):
            return _call("range", _call("len", name))
        case _:
            return None


def _call(name: str, *args: ir.Expr) -> ir.Expr:
    return ir.Invoke(ir.Runtime(name, BUILTIN), args)


def _loop(stmt: ir.Replay, layout: Layout, counter: str, by_range: str, apart: dict[str, str]) -> ir.For:
    steps = ir.Name(stmt.steps)
    length = _length(stmt)
    rounds = (
        _call("range", _call("len", steps)) if length is None or (not by_range and layout.kept) else length
    )
    if not layout.kept:
        target = ir.Name(counter or "_")
        return ir.For(
            target, ir.Each(_call("reversed", rounds) if counter else rounds), stmt.body, stmt.place
        )
    fields: list[ir.Expr] = [ir.Name(apart.get(n, n)) for n in layout.fields]
    record = bundle(fields) if fields else ir.Name("_")
    back = ir.Each(_call("reversed", steps))
    if not counter:
        return ir.For(record, back, stmt.body, stmt.place)
    if not fields:
        return ir.For(ir.Name(counter), ir.Each(_call("reversed", rounds)), stmt.body, stmt.place)
    both = ir.Zip((ir.Each(_call("reversed", rounds)), back))
    return ir.For(ir.TupleExpr((ir.Name(counter), record)), both, stmt.body, stmt.place)


def _jumps(block: ir.Block) -> bool:
    return bool(block) and isinstance(block[-1], ir.Break | ir.Continue | ir.Return)

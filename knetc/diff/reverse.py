"""Reverse mode: from a function in A-normal form to its forward and its backward sweep.

The blocks are walked from the last statement to the first. Each statement hands its adjoint to the backward sweep and
returns itself for the forward sweep, changed only where something must be kept. Control flow is mirrored:

    if test: A else: B       ->  if test: A' else: B'           the test is kept unless it is as cheap to repeat
    for x in xs: A           ->  for ... in reversed(steps): A'
    a way out of a loop      ->  `if leave != 1: ...` around what that way did not reach

What each loop records is settled afterwards (`diff.residuals`), when it is known what the backward sweep reads.

Why this long: one walk with one state; its parts call each other in a ring.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from knetc.analysis.activity import Activity
from knetc.analysis.infer import Inference
from knetc.analysis.kinds import BOOL, INT, UNKNOWN, Kind
from knetc.diff import stores
from knetc.diff.adjoint import Adjoints
from knetc.diff.bars import Bars, State, tables
from knetc.diff.calls import Callees
from knetc.diff.operands import picked
from knetc.diff.scopes import Scope, Sweeps, branch_on, lists_in, ways_out, without_records
from knetc.diff.values import Values
from knetc.ir import nodes as ir
from knetc.ir.flow import integer_like, terminates
from knetc.ir.names import Namer
from knetc.ir.walk import all_writes, map_iter, statements, stored_into

NOTHING = ir.Opaque(ast.Pass(), frozenset(), frozenset())


def reverse(
    function: ir.Function,
    facts: Inference,
    active: Activity,
    callees: Callees,
    namer: Namer,
    temps: frozenset[str] = frozenset(),
) -> Sweeps:
    """Build both sweeps; `temps` are names that were invented."""
    return Reverse(facts, active, callees, namer, temps).function(function)


class Reverse:
    """The state of the walk."""

    def __init__(
        self, facts: Inference, active: Activity, callees: Callees, namer: Namer, temps: frozenset[str]
    ) -> None:
        self.namer = namer
        self.active = active
        self.values = Values(facts.kinds, active.classes, namer, temps)
        self.bars = Bars(facts, self.values)
        self.adjoints = Adjoints(self.bars, active, callees)
        self.scopes: list[Scope] = []

    def function(self, function: ir.Function) -> Sweeps:
        """The whole function."""
        self.values.start(function)
        self.adjoints.calls.parameters = frozenset(p.name for p in function.params)
        self.bars.tables = tables(function.body)
        ways = ways_out(function.body, None)
        seed = self.namer.fresh(f"{function.name.strip('_')}_bar")
        self.seed = ir.Name(seed)
        self.bars.facts.kinds[seed] = self._result_kind(function)
        self.scopes = [Scope(self.namer.fresh("leave"), "", ways)]
        bars: dict[str, ir.Expr] = {}
        forward = self.block(function.body, lambda: bars.update(self._params(function)))
        unbound = (ir.Assign(ir.Name(name), ir.Const(None)) for name in sorted(self.values.unbound))
        forward = (*unbound, *forward)
        return Sweeps(
            forward, tuple(self.bars.out), seed, bars, self.scopes[0].leave, bool(ways), self.bars.names
        )

    def _params(self, function: ir.Function) -> dict[str, ir.Expr]:
        """The cotangents of the differentiated parameters; zeros where nothing has flowed."""
        wrt = [p.name for p in function.params if p.name in self.active.wrt]
        return {name: self.bars.take(name) or self.bars.zeros(name) for name in wrt}

    def _result_kind(self, function: ir.Function) -> Kind:
        kinds = [self.bars.facts.expr(s.value) for s in statements(function.body) if isinstance(s, ir.Return)]
        return kinds[0] if len(kinds) == 1 else UNKNOWN

    # ---- blocks

    def block(self, block: ir.Block, at_start: Callable[[], object] = lambda: None) -> ir.Block:
        """Walk a block backwards; returns it as it stands in the forward sweep.

        `at_start` is called in front of the first statement, while values can still be kept there.
        """
        self.values.frames[-1].path.append((block, len(block) - 1))
        forward = self._part(block, 0, len(block), at_start)
        self.values.frames[-1].path.pop()
        return forward

    def _part(self, block: ir.Block, start: int, stop: int, at_start: Callable[[], object]) -> ir.Block:
        """Walk `block[start:stop]` backwards."""
        for i in range(start, stop - 1):
            left = self._exits_in(block[i])
            if left:
                rest = self._guarded(left, block, i + 1, stop)
                return (*self._part(block, start, i + 1, at_start), *rest)
        forward: list[ir.Stmt] = []
        for i in reversed(range(start, stop)):
            stmt = block[i]
            self.values.frames[-1].path[-1] = (block, i)
            self.values.at(stmt)
            self.bars.place = stmt.place
            new = self.statement(stmt)
            self.values.at(stmt)
            if i == start:
                at_start()
            forward[:0] = [*self.values.before(stmt), *new, *self.values.behind(stmt)]
            self.values.passed(stmt)
        return tuple(forward)

    def _exits_in(self, stmt: ir.Stmt) -> frozenset[int]:
        ways = self.scopes[-1].exits
        return frozenset(ways[id(s)] for s in statements((stmt,)) if id(s) in ways)

    def _guarded(self, left: frozenset[int], block: ir.Block, start: int, stop: int) -> ir.Block:
        """What follows a statement with ways out is reversed only if none of them was taken."""
        skipping = dict(self.bars.state)
        skipped: list[ir.Block] = []

        def meet() -> None:
            ended, (_, other) = self.bars.state, self._completed(skipping, self.bars.state)
            skipped.append(other)
            self.bars.state = ended
            different = [n for n in skipping if n not in ended or ended[n] != skipping[n]]
            self._complete(different)
            self.bars.state |= {name: self.bars.foreign(name) for name in different}

        forward, inner = self.collect(lambda: self._part(block, start, stop, meet))
        if inner and not skipped[0]:
            self.bars.emit(ir.If(self._left_by(left, inside=False), inner, (), block[start].place))
        elif skipped[0]:
            self.bars.emit(ir.If(self._left_by(left, inside=True), skipped[0], inner, block[start].place))
        return forward

    def _completed(self, state: State, other: State) -> tuple[ir.Block, ir.Block]:
        """What makes the cotangents of `state` those of `other` as well: zeros for the missing ones."""
        self.bars.state = dict(state)
        self.values.at_exit = True
        completed = self.collect(
            lambda: self._complete([n for n in other if n not in state or state[n] != other[n]])
        )
        self.values.at_exit = False
        return completed

    def _left_by(self, left: frozenset[int], *, inside: bool) -> ir.Expr:
        """Whether the round (or function) was left in one of these ways, or in none of them."""
        leave = ast.Name(self.scopes[-1].leave, ast.Load())
        numbers: list[ast.expr] = [ast.Constant(n) for n in sorted(left)]
        single: ast.cmpop = ast.Eq() if inside else ast.NotEq()
        op = single if len(numbers) == 1 else ast.In() if inside else ast.NotIn()
        right = numbers[0] if len(numbers) == 1 else ast.Tuple(numbers, ast.Load())
        return ir.Verbatim(ast.Compare(leave, [op], [right]), frozenset((leave.id,)), "bool")

    def collect(self, walk: Callable[[], ir.Block]) -> tuple[ir.Block, ir.Block]:
        """Walk with an empty backward sweep; returns the forward block and what was emitted."""
        outer, self.bars.out = self.bars.out, []
        forward = walk()
        inner, self.bars.out = self.bars.out, outer
        return forward, tuple(inner)

    def statement(self, stmt: ir.Stmt) -> ir.Block:
        """One statement: its adjoint into the backward sweep, itself into the forward sweep."""
        match stmt:
            case ir.Assign(target=ir.Item()):
                stores.store(self.adjoints, stmt)
                return (stmt,)
            case ir.Assign(target=ir.Attr()):  # for others to see: nothing here reads it
                return (stmt,)
            case ir.Accumulate():
                stores.accumulate(self.adjoints, stmt)
                return (stmt,)
            case ir.Do():
                stores.append(self.adjoints, stmt)
                return (stmt,)
            case ir.Assign():
                return (self._copied(self.adjoints.assign(stmt)),)
            case ir.If():
                return self._if(stmt)
            case ir.For() | ir.While():
                return self._loop(stmt)
            case ir.Return(value=ir.Name(id=name)) if name in self.active.active:
                self.bars.add(name, self.seed)
                return (*self._records(stmt), stmt)
            case ir.Break() | ir.Continue() | ir.Return():
                return (*self._records(stmt), stmt)
            case _:
                return (stmt,)

    def _copied(self, stmt: ir.Stmt) -> ir.Stmt:
        """A view of an array that changes, as a copy if the backward sweep reads it."""
        match stmt:
            case ir.Assign(target=ir.Name(id=name), value=ir.Item() as view) if name in self.values.copied:
                return replace(stmt, value=ir.Invoke(ir.Runtime("np.copy", "numpy"), (view,)))
            case _:
                return stmt

    def _records(self, jump: ir.Stmt) -> ir.Block:
        """A jump closes the round of every loop that it leaves."""
        left = [s for s in reversed(self.scopes) if id(jump) in s.exits and s.steps]
        return tuple(ir.Record(s.steps, s.exits[id(jump)]) for s in left)

    # ---- if

    def _if(self, stmt: ir.If) -> ir.Block:
        mark, before = self.values.mark(), dict(self.bars.state)
        then, then_back = self.collect(lambda: self.block(stmt.then))
        after_then = self.bars.state
        self.values.rewind(mark)
        self.bars.state = dict(before)
        orelse, else_back = self.collect(lambda: self.block(stmt.orelse))
        after_else = self.bars.state
        self.values.rewind(mark)
        self.values.at(stmt)
        then_back, else_back = self._merge(stmt, then_back, after_then, else_back, after_else)
        if not then_back and not else_back:
            return (replace(stmt, then=then, orelse=orelse),)
        self.bars.place = stmt.place
        kept, test, test_back = self._test(stmt)
        self.bars.emit(branch_on(test_back, then_back, else_back, stmt))
        return (*kept, replace(stmt, test=test, then=then, orelse=orelse))

    def _test(self, stmt: ir.If) -> tuple[ir.Block, ir.Expr, ir.Expr]:
        """The test in both sweeps; kept by the forward sweep unless it is as cheap to repeat."""
        if self._cheap(stmt.test):
            return (), stmt.test, self.adjoints.forward_value(stmt.test)
        branch = ir.Name(self.namer.fresh("branch"))
        self.bars.facts.kinds[branch.id] = BOOL
        return (ir.Assign(branch, stmt.test, stmt.place),), branch, branch

    def _cheap(self, test: ir.Expr) -> bool:
        if not isinstance(test, ir.Verbatim):
            return True
        simple = (ast.Name, ast.Constant, ast.Compare, ast.UnaryOp, ast.BoolOp, ast.operator, ast.unaryop)
        parts = (*simple, ast.boolop, ast.cmpop, ast.expr_context)
        scalars = {"int", "bool", "str", "none", "float"}
        tags = {self.bars.facts.expr(ir.Name(n)).tag for n in test.reads}
        is_none = isinstance(test.node, ast.Compare) and all(
            isinstance(o, ast.Is | ast.IsNot) for o in test.node.ops
        )
        return all(isinstance(n, parts) for n in ast.walk(test.node)) and (is_none or tags <= scalars)

    def _merge(
        self, stmt: ir.Stmt, a: ir.Block, after_a: State, b: ir.Block, after_b: State
    ) -> tuple[ir.Block, ir.Block]:
        """Make two paths end with the same cotangents: where one lacks a cotangent, it becomes zeros."""
        names = [n for n in {**after_a, **after_b} if after_a.get(n) != after_b.get(n)]
        self.bars.state = after_a
        _, more_a = self.collect(lambda: self._complete(names))
        self.bars.state = after_b
        _, more_b = self.collect(lambda: self._complete(names))
        for name in names:
            self.bars.state[name] = self.bars.foreign(name)
        return a + more_a, b + more_b

    def _complete(self, names: list[str]) -> ir.Block:
        current = self.values.frames[-1].current
        self.bars.place = current.place if current is not None else None
        for name in names:
            self.bars.ensure(name)
        return ()

    # ---- loops

    def _loop(self, stmt: ir.For | ir.While) -> ir.Block:
        self.bars.settle_all()
        self._own_lists(stmt)
        before = self.bars.snapshot()
        carried: dict[str, bool] = {}
        while True:
            for name in sorted(carried.keys() - self.bars.state.keys()):
                self.bars.ensure(name, after=True)
            self.bars.state |= {name: self.bars.foreign(name) for name, foreign in carried.items() if foreign}
            entry = dict(self.bars.state)
            forward, backward, scope, index = self._round(stmt, frozenset(entry))
            changed = {
                n: s
                for n, s in self.bars.state.items()
                if s != entry.get(n) and entry.get(n) != self.bars.foreign(n)
            }
            if not changed:
                break
            carried |= {name: name in entry for name in changed}
            self.bars.restore(before)
        self.bars.state = entry
        return self._close(stmt, forward, backward, scope, index)

    def _own_lists(self, loop: ir.Stmt) -> None:
        """The cotangents of lists that grow in a loop shrink in its reverse: they are to be its own."""
        changed = {n for s in statements((loop,)) for n in stored_into(s)}
        for name in sorted(changed & self.bars.state.keys()):
            if self.bars.kind(name).tag == "list":
                self.bars.prepare(name, after=True)

    def _round(self, stmt: ir.For | ir.While, entry: frozenset[str]) -> tuple[ir.Block, ir.Block, Scope, str]:
        """One round, backwards: the body, then what the loop variables were bound to."""
        stmt = stmt if stmt.body else replace(stmt, body=(NOTHING,))
        scope = Scope(self.namer.fresh("leave"), self.namer.fresh("steps"), ways_out(stmt.body, stmt))
        index = self.namer.fresh("k")
        self.bars.facts.kinds[index] = INT
        self.values.enter(stmt)
        self.scopes.append(scope)
        forward, backward = self.collect(lambda: self._walk_round(stmt, entry, index))
        self.scopes.pop()
        self.values.leave()
        return forward, backward, scope, index

    def _walk_round(self, stmt: ir.For | ir.While, entry: frozenset[str], index: str) -> ir.Block:
        return self.block(stmt.body, lambda: self._start_of_round(stmt, entry, index))

    def _start_of_round(self, stmt: ir.For | ir.While, entry: frozenset[str], index: str) -> None:
        self.bars.settle_all()
        if isinstance(stmt, ir.For):
            self.bars.place = stmt.place
            self._flow(self.adjoints.target_bar(stmt.target), stmt.iter, ir.Name(index))
        for name in sorted(entry - self.bars.state.keys()):
            self.bars.ensure(name)

    def _flow(self, bar: ir.Expr | None, it: ir.Iter, index: ir.Expr) -> None:
        """The cotangent of what a loop variable was bound to flows into the element that it came from."""
        if bar is None:
            return
        match it:
            case ir.Range():
                return
            case ir.Zip():
                for i, item in enumerate(it.items):
                    self._flow(picked(bar, ir.Const(i)), item, index)
            case ir.Enumerate():
                self._flow(picked(bar, ir.Const(1)), it.inner, index)
            case ir.Each(value=ir.Name(id=name)) if name in self.active.active:
                self.bars.add_item(name, index, bar)
            case ir.Each():
                return

    def _walked(self, e: ir.Expr) -> ir.Expr:
        """What a loop walked over, in the backward sweep; None unless its length can be asked again."""
        sized = ("int", "list", "tuple", "array", "dict", "str")
        known = integer_like(e) or (isinstance(e, ir.Name) and self.bars.facts.expr(e).tag in sized)
        return self.adjoints.forward_value(e) if known else ir.Const(None)

    def _close(
        self, stmt: ir.For | ir.While, forward: ir.Block, backward: ir.Block, scope: Scope, index: str
    ) -> ir.Block:
        if not backward:
            return (replace(stmt, body=without_records(forward, scope.steps)),)
        jumps = any(id(s) in scope.exits for s in statements(stmt.body))
        header = replace(stmt, body=())
        if isinstance(header, ir.For):
            header = replace(header, iter=map_iter(header.iter, self._walked))
        binds = all_writes((replace(stmt, body=forward),)) | {index, scope.leave} | lists_in(forward)
        self.bars.emit(ir.Replay(scope.steps, header, index, scope.leave, jumps, backward, binds, stmt.place))
        if not terminates(forward):
            forward = (*forward, ir.Record(scope.steps))
        return (replace(stmt, body=forward),)

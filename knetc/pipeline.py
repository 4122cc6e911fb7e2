"""The compiler on one page: the passes in their order, a named dump after each, and checks in between.

    front     text -> IR                       lower
    canon     must-run rewrites                tails, webs, anf, methods, augmented
    analysis  facts                            infer (kinds), activity, refusals
    diff      both sweeps                      reverse, pair | joined
    opt       may-run rewrites                 fold, copyprop, dce, nest, shapes, coalesce
    emit      text, callables                  assemble, load

`KNETC_DUMP=anf` (or `all`) prints the function after that stage; `KNETC_SKIP=fold,nest` leaves optional passes out.
"""

from __future__ import annotations

import inspect
import os
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from knetc.analysis.activity import Activity, activity
from knetc.analysis.infer import Inference, Kinds, Outside, infer
from knetc.analysis.kinds import BOTTOM, UNKNOWN, Kind, join, kind_of
from knetc.analysis.liveness import live_before
from knetc.analysis.refusals import check
from knetc.canon.anf import normalise
from knetc.canon.augmented import rebind_augmented
from knetc.canon.methods import resolve_methods
from knetc.canon.tails import nest_tails
from knetc.canon.webs import split_webs
from knetc.diff.calls import Callee
from knetc.diff.entry import BACKWARD, apart, bars_of, joined, pair
from knetc.diff.operands import bind
from knetc.diff.ownership import make_owned
from knetc.diff.reverse import reverse
from knetc.diff.scopes import Sweeps
from knetc.emit.module import Generated
from knetc.front.lower import lower
from knetc.front.resolve import UNKNOWN as UNRESOLVED
from knetc.front.resolve import free_value
from knetc.ir import nodes as ir
from knetc.ir import verify
from knetc.ir.names import Namer, namer_for
from knetc.ir.show import show
from knetc.ir.walk import all_reads, statements
from knetc.opt.coalesce import coalesce
from knetc.opt.copyprop import propagate, replace_names
from knetc.opt.dce import remove_dead
from knetc.opt.fold import fold
from knetc.opt.nest import nest
from knetc.opt.shapes import share_shapes

RESERVED = (
    "np accumulate add_attribute add_item call call_method check_scalar gradient_of Mirror pullback scatter_add "
    "unbroadcast unbroadcast_like zero"
).split()


@dataclass(frozen=True)
class Analysed:
    """A canonical function with the facts about it."""

    function: ir.Function
    facts: Inference
    active: Activity
    namer: Namer
    temps: frozenset[str]
    wishes: dict[str, str]
    bars: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Uses:
    """What a compilation took for granted about a name outside the function: its value, or only the kind of it."""

    function: types.FunctionType
    name: str
    value: object
    kind: Kind | None


class Session:
    """The compilation of one function and of the user functions that it calls."""

    def __init__(self, skip: frozenset[str] | None = None) -> None:
        self.skip = frozenset(os.environ.get("KNETC_SKIP", "").split(",")) if skip is None else skip
        self.names = Namer()
        self.functions: set[str] = set()
        self.callees: dict[tuple[object, ...], Callee] = {}
        self.generated: list[Generated] = []
        self.uses: dict[tuple[types.FunctionType, str], Uses] = {}
        self.results: dict[tuple[object, ...], Kind] = {}
        self.running: list[tuple[object, ...]] = []
        self.guess = sys.maxsize
        self.texts: dict[types.FunctionType, str] = {}

    # ---- front, canon, analysis

    def analysed(self, function: types.FunctionType, kinds: Kinds, wrt: frozenset[str]) -> Analysed:
        """The function, canonical, with kinds and activity. Raises `Refusal`."""
        f = dump("lower", lower(function, self.texts.get(function)))
        namer = namer_for(f, (*RESERVED, *self.functions))
        self.names.taken |= namer.taken
        f = dump("tails", nest_tails(f, namer))
        f, wishes = split_webs(f, namer)
        dump("webs", f)
        f, temps = normalise(f, namer)
        dump("anf", f)
        outside = Outside(lambda name: self.free_kind(function, name), self.result_kind)
        facts = Inference(infer(f, kinds, outside), outside)
        f = dump("methods", resolve_methods(f, facts))
        verify.anormal(f)
        active = activity(f, wrt, facts.kinds, lambda call: not self.depends(call, facts))
        check(f, active, facts)
        f = dump("augmented", rebind_augmented(f, facts.kinds, active, temps))
        self._note_callees(f)
        return Analysed(resolve_methods(f, facts), facts, active, namer, temps, wishes)

    def free_kind(self, function: types.FunctionType, name: str) -> Kind:
        """The kind of a global or captured name, taken for granted from now on."""
        value = free_value(function, name)
        kind = UNKNOWN if value is UNRESOLVED else kind_of(value)
        self.uses[function, name] = Uses(function, name, value, kind)
        return kind

    def _note_callees(self, f: ir.Function) -> None:
        """A compiled call holds as long as the name of its callee stands for the same function."""
        for stmt in statements(f.body):
            if isinstance(stmt, ir.Assign) and isinstance(stmt.value, ir.Call | ir.Apply):
                spelled = stmt.value.spelled
                name = spelled.partition(".")[0] if isinstance(spelled, str) else ""
                if name.isidentifier() and name not in f.origin.__code__.co_varnames:
                    self.uses[f.origin, name] = Uses(f.origin, name, free_value(f.origin, name), None)

    def result_kind(self, call: ir.Call, args: tuple[Kind, ...], options: Kinds) -> Kind:
        """The kind of what a user function returns for arguments of these kinds; by iteration if it is recursive."""
        kinds = _bound_kinds(call, args, options)
        key = (call.function, tuple(kinds.items()))
        if key in self.results:
            if key in self.running:  # a guess, to be confirmed by the caller that made it
                self.guess = min(self.guess, self.running.index(key))
            return self.results[key]
        outer, self.guess = self.guess, len(self.running)
        self.running.append(key)
        self.results[key] = found = self._settled(call.function, kinds, key)
        self.running.pop()
        if self.guess < len(self.running):
            del self.results[key]
        self.guess = min(outer, self.guess)
        return found

    def _settled(self, function: types.FunctionType, kinds: Kinds, key: tuple[object, ...]) -> Kind:
        self.results[key] = BOTTOM
        for _ in range(4):
            found = join(self._result(function, kinds), self.results[key])
            if found == self.results[key]:
                return found
            self.results[key] = found
        return UNKNOWN

    def _result(self, function: types.FunctionType, kinds: Kinds) -> Kind:
        found = self.analysed(function, kinds, frozenset())
        kind = BOTTOM
        for stmt in statements(found.function.body):
            if isinstance(stmt, ir.Return):
                kind = join(kind, found.facts.expr(stmt.value))
        return kind

    def depends(self, call: ir.Call, facts: Inference) -> bool:
        """Whether the result of a call can carry a derivative."""
        return facts.expr(call).may_be_active

    # ---- diff

    def sweeps(self, found: Analysed, seed: ir.Expr | None = None) -> Sweeps:
        """Both sweeps of a function; `seed` takes the place of the cotangent of its result."""

        def callee(call: ir.Call, active: frozenset[str]) -> Callee:
            args, options = (
                tuple(map(found.facts.expr, call.args)),
                {k: found.facts.expr(v) for k, v in call.kwargs},
            )
            return self.pair(call.function, _bound_kinds(call, args, options), active)

        s = reverse(found.function, found.facts, found.active, callee, found.namer)
        found.bars.update(s.names)
        end = ir.Return(bars_of(s))
        backward = (*s.backward, end) if seed is None else replace_names((*s.backward, end), {s.seed: seed})
        *backward_, last = self.simplified(backward, s, found)
        assert isinstance(last, ir.Return)
        forward = self.run("nest", s.forward, lambda b: nest(b, found.temps, all_reads((*backward_, last))))
        return replace(s, forward=forward, backward=tuple(backward_), result=last.value)

    def simplified(self, backward: ir.Block, s: Sweeps, found: Analysed) -> ir.Block:
        """The backward sweep as a colleague would write it."""
        invented = frozenset(bar for name, bar in s.names.items() if name in found.temps)
        block = self.run("fold", backward, lambda b: fold(b, found.facts))
        block = self.run("copyprop", block, propagate)
        block = self.run("dce", block, lambda b: remove_dead(b, frozenset()))
        block = self.run("nest", block, lambda b: nest(b, invented, frozenset()))
        block = self.run("fold", block, lambda b: fold(b, found.facts))
        block = self.run("shapes", block, lambda b: share_shapes(b, found.function, found.facts))
        return self.run("fold", make_owned(block, found.facts), lambda b: fold(b, found.facts))

    def run(self, name: str, block: ir.Block, optional: Callable[[ir.Block], ir.Block]) -> ir.Block:
        """One optional pass, unless it is switched off."""
        return block if name in self.skip else optional(block)

    def pair(self, function: types.FunctionType, kinds: Kinds, wrt: frozenset[str]) -> Callee:
        """Compile a function to its two sweeps, once per kinds and activity."""
        key = (function, tuple(kinds.items()), wrt)
        if key not in self.callees:
            forward, backward = names = self.fresh_names(function)
            self.callees[key] = Callee(forward, backward, tuple(p for p in kinds if p in wrt))
            found = self.analysed(function, kinds, wrt)
            both = pair(found.function, self.sweeps(found), names, found.namer)
            self.generated.append(self.finished(both.forward, found))
            self.generated.append(self.finished(both.backward, found, backward=True))
        return self.callees[key]

    def gradient(
        self, function: types.FunctionType, kinds: Kinds, wrt: frozenset[str], *, value: bool
    ) -> str:
        """Compile a function to its gradient; returns the name of the generated function."""
        found = self.analysed(function, kinds, wrt)
        name = self.names.fresh(f"{base_name(function)}_{'value_and_grad' if value else 'grad'}")
        self.functions.add(name)
        check = scalar_check(found)
        if needs_exits(found.function):
            callee = self.pair(function, kinds, wrt)
            self.generated.append(
                self.finished(apart(found.function, callee, name, check=check, value=value), found)
            )
            return name
        sweeps = self.sweeps(found, seed=ir.Const(1.0))
        whole = joined(found.function, sweeps, name, found.namer, check=check, value=value)
        self.generated.append(self.finished(whole, found))
        return name

    def fresh_names(self, function: types.FunctionType) -> tuple[str, str]:
        """Names for the sweeps: `loss_forward`, `loss_backward`."""
        base = base_name(function)
        self.names.taken |= own_names(function)
        names = self.names.fresh(f"{base}_forward"), self.names.fresh(f"{base}_backward")
        self.functions |= {*names}
        return names

    # ---- emit

    def finished(self, function: ir.Function, found: Analysed, *, backward: bool = False) -> Generated:
        """The last touches: dead code, the user's names, and where the backward sweep begins."""
        f = replace(function, body=self.run("dce", function.body, _without_dead))
        bars = found.bars
        wishes = found.wishes | {bars[n]: bars[w] for n, w in found.wishes.items() if n in bars and w in bars}
        if "coalesce" not in self.skip:
            f = coalesce(f, wishes)
        verify.linked(f)
        verify.closed(f, frozenset(self.functions))
        start = f.body.index(BACKWARD) if BACKWARD in f.body else 0 if backward else None
        f = dump("final", replace(f, body=tuple(s for s in f.body if s != BACKWARD)))
        return Generated(f, start)


def _without_dead(block: ir.Block) -> ir.Block:
    """A whole function without dead code; the forward part of a joined one serves only its backward part."""
    if BACKWARD not in block:
        return remove_dead(block, frozenset())
    start = block.index(BACKWARD)
    backward = remove_dead(block[start + 1 :], frozenset())
    return (*remove_dead(block[:start], live_before(backward)), BACKWARD, *backward)


def own_names(function: types.FunctionType) -> set[str]:
    """The names that a function uses itself."""
    code = function.__code__
    return {*code.co_varnames, *code.co_cellvars, *code.co_freevars, *code.co_names}


def base_name(function: types.FunctionType) -> str:
    """What generated functions are called after: `loss`, `Conv_call`, `lambda`."""
    parts = function.__qualname__.rpartition("<locals>.")[2].split(".")
    return "_".join("lambda" if part == "<lambda>" else part.strip("_") for part in parts)


def scalar_check(found: Analysed) -> bool:
    """Whether the result has to be checked to be a scalar when the program runs."""
    kinds = [found.facts.expr(s.value) for s in statements(found.function.body) if isinstance(s, ir.Return)]
    return any(k.tag not in ("float", "int", "bool") for k in kinds)


def needs_exits(function: ir.Function) -> bool:
    """Whether the function is left from within."""
    return any(isinstance(s, ir.Return) for s in statements(function.body) if s is not function.body[-1])


def _bound_kinds(call: ir.Call, args: tuple[Kind, ...], options: Kinds) -> Kinds:
    """The kinds of the parameters of a callee, defaults included."""
    names = bind(call)
    given = dict(zip(call.args, args, strict=True)) | {v: options[k] for k, v in call.kwargs}
    signature = inspect.signature(call.function, follow_wrapped=False)
    defaults = {p.name: kind_of(p.default) for p in signature.parameters.values() if p.default is not p.empty}
    known = {p: given.get(names[p], UNKNOWN) for p in names}
    return {p: known.get(p) or defaults.get(p, UNKNOWN) for p in signature.parameters}


def dump(stage: str, function: ir.Function) -> ir.Function:
    """Print the function if the environment asks for this stage."""
    if os.environ.get("KNETC_DUMP") in (stage, "all"):
        print(f"---- {stage} ----\n{show(function)}", file=sys.stderr)  # noqa: T201  asked for
    return function

"""The compiler on one page: the passes in their order, a named dump after each, and checks in between.

    front     text -> IR                       lower; spelling of what is refused
    canon     must-run rewrites                tails, webs, anf, methods, listed, augmented
    analysis  facts                            infer (kinds), activity, refusals
    diff      both sweeps                      reverse, ownership; entry, residuals
    opt       may-run rewrites                 fold, copyprop, dce, nest, shapes, coalesce
    emit      text, callables                  module, loader

`KNETC_DUMP=anf` (or `all`) prints the function after that stage; `KNETC_SKIP=fold,nest` leaves optional passes out.
What one compilation keeps across functions is in `session.py`.
"""

from __future__ import annotations

import dis
import os
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from knetc.analysis.activity import Activity, activity
from knetc.analysis.assigned import unbound
from knetc.analysis.buffers import buffers
from knetc.analysis.changes import changed_parameters
from knetc.analysis.infer import Inference, Kinds, Outside, inferred
from knetc.analysis.lengths import Lengths, lengths
from knetc.analysis.liveness import live_before
from knetc.analysis.refusals import check
from knetc.analysis.refuse import refuse
from knetc.analysis.visible import seen_outside
from knetc.canon.anf import normalise
from knetc.canon.augmented import rebind_augmented
from knetc.canon.listed import make_arrays
from knetc.canon.methods import resolve_methods
from knetc.canon.tails import nest_tails
from knetc.canon.webs import split_webs
from knetc.diff.calls import Callees
from knetc.diff.entry import BACKWARD, bars_of
from knetc.diff.ownership import make_owned
from knetc.diff.reverse import reverse
from knetc.diff.scopes import Sweeps
from knetc.emit.module import Generated
from knetc.errors import Refusal
from knetc.front.lower import lower
from knetc.front.spelling import spelled
from knetc.ir import nodes as ir
from knetc.ir import verify
from knetc.ir.names import Namer, namer_for
from knetc.ir.show import show
from knetc.ir.walk import all_reads, statements, stored_into
from knetc.opt.coalesce import coalesce
from knetc.opt.copyprop import propagate, replace_names
from knetc.opt.dce import remove_dead, remove_stores
from knetc.opt.fold import fold
from knetc.opt.nest import nest
from knetc.opt.shapes import share_shapes

RESERVED = (
    "np accumulate add_attribute add_item call call_method check_scalar filled gradient_of Mirror pullback scatter_add "
    "unbroadcast unbroadcast_like zero"
).split()
"""Names that generated code imports, and that no variable should hide."""


@dataclass(frozen=True)
class Analysed:
    """A canonical function with the facts about it.

    `temps` were invented, `wishes` are the names users gave, `written` are the arguments that it stores into, and
    `visible` all names a change of which is seen by the caller, `changed` the parameters that it or a callee changes.
    """

    function: ir.Function
    facts: Inference
    active: Activity
    namer: Namer
    temps: frozenset[str]
    wishes: dict[str, str]
    written: frozenset[str] = frozenset()
    visible: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    bars: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Passes:
    """The passes, less the optional ones that are switched off; `mixed` arguments have numbers of several widths."""

    skip: frozenset[str]
    mixed: bool = False

    def analyse(
        self,
        function: types.FunctionType,
        kinds: Kinds,
        wrt: frozenset[str],
        world: Callable[[types.FunctionType], Outside],
        text: str | None,
        *options: Any,
    ) -> Analysed:
        """The canonical function with its facts (front, canon, analysis). Raises `Refusal`.

        What is refused is spelled out, stores first, and then what stands at the place that is refused still.
        """
        stores = False
        while True:
            try:
                return self._analyse(function, kinds, wrt, world(function), stores, text, *options)
            except Refusal as refusal:
                carried = not stores and has_stores(function.__code__)
                simpler = function if carried else spelled(function, refusal.place, text)
                if simpler is None:
                    raise
                function, stores = simpler, has_stores(simpler.__code__)

    def _analyse(
        self,
        function: types.FunctionType,
        kinds: Kinds,
        wrt: frozenset[str],
        world: Outside,
        stores: bool,
        text: str | None,
        taken: set[str],
        own: frozenset[str],
        shapes: Lengths,
    ) -> Analysed:
        """One try; `own` are the parameters that may be stored into, `shapes` their lengths."""
        f = dump("lower", lower(function, text, stores=stores))
        namer = namer_for(f, (*RESERVED, *taken))
        f = dump("tails", nest_tails(f, namer))
        f, wishes = split_webs(f, namer)
        dump("webs", f)
        f, temps = normalise(f, namer, wishes)
        dump("anf", f)
        facts = inferred(f, kinds, world)
        f, receivers = resolve_methods(f, facts, namer)
        temps |= receivers
        dump("methods", f)
        verify.anormal(f)
        active = activity(f, wrt, facts.kinds, facts.is_passive)
        f, arrays = make_arrays(f, active.varied, facts, namer)
        if arrays:
            temps, active = temps | arrays, activity(f, wrt, facts.kinds, facts.is_passive)
        check(f, active, facts, buffers(f, facts, own))
        facts.lengths = lengths(f, shapes, facts.is_integer)
        f = dump("augmented", rebind_augmented(f, facts.kinds, active, temps, mixed=self.mixed))
        stored = {name for stmt in statements(f.body) for name in stored_into(stmt)}
        written = frozenset(p.name for p in f.params) & stored
        visible = written | seen_outside(f, active, facts)
        changed = changed_parameters(f, facts, active.classes, visible)
        f, _ = resolve_methods(f, facts, namer)
        return Analysed(f, facts, active, namer, temps, wishes, written, visible, changed)

    def differentiate(self, found: Analysed, callees: Callees, seed: ir.Expr | None = None) -> Sweeps:
        """Both sweeps (diff and opt); `seed` takes the place of the cotangent of the result."""
        s = reverse(found.function, found.facts, found.active, callees, found.namer, found.temps)
        found.bars.update(s.names)
        end = ir.Return(bars_of(s))
        backward = (*s.backward, end) if seed is None else replace_names((*s.backward, end), {s.seed: seed})
        *backward_, last = self.simplify(backward, s, found)
        assert isinstance(last, ir.Return)
        forward = self.run("nest", s.forward, lambda b: nest(b, found.temps, all_reads((*backward_, last))))
        return replace(s, forward=forward, backward=tuple(backward_), result=last.value)

    def simplify(self, backward: ir.Block, s: Sweeps, found: Analysed) -> ir.Block:
        """The backward sweep as a colleague would write it."""
        invented = frozenset(bar for name, bar in s.names.items() if name in found.temps)
        block = self.run("fold", backward, lambda b: fold(b, found.facts))
        block = self.run("copyprop", block, propagate)
        block = self.run("dce", block, lambda b: remove_dead(b, frozenset()))
        block = self.run("nest", block, lambda b: nest(b, invented, frozenset()))
        block = self.run("fold", block, lambda b: fold(b, found.facts))
        block = self.run("copyprop", block, propagate)
        block = self.run("shapes", block, lambda b: share_shapes(b, found.function, found.facts))
        block = self.run("fold", make_owned(block, found.facts), lambda b: fold(b, found.facts))
        return self.run("dce", block, lambda b: remove_stores(b, frozenset(found.bars.values())))

    def finish(
        self, function: ir.Function, found: Analysed, functions: set[str], *, backward: bool
    ) -> Generated:
        """The last touches: dead code, the user's names, and where the backward sweep begins."""
        f = replace(function, body=self.run("dce", function.body, lambda b: without_dead(b, found.visible)))
        bars = found.bars
        wishes = found.wishes | {bars[n]: bars[w] for n, w in found.wishes.items() if n in bars and w in bars}
        f = f if "coalesce" in self.skip else coalesce(f, wishes)
        verify.linked(f)
        late = unbound(f, frozenset(bars.values()))
        if late:
            raise refuse("a value that only some ways through the function give", f.place, f"`{late}`")
        verify.closed(f, frozenset(functions))
        start = f.body.index(BACKWARD) if BACKWARD in f.body else 0 if backward else None
        return Generated(dump("final", replace(f, body=tuple(s for s in f.body if s != BACKWARD))), start)

    def run(self, name: str, block: ir.Block, optional: Callable[[ir.Block], ir.Block]) -> ir.Block:
        """One optional pass, unless it is switched off."""
        return block if name in self.skip else optional(block)


def has_stores(code: types.CodeType) -> bool:
    """Whether a function assigns to items, or appends to lists."""
    return "append" in code.co_names or any(
        step.opname in ("STORE_SUBSCR", "STORE_SLICE") for step in dis.get_instructions(code)
    )


def without_dead(block: ir.Block, written: frozenset[str]) -> ir.Block:
    """A whole function without dead code; the forward part of a joined one serves only its backward part.

    What it writes into its arguments is seen outside.
    """
    if BACKWARD not in block:
        return remove_dead(block, written)
    start = block.index(BACKWARD)
    backward = remove_dead(block[start + 1 :], frozenset())
    return (*remove_dead(block[:start], live_before(backward) | written), BACKWARD, *backward)


def dump(stage: str, function: ir.Function) -> ir.Function:
    """Print the function if the environment asks for this stage."""
    if os.environ.get("KNETC_DUMP") in (stage, "all"):
        print(f"---- {stage} ----\n{show(function)}", file=sys.stderr)  # noqa: T201  asked for
    return function

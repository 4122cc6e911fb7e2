"""One compilation: a function, the user functions that it calls, and what was taken for granted about the world."""

from __future__ import annotations

import inspect
import os
import sys
import types

from knetc.analysis.assigned import missing
from knetc.analysis.infer import Inference, Kinds, Outside
from knetc.analysis.kinds import BOTTOM, PLAIN_TYPES, UNKNOWN, Kind, join, kind_of
from knetc.analysis.lengths import Lengths
from knetc.analysis.outcome import called_names, needs_exits, published, refuse_parts, scalar_check
from knetc.analysis.refuse import refuse
from knetc.diff.calls import Callee, Callees
from knetc.diff.entry import apart, joined, pair
from knetc.diff.operands import bind
from knetc.diff.scopes import Sweeps
from knetc.emit.module import Generated
from knetc.errors import Refusal
from knetc.front.effects import changed_parameters, stored_attributes
from knetc.front.lower import lower
from knetc.front.recursion import is_recursive, of_any_depth
from knetc.front.resolve import UNKNOWN as UNRESOLVED
from knetc.front.resolve import free_value
from knetc.front.source import SPELLED
from knetc.ir import nodes as ir
from knetc.ir.names import Namer
from knetc.ir.walk import own_expressions, statements, subexpressions
from knetc.pipeline import Analysed, Passes
from knetc.uses import Default, Uses


class Session:
    """The compilation of one function and of the user functions that it calls."""

    def __init__(self, skip: frozenset[str] | None = None, *, mixed: bool = False) -> None:
        skipped = frozenset(os.environ.get("KNETC_SKIP", "").split(",")) if skip is None else skip
        self.passes = Passes(skipped, mixed)
        self.names = Namer()
        self.functions: set[str] = set()
        self.callees: dict[tuple[object, ...], Callee] = {}
        self.generated: list[Generated] = []
        self.uses: dict[tuple[types.FunctionType, str], Uses] = {}
        self.results: dict[tuple[object, ...], Kind] = {}
        self.refused: dict[tuple[object, ...], Refusal] = {}
        self.running: list[tuple[object, ...]] = []
        self.guess = sys.maxsize
        self.texts: dict[types.FunctionType, str] = {}
        self.changed: dict[types.FunctionType, frozenset[str]] = {}
        self.stored: dict[types.FunctionType, frozenset[str]] = {}
        self.written: frozenset[str] = frozenset()
        self.published: dict[str, frozenset[str]] = {}

    def analysed(
        self,
        function: types.FunctionType,
        kinds: Kinds,
        wrt: frozenset[str],
        own: frozenset[str] = frozenset(),
        shapes: Lengths | None = None,
    ) -> Analysed:
        """The canonical function with its facts; `own` are the parameters that it may store into. Raises `Refusal`."""
        text = self.texts.get(function)
        found = self.passes.analyse(function, kinds, wrt, self.world, text, self.functions, own, shapes or {})
        self.names.taken |= found.namer.taken
        self._note_callees(found.function)
        self.changed[function] = self.changed_by(function) | found.changed
        self.stored[function] = self.stored_by(function) | found.facts.stored
        return found

    # ---- the world outside

    def world(self, function: types.FunctionType) -> Outside:
        """What the analysis of a function may ask."""
        return Outside(
            lambda name: self.free_kind(function, name), self.result_kind, self.stored_by, self.changed_by
        )

    def changed_by(self, function: types.FunctionType) -> frozenset[str]:
        """The parameters whose value a function or its callees may change, as far as they are known."""
        return changed_parameters(function) | self.changed.get(function, frozenset())

    def stored_by(self, function: types.FunctionType) -> frozenset[str]:
        """The attributes to which a function and its callees give other values, as far as they are known."""
        return stored_attributes(function) | self.stored.get(function, frozenset())

    def free_kind(self, function: types.FunctionType, name: str) -> Kind:
        """The kind of a global or captured name, taken for granted from now on."""
        code = function.__code__
        if name not in code.co_names and name not in code.co_freevars:  # a name of the generated code
            return UNKNOWN
        value = free_value(function, name)
        kind = UNKNOWN if value is UNRESOLVED else kind_of(value)
        self.uses[function, name] = Uses(function, name, value, kind)
        return kind

    def _note_callees(self, f: ir.Function) -> None:
        """A compiled call holds as long as the name of its callee stands for the same function."""
        for name, value in SPELLED[f.origin].marks.borrowed if f.origin in SPELLED else ():
            self.uses[f.origin, name] = Uses(f.origin, name, value, None)
        for stmt in statements(f.body):
            for e in (e for whole in own_expressions(stmt) for e in subexpressions(whole)):
                if isinstance(e, ir.Call) and e.owner is not None:
                    for name in ("__call__", e.spelled):
                        if inspect.getattr_static(e.owner, name, None) is e.function:
                            method = Uses(f.origin, name, e.function, None, e.owner)
                            self.uses[e.function, f"{id(e.owner)}.{name}"] = method
            if isinstance(stmt, ir.Assign) and isinstance(stmt.value, ir.Call | ir.Apply):
                spelled = stmt.value.spelled
                if isinstance(stmt.value, ir.Call) and stmt.value.owner is not None:
                    continue
                name = spelled.partition(".")[0] if isinstance(spelled, str) else ""
                if name.isidentifier() and name not in f.origin.__code__.co_varnames:
                    self.uses[f.origin, name] = Uses(f.origin, name, free_value(f.origin, name), None)

    def result_kind(self, call: ir.Call, args: tuple[Kind, ...], options: Kinds) -> Kind:
        """The kind of what a user function returns for arguments of these kinds; by iteration if it is recursive."""
        kinds = _bound_kinds(call, args, options)
        for p in inspect.signature(call.function, follow_wrapped=False).parameters.values():
            if p.default is not p.empty and not isinstance(p.default, PLAIN_TYPES):
                use = Default(call.function, p.name, p.default, kind_of(p.default))
                self.uses[call.function, f"{p.name}="] = use
        key = (call.function, tuple(kinds.items()))
        if key in self.results:
            if key in self.running:  # a guess, to be confirmed by the caller that made it
                self.guess = min(self.guess, self.running.index(key))
            return self.results[key]
        if key in self.refused:
            raise self.refused[key]
        outer, self.guess = self.guess, len(self.running)
        self.running.append(key)
        try:
            self.results[key] = found = self._settled(call.function, kinds, key)
        except Refusal as refusal:  # nothing is known of what cannot be analysed
            self.guess = -1
            self.refused[key] = refusal
            raise
        finally:
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

    # ---- functions

    def pair(
        self,
        function: types.FunctionType,
        kinds: Kinds,
        wrt: frozenset[str],
        own: frozenset[str] = frozenset(),
        shapes: Lengths | None = None,
    ) -> Callee:
        """Compile a function to its two sweeps, once per kinds and activity."""
        key = (function, tuple(kinds.items()), wrt, own)
        if key not in self.callees:
            forward, backward = names = self.fresh_names(function)
            self.callees[key] = Callee(forward, backward, tuple(p for p in kinds if p in wrt))
            found = self.analysed(function, kinds, wrt, own, shapes)
            both = pair(
                found.function, self.passes.differentiate(found, self.callees_of(found)), names, found.namer
            )
            late = missing(both.forward, both.backward)
            if late:
                what = "a value that only some ways through the function give"
                raise refuse(what, found.function.place, f"`{late}`")
            self.add(both.forward, found)
            self.add(both.backward, found, backward=True)
        return self.callees[key]

    def gradient(
        self,
        function: types.FunctionType,
        kinds: Kinds,
        wrt: frozenset[str],
        *,
        value: bool,
        shapes: Lengths | None = None,
    ) -> str:
        """Compile a function to its gradient; returns the name of the generated function."""
        kinds = widened(function, kinds)
        own = given_always(function)
        found = self.analysed(function, kinds, wrt, own, shapes)
        self.written = found.written
        self.published = published(found.function)
        name = self.names.fresh(f"{base_name(function)}_{'value_and_grad' if value else 'grad'}")
        self.functions.add(name)
        check = scalar_check(found.function, found.facts)
        refuse_parts(found.function, found.facts)
        if needs_exits(found.function):
            callee = self.pair(function, kinds, wrt, own, shapes)
            self.add(apart(found.function, callee, name, check=check, value=value), found)
            return name
        sweeps: Sweeps = self.passes.differentiate(found, self.callees_of(found), seed=ir.Const(1.0))
        whole = joined(found.function, sweeps, name, found.namer, check=check, value=value)
        self.add(whole, found)
        return name

    def fresh_names(self, function: types.FunctionType) -> tuple[str, str]:
        """Names for the sweeps: `loss_forward`, `loss_backward`."""
        base = base_name(function)
        self.names.taken |= own_names(function)
        names = self.names.fresh(f"{base}_forward"), self.names.fresh(f"{base}_backward")
        self.functions |= {*names}
        return names

    def callees_of(self, found: Analysed) -> Callees:
        """How the calls in a function are compiled: by the kinds of their arguments."""
        return lambda call, active: self.pair(call.function, _argument_kinds(call, found.facts), active)

    def add_helpers(self) -> None:
        """Take lifted functions that are only called for their values into the module, as they stand."""
        helpers: dict[str, types.FunctionType] = {}
        for generated in self.generated:  # which grows on the way
            f = generated.function
            for name in sorted(called_names(f) & {*f.origin.__code__.co_freevars}):
                helper = free_value(f.origin, name)
                lifted = isinstance(helper, types.FunctionType) and helper in SPELLED
                if lifted and name not in self.functions and helpers.setdefault(name, helper) is helper:
                    self.functions.add(name)
                    self.generated.append(Generated(lower(helper)))

    def add(self, function: ir.Function, found: Analysed, *, backward: bool = False) -> None:
        """Take a generated function into the module."""
        self.generated.append(self.passes.finish(function, found, self.functions, backward=backward))


def _argument_kinds(call: ir.Call, facts: Inference) -> Kinds:
    args, options = tuple(map(facts.expr, call.args)), {k: facts.expr(v) for k, v in call.kwargs}
    return _bound_kinds(call, args, options)


def given_always(function: types.FunctionType) -> frozenset[str]:
    """The parameters without default: what is stored into a default value stays there for the next call."""
    signature = inspect.signature(function, follow_wrapped=False)
    return frozenset(p.name for p in signature.parameters.values() if p.default is p.empty)


def own_names(function: types.FunctionType) -> set[str]:
    """The names that a function uses itself."""
    code = function.__code__
    return {*code.co_varnames, *code.co_cellvars, *code.co_freevars, *code.co_names}


def base_name(function: types.FunctionType) -> str:
    """What generated functions are called after: `loss`, `Conv_call`, `lambda`."""
    parts = function.__qualname__.rpartition("<locals>.")[2].split(".")
    return "_".join(part.strip("_<>") for part in parts)


def _bound_kinds(call: ir.Call, args: tuple[Kind, ...], options: Kinds) -> Kinds:
    """The kinds of the parameters of a callee, defaults included."""
    names = bind(call)
    given = dict(zip(call.args, args, strict=True)) | {v: options[k] for k, v in call.kwargs}
    signature = inspect.signature(call.function, follow_wrapped=False)
    defaults = {p.name: kind_of(p.default) for p in signature.parameters.values() if p.default is not p.empty}
    known = {p: given.get(names[p], UNKNOWN) for p in names}
    kinds = {p: known.get(p) or defaults.get(p, UNKNOWN) for p in signature.parameters}
    return widened(call.function, kinds)


def widened(function: types.FunctionType, kinds: Kinds) -> Kinds:
    """The kinds for which a function is compiled: those of trees say nothing of their depth if it is recursive."""
    if any(of_any_depth(kind) != kind for kind in kinds.values()) and is_recursive(function):
        return {name: of_any_depth(kind) for name, kind in kinds.items()}
    return kinds

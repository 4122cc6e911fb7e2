"""Lowers a function: gast in, `ir.Function` out. The only place that knows Python's statements.

One method per statement. A statement that is not understood is carried whole as `Opaque`; one that would change
the meaning of its surroundings (`yield`, `global`, a jump out of a `with`) is refused at once.
"""

from __future__ import annotations

import ast
import inspect
import types
from dataclasses import replace
from typing import Any

import gast
import numpy as np

from knetc.analysis.refuse import refuse
from knetc.errors import Place
from knetc.front.effects import changed_by_calls, mutated
from knetc.front.expressions import BINARY, Expressions
from knetc.front.names import carried, carried_for_good
from knetc.front.source import Source, source_of
from knetc.front.syntax import (
    bound_names,
    default_expressions,
    has_docstring,
    has_stars,
    has_walrus,
    jump_out,
    own_nodes,
)
from knetc.front.targets import is_append, is_attribute, is_element, names_bound
from knetc.ir import nodes as ir
from knetc.ops import registry

COMPOUND = {
    gast.With: "`with`",
    gast.Try: "`try`",
    gast.Match: "`match`",
    gast.For: "`for ... else`",
    gast.While: "`while ... else`",
    gast.Delete: "`del`",
    gast.FunctionDef: "a nested function that captures an active value",
    gast.ClassDef: "a nested class",
    gast.AsyncFunctionDef: "`async`",
}
VALUED = (gast.Assign, gast.AnnAssign, gast.AugAssign, gast.Return)
SEEING = ("eval", "exec", "locals", "vars")
"""Builtins that see the variables of a function without naming them."""
FORBIDDEN = {
    gast.Global: "`global`",
    gast.Nonlocal: "`nonlocal`",
    gast.Yield: "`yield`",
    gast.YieldFrom: "`yield`",
    gast.Await: "`async`",
    gast.AsyncFor: "`async`",
    gast.AsyncWith: "`async`",
}


def lower(function: types.FunctionType, text: str | None = None, *, stores: bool = False) -> ir.Function:
    """Parse and lower a Python function; `stores` into arrays are spelled out, or carried as they stand.

    Raises `SourceError` or `Refusal`.
    """
    source = source_of(function, text)
    code = function.__code__
    definition = gast.ast_to_gast(source.definition)
    return Lowering(source, frozenset(code.co_varnames + code.co_cellvars), stores=stores).function(
        definition
    )


class Lowering:
    """The lowering of one function."""

    def __init__(self, source: Source, local: frozenset[str], *, stores: bool) -> None:
        self.source = source
        self.local = local
        self.stores = stores
        self.expressions = Expressions(source, local)

    def function(self, node: gast.AST) -> ir.Function:
        """The whole function; a lambda is a function of one `return`."""
        function = self.source.function
        self._check(node)
        if isinstance(node, gast.Lambda):
            body: ir.Block = (ir.Return(self.expressions.lower(node.body), self.source.place(node.body)),)
        else:
            body = self.block(node.body[1:] if has_docstring(node.body) else node.body)
        name = "lambda_" if function.__name__ == "<lambda>" else function.__name__
        names = frozenset(n.id for n in gast.walk(node) if isinstance(n, gast.Name))
        marks = self.source.marks
        return ir.Function(
            name,
            self._params(),
            body,
            origin=function,
            place=self._place(node),
            names=names,
            invented=marks.invented,
            rebinds=marks.rebinds,
        )

    def _check(self, node: gast.AST) -> None:
        if isinstance(node, gast.AsyncFunctionDef):
            raise refuse("`async`", self._place(node))
        for inner in own_nodes(node):
            if type(inner) in FORBIDDEN:
                raise refuse(FORBIDDEN[type(inner)], self.source.place(inner))
            if isinstance(inner, gast.Name) and inner.id in SEEING and self._builtin(inner):
                raise refuse(
                    f"`{inner.id}`", self.source.place(inner), rewrite="name the variables in the code"
                )

    def _params(self) -> tuple[ir.Param, ...]:
        signature = inspect.signature(self.source.function, follow_wrapped=False)
        defaults = default_expressions(self.source.definition)
        for p in signature.parameters.values():
            if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
                what = "`*args`" if p.kind is p.VAR_POSITIONAL else "`**kwargs`"
                raise refuse(what, self._place(self.source.definition), rewrite="name the parameters")
        return tuple(
            ir.Param(p.name, p.kind.name, self._default(defaults.get(p.name)))
            for p in signature.parameters.values()
        )

    def _default(self, node: ast.expr | None) -> ir.Expr | None:
        return None if node is None else ir.Verbatim(node, frozenset())

    def block(self, nodes: list[gast.AST]) -> ir.Block:
        """A list of statements; what follows a jump is dropped, as it never runs."""
        out: list[ir.Stmt] = []
        for node in nodes:
            out.extend(self.statement(node))
            if isinstance(node, gast.Return | gast.Break | gast.Continue):
                break
        return tuple(out)

    def statement(self, node: gast.AST) -> ir.Block:
        """One statement of the source, as none, one or several of the IR."""
        if has_walrus(node):
            if isinstance(node, gast.Return) or jump_out(node) is not None:
                raise refuse("an assignment expression", self._place(node))
            return (self.opaque(node, "an assignment expression"),)
        if isinstance(node, VALUED) and node.value is not None and self._changes(node.value):
            return self._changing(node)
        place = self._place(node)
        match node:
            case gast.Pass():
                return ()
            case gast.Assign():
                return self.assign(node, place)
            case gast.AnnAssign() if node.value is not None and isinstance(node.target, gast.Name):
                return (ir.Assign(ir.Name(node.target.id), self.expressions.lower(node.value), place),)
            case gast.AugAssign() if isinstance(node.target, gast.Name):
                return self.augmented(node, place)
            case gast.AugAssign() if self.stores and is_element(node.target, self.local):
                return (self.augmented_store(node, place),)
            case gast.Expr(value=gast.Call() as call) if self._grows(call):
                owner, item = map(self.expressions.lower, (call.func.value, call.args[0]))
                return (ir.Do(ir.Invoke(ir.Attr(owner, "append"), (item,)), place),)
            case gast.If():
                return (ir.If(self.test(node.test), self.block(node.body), self.block(node.orelse), place),)
            case gast.For() if not node.orelse and names_bound(node.target) and not self._changes(node.iter):
                return self.for_(node, place)
            case gast.While() if not node.orelse:
                return (ir.While(self.test(node.test), self.block(node.body), place),)
            case gast.Return():
                value = ir.Const(None) if node.value is None else node.value
                return self.valued(value, lambda e: ir.Return(e, place), place)
            case gast.Break():
                return (ir.Break(place),)
            case gast.Continue():
                return (ir.Continue(place),)
            case _:
                return (self.opaque(node),)

    def _changes(self, node: gast.AST) -> bool:
        """Whether evaluating an expression changes something in place."""
        return bool(changed_by_calls(self.source, self.local, node))

    def _changing(self, node: gast.AST) -> ir.Block:
        """Such a statement is carried whole; a `return` of it becomes an assignment and a `return`."""
        what = "a change in place inside an expression"
        if not isinstance(node, gast.Return):
            return (self.opaque(node, what),)
        name = f"{self.source.function.__name__.strip('<>')}_value"
        target = gast.Name(name, gast.Store(), None, None)
        assign = gast.copy_location(gast.Assign([target], node.value, None), node)
        opaque = replace(self.opaque(gast.fix_missing_locations(assign), what), writes=frozenset((name,)))
        return (opaque, ir.Return(ir.Name(name), self._place(node)))

    def assign(self, node: gast.Assign, place: Place) -> ir.Block:
        """An assignment; `a = b = e` assigns from left to right."""
        if len(node.targets) == 1 and self.stores and is_element(node.targets[0], self.local):
            target = self.expressions.lower(node.targets[0])
            return self.valued(node.value, lambda e: ir.Assign(target, e, place), place)
        if len(node.targets) == 1 and is_attribute(node.targets[0], self.source.marks.published):
            store = ir.Attr(ir.Name(node.targets[0].value.id), node.targets[0].attr)
            return (ir.Assign(store, self.expressions.lower(node.value), place),)
        targets = [t for t in map(names_bound, node.targets) if t is not None]
        if len(targets) < len(node.targets):
            return (self.opaque(node, f"an assignment into `{gast.unparse(node.targets[0]).strip()}`"),)
        first, *more = targets
        if more and not isinstance(first, ir.Name):
            return (self.opaque(node, "a chained assignment to a tuple"),)
        chain = [ir.Assign(t, first, place) for t in more]
        return (*self.valued(node.value, lambda e: ir.Assign(first, e, place), place), *chain)

    def _grows(self, call: gast.Call) -> bool:
        """Whether a call appends to a list, and is to be spelled out."""
        return self.stores and is_append(call, self.local) and not self._changes(call.args[0])

    def augmented_store(self, node: gast.AugAssign, place: Place) -> ir.Stmt:
        """`y[i] += e` adds in place; any other operator reads the element and stores the new one."""
        element = self.expressions.lower(node.target)
        value = self.expressions.lower(node.value)
        if isinstance(node.op, gast.Add):
            return ir.Accumulate(element, value, place)
        if isinstance(node.op, gast.Sub):
            minus = ir.Apply(registry.OPS[np.negative], (value,), (), "-", place)
            return ir.Accumulate(element, minus, place)
        if type(node.op) not in BINARY:
            return self.opaque(node)
        changed = self.expressions.binary(node.op, element, value, node)
        return ir.Assign(element, changed, place, augmented=True)

    def valued(self, node: Any, use: Any, place: Place) -> ir.Block:
        """A statement that uses one value; a conditional expression becomes an `if`."""
        if isinstance(node, gast.IfExp):
            then, orelse = (self.valued(branch, use, place) for branch in (node.body, node.orelse))
            return (ir.If(self.test(node.test), then, orelse, place),)
        return (use(node if isinstance(node, ir.Const) else self.expressions.lower(node)),)

    def augmented(self, node: gast.AugAssign, place: Place) -> ir.Block:
        """`x += e` keeps its spelling, so that what is inactive is printed as it was written."""
        name = ir.Name(node.target.id)
        if type(node.op) not in (gast.Add, gast.Sub, gast.Mult, gast.Div, gast.Pow, gast.MatMult):
            return (self.opaque(node),)
        value = self.expressions.binary(node.op, name, self.expressions.lower(node.value), node, suffix="=")
        return (ir.Assign(name, value, place),)

    def test(self, node: gast.AST) -> ir.Expr:
        """A condition: only its truth matters, so it is inactive whatever it contains."""
        lowered = self.expressions.lower(node) if isinstance(node, gast.Name | gast.Constant) else None
        if lowered is not None:
            return lowered
        reads = self.expressions.reads(node)
        return ir.Verbatim(gast.gast_to_ast(node), reads, "bool", "", self.source.place(node), reads)

    def for_(self, node: gast.For, place: Place) -> ir.Block:
        """A `for` loop over whatever it walks."""
        target = names_bound(node.target)
        assert target is not None
        return (ir.For(target, self.iteration(node.iter), self.block(node.body), place),)

    def iteration(self, node: gast.AST) -> ir.Iter:
        """`range`, `zip` and `enumerate` are walked structurally; anything else is evaluated once."""
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and not has_stars(node):
            match self._builtin(node.func), node.args:
                case "range", [_, *_]:
                    return ir.Range(tuple(map(self.expressions.lower, node.args)))
                case "zip", [_, *_] if not node.keywords:
                    return ir.Zip(tuple(map(self.iteration, node.args)))
                case "enumerate", [inner, *start] if len(start) + len(node.keywords) <= 1:
                    first = start[0] if start else node.keywords[0].value if node.keywords else None
                    return ir.Enumerate(
                        self.iteration(inner), None if first is None else self.expressions.lower(first)
                    )
        return ir.Each(self.expressions.lower(node))

    def _builtin(self, node: gast.Name) -> str:
        shadowed = node.id in self.local or node.id in self.source.function.__globals__
        return "" if shadowed else str(node.id)

    def opaque(self, node: gast.AST, what: str = "") -> ir.Opaque:
        """A statement that is carried as it stands."""
        if isinstance(node, gast.FunctionDef) and any(isinstance(n, gast.Nonlocal) for n in gast.walk(node)):
            what = "`nonlocal`"
        what = what or COMPOUND.get(type(node), f"`{type(node).__name__.lower()}`")
        jump = jump_out(node)
        if jump is not None:
            spelled = isinstance(node, gast.For | gast.While | gast.Match)  # out, if it is refused
            raise refuse(f"a jump out of {what}", self._place(node) if spelled else self.source.place(jump))
        reads = self.expressions.reads(node)
        writes = frozenset(bound_names(node)) & self.local
        changed = mutated(self.source, self.local, node)
        kept = writes or changed & self.local
        carries = (carried(node) if kept else carried_for_good(node)) & self.local
        return ir.Opaque(gast.gast_to_ast(node), reads, writes, changed, what, self._place(node), carries)

    def _place(self, node: Any) -> Place:
        """The first line of a statement: its header, for a compound one."""
        place = self.source.place(node)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            return Place(place.file, place.line, place.col, len(place.text), place.text)
        return place

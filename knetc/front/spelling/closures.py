"""Nested functions as functions of their own: what they capture becomes arguments, what they rebind is returned.

    def f(x):                           def scaled(t, *, x):
        def scaled(t):                      return t * x
            return t * x        ->
        return scaled(x + 1)            def f(x):
                                            return scaled(x + 1, x=x)

A call passes what the captured variables hold at that moment, which is what the nested function would see. So it may
only be called, by its name, from the function it stands in or from others like it.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from knetc.front.source import Marks, Source
from knetc.front.spelling.bound import assigned_first, bound_at_calls
from knetc.front.spelling.hoist import Hoist, Result
from knetc.front.spelling.nested import Nested, definition_in, nested, variables
from knetc.front.spelling.remake import remade
from knetc.front.spelling.syntax import Cannot, blocks, located, own_nodes


def lifted(
    source: Source, outer: ast.FunctionDef, wanted: Collection[str], borrowed: dict[str, Any] | None = None
) -> types.FunctionType:
    """The outer function without the nested ones `wanted`, and without those that call them or are called by them.

    `borrowed` are the global names whose definitions have been put into it. Raises `Cannot` if a nested function is
    used in any other way than to be called, or is no plain function.
    """
    local = variables(source, outer)
    found = {n.name: n for n in nested(source, outer, local)}
    if not found.keys() >= {*wanted}:
        raise Cannot
    chosen = _connected(found, wanted)
    _check_uses(outer, chosen)
    _spread(chosen)
    results = {n.name: n.result for n in chosen.values() if n.outs}
    _check_captures(outer, chosen, local, results)
    cells = {name: types.CellType() for name in chosen}
    _take_out(outer, chosen)
    passed = {n.name: sorted(n.passed) for n in chosen.values()}
    for n in chosen.values():
        cells[n.name].cell_contents = _function(n, source, results, passed, cells)
    _pass_captures(outer, passed)
    hoist = Hoist(source, outer, (), results)
    body = [s for s in hoist.block(outer.body) if not isinstance(s, ast.AnnAssign) or s.value is not None]
    outer.body = body or [located(ast.Pass(), outer)]
    marks = replace(source.marks, borrowed=(*source.marks.borrowed, *(borrowed or {}).items()))
    return remade(source, outer, hoist.marked(marks), cells)


def _connected(found: dict[str, Nested], wanted: Collection[str]) -> dict[str, Nested]:
    """The wanted functions with all that call them, are called by them, or rebind the same variables."""
    chosen = {name: found[name] for name in wanted}
    size = 0
    while size != len(chosen):
        size = len(chosen)
        for n in found.values():
            calls_chosen = n.captures & chosen.keys()
            called = any(n.name in other.captures or n.outs & other.outs for other in chosen.values())
            if calls_chosen or called:
                chosen[n.name] = n
    return chosen


def _check_uses(outer: ast.FunctionDef, chosen: dict[str, Nested]) -> None:
    """Every use of a chosen function is a call: in the outer function, or in another chosen one itself."""
    calls = 0
    for body in (outer, *(n.definition for n in chosen.values())):
        own = list(own_nodes(body))
        calls += sum(isinstance(n, ast.Call) and _names(n.func, chosen) and not _stars(n) for n in own)
    uses = sum(
        isinstance(n, ast.Name) and n.id in chosen and isinstance(n.ctx, ast.Load) for n in ast.walk(outer)
    )
    if uses != calls:
        raise Cannot


def _names(e: ast.expr, chosen: dict[str, Nested]) -> bool:
    return isinstance(e, ast.Name) and e.id in chosen


def _stars(call: ast.Call) -> bool:
    return any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords)


def _spread(chosen: dict[str, Nested]) -> None:
    """Who calls a function has to have what that one captures."""
    while True:
        before = [(n.captures, n.outs) for n in chosen.values()]
        for n in chosen.values():
            for callee in [chosen[name] for name in n.captures & chosen.keys()]:
                n.captures |= callee.captures
                n.outs |= callee.outs
        if before == [(n.captures, n.outs) for n in chosen.values()]:
            break
    for n in chosen.values():
        n.captures -= chosen.keys()
        n.passed = n.captures
    while True:  # what a callee is not passed its caller may do without, too
        needs = {n.name: n.passed for n in chosen.values()}
        for n in chosen.values():
            n.passed = n.captures - assigned_first(n.definition, needs)
        if needs == {n.name: n.passed for n in chosen.values()}:
            break


def _check_captures(
    outer: ast.FunctionDef, chosen: dict[str, Nested], local: frozenset[str], results: dict[str, Result]
) -> None:
    """What a call passes is bound there, and is what the outer function means by that name."""
    captured = {name for n in chosen.values() for name in n.captures}
    targets = [n.target for n in ast.walk(outer) if isinstance(n, ast.comprehension)]
    targets += [t for n in ast.walk(outer) if isinstance(n, ast.Delete) for t in n.targets]
    hidden = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    own = {name for n in chosen.values() for name in n.bound - n.outs}
    if captured & (hidden | own) or not captured <= local:
        raise Cannot
    given = {name: frozenset(results[name].outs if name in results else ()) for name in chosen}
    for name, bound in bound_at_calls(outer, given):
        if not bound >= chosen[name].passed:
            raise Cannot


def _take_out(outer: ast.FunctionDef, chosen: dict[str, Nested]) -> None:
    for owner, field, block in list(blocks(outer)):
        kept = [s for s in block if not _defines(s, chosen)]
        setattr(owner, field, kept or [located(ast.Pass(), block[0])])


def _defines(stmt: ast.AST, chosen: dict[str, Nested]) -> bool:
    name = getattr(definition_in(stmt), "name", "") if isinstance(stmt, ast.stmt) else ""
    return name in chosen


def _pass_captures(body: ast.FunctionDef, passed: dict[str, list[str]]) -> None:
    for node in own_nodes(body):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for name in passed.get(node.func.id, ()):
                value = located(ast.Name(name, ast.Load()), node)
                node.keywords.append(located(ast.keyword(name, value), node))


def _function(
    n: Nested,
    source: Source,
    results: dict[str, Result],
    passed: dict[str, list[str]],
    cells: dict[str, types.CellType],
) -> types.FunctionType:
    """A nested function as one of its own."""
    d, mine = n.definition, sorted(n.passed)
    result = n.result
    _pass_captures(d, passed)
    hoist = Hoist(source, d, (), results)
    body = [s for s in hoist.block(d.body) if not isinstance(s, ast.Nonlocal)]
    d.body = _returning(body, result, d) if n.outs else body or [located(ast.Pass(), d)]
    for name in mine:
        d.args.kwonlyargs.append(located(ast.arg(name), d))
        d.args.kw_defaults.append(None)
    defaults = tuple(e.value for e in d.args.defaults if isinstance(e, ast.Constant))
    named = zip(d.args.kwonlyargs, d.args.kw_defaults, strict=True)
    options = {a.arg: e.value for a, e in named if isinstance(e, ast.Constant)}
    function = remade(source, d, hoist.marked(Marks(source.marks.invented, rebinds=n.outs)), cells)
    function.__defaults__, function.__kwdefaults__ = defaults or None, options or None
    function.__name__ = d.name
    function.__qualname__ = f"{source.function.__qualname__}.<locals>.{d.name}"
    return function


def _returning(body: list[ast.stmt], result: Result, d: ast.FunctionDef) -> list[ast.stmt]:
    """The body, returning the variables that it rebinds behind its value."""
    for node in own_nodes(d):
        if isinstance(node, ast.Return):
            value = node.value or located(ast.Constant(None), node)
            node.value = located(_with_outs(value, result), node)
    if body and isinstance(body[-1], ast.Return):
        return body
    return [*body, located(ast.Return(_with_outs(ast.Constant(None), result)), d)]


def _with_outs(value: ast.expr, result: Result) -> ast.expr:
    names: list[ast.expr] = [ast.Name(n, ast.Load()) for n in result.outs]
    everything = [value, *names] if result.valued else names
    return everything[0] if len(everything) == 1 else ast.Tuple(everything, ast.Load())

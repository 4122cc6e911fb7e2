"""Writes out what stands inside an expression as plain statements, where the compiler would otherwise refuse it.

A function goes in and a function comes out, with the same parameters, globals and lines, and with a body that says the
same in simpler words. Only the place that was refused is touched; inactive code stays as it was written.

    y = a if x > 0 else b * f(x)      ->    if x > 0: ...           hoist
    hs = [f(x) for x in xs if x > 0]  ->    for x in xs: ...        comprehension
    match kind: case "relu": ...      ->    if kind == "relu": ...  compound
    for k, v in d.items(): ...        ->    for k in d: v = d[k]    mappings
    a, _, _ = np.split(x, 3)          ->    a, unused, _ = ...      repeated
    def g(t): return t * x            ->    g(t, x=x)               closures
    integrate(lambda t: t * x, 0, 1)  ->    integrate_f(0, 1)       passed
    cell = Cell(0.5); cell.step(x)    ->    cell_h = ...            objects
    self.h = np.tanh(self.h * w)      ->    self_h = ...            fields
"""

from __future__ import annotations

import ast
import contextlib
import copy
import threading
import types
import weakref

from knetc.errors import Place, SourceError
from knetc.front.resolve import free_value
from knetc.front.source import SPELLED, Source, source_of
from knetc.front.spelling.closures import lifted
from knetc.front.spelling.compound import simpler
from knetc.front.spelling.fields import with_fields
from knetc.front.spelling.hoist import Hoist
from knetc.front.spelling.mappings import over_keys
from knetc.front.spelling.objects import opened
from knetc.front.spelling.passed import specialised
from knetc.front.spelling.remake import as_definition, remade
from knetc.front.spelling.repeated import each_once
from knetc.front.spelling.syntax import Cannot

LOCK = threading.RLock()
EXPRESSIONS = (ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.ListComp, ast.GeneratorExp)

_known: weakref.WeakKeyDictionary[types.FunctionType, dict[Place, types.FunctionType | None]]
_known = weakref.WeakKeyDictionary()


def spelled(
    function: types.FunctionType, place: Place | None, text: str | None = None
) -> types.FunctionType | None:
    """The function with the construct at a place written out; None if nothing there can be."""
    if place is None:
        return None
    with LOCK:
        known = _known.setdefault(function, {})
        if place not in known or not _holds(known[place]):
            try:
                known[place] = _spelled(source_of(function, text), place)
            except (SourceError, SyntaxError):
                known[place] = None
        return known[place]


def _holds(function: types.FunctionType | None) -> bool:
    """Whether what a function has borrowed is what the names stand for now."""
    borrowed = () if function is None else SPELLED[function].marks.borrowed
    return function is not None and all(free_value(function, name) is value for name, value in borrowed)


def _spelled(source: Source, place: Place) -> types.FunctionType | None:
    """The first way that leads anywhere; each starts from the definition as it was."""
    for way in (_lifted, _specialised, _hoisted, over_keys, each_once, simpler, _without_object):
        with contextlib.suppress(Cannot):
            definition = as_definition(copy.deepcopy(source.definition), source.function.__name__)
            at_place = [n for n in ast.walk(definition) if n is not definition and _is_at(n, source, place)]
            found = way(source, definition, at_place)
            if found is not None:
                return found
    return None


def _lifted(
    source: Source, definition: ast.FunctionDef, at_place: list[ast.AST]
) -> types.FunctionType | None:
    """The function without a nested function."""
    node = _nested(at_place)
    return None if node is None else lifted(source, definition, (_name_of(node, definition),))


def _specialised(
    source: Source, definition: ast.FunctionDef, at_place: list[ast.AST]
) -> types.FunctionType | None:
    """The function without a nested function that it passes to others."""
    node = _nested(at_place)
    return None if node is None else specialised(source, definition, node)


def _nested(at_place: list[ast.AST]) -> ast.FunctionDef | ast.Lambda | None:
    return next((n for n in at_place if isinstance(n, ast.FunctionDef | ast.Lambda)), None)


def _hoisted(
    source: Source, definition: ast.FunctionDef, at_place: list[ast.AST]
) -> types.FunctionType | None:
    """The function with statements for an expression."""
    requested = [n for n in at_place if isinstance(n, EXPRESSIONS)] or _walruses(at_place)
    if not requested:
        return None
    hoist = Hoist(source, definition, requested)
    definition.body = hoist.block(definition.body)
    return remade(source, definition, hoist.marked(source.marks))


def _without_object(
    source: Source, definition: ast.FunctionDef, at_place: list[ast.AST]
) -> types.FunctionType | None:
    """The function with variables for the attributes of an object that it makes, or is given, and changes."""
    targets = [n for s in at_place if isinstance(s, ast.Assign | ast.AugAssign) for n in ast.walk(s)]
    stores = (n for n in targets if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
    arguments = {a.arg for a in ast.walk(definition.args) if isinstance(a, ast.arg)}
    for n in stores:
        if isinstance(n.value, ast.Name) and n.value.id in arguments:
            return with_fields(source, definition, n.value.id)
    return opened(source, definition, at_place)


def _name_of(node: ast.FunctionDef | ast.Lambda, definition: ast.FunctionDef) -> str:
    """The variable that holds a nested function."""
    if isinstance(node, ast.FunctionDef):
        return node.name
    for stmt in ast.walk(definition):
        match stmt:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is node:
                return name
    raise Cannot


def _is_at(node: ast.AST, source: Source, place: Place) -> bool:
    if getattr(node, "lineno", 0) != place.line:
        return False
    found = source.place(node)
    header = isinstance(getattr(node, "body", None), list)
    return found == place or (header and (found.line, found.col) == (place.line, place.col))


def _walruses(at_place: list[ast.AST]) -> list[ast.expr]:
    """The assignment expressions in the own expressions of a statement."""
    own = [
        value
        for node in at_place
        for field in ("value", "test", "iter")
        if isinstance(value := getattr(node, field, None), ast.expr)
    ]
    return [n for e in own for n in ast.walk(e) if isinstance(n, ast.NamedExpr)]

"""Turns generated text into callables that live among the user's names.

Each function runs in the globals of the function that it was made from, read at call time, and shares its closure
cells. What the generated code imports, and the other generated functions, come as further closure cells, so that
nothing is written into the user's module. The text is registered in linecache: pdb, tracebacks and `inspect` show it.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import linecache
import types
from dataclasses import dataclass
from typing import Any

from knetc.emit.module import Module
from knetc.errors import Place
from knetc.ir.nodes import Runtime

_numbers = itertools.count(1)
PLACES: dict[str, dict[int, Place]] = {}
"""For each generated file, the user's place behind each line."""


@dataclass(frozen=True)
class Loaded:
    """The callables of a module by name, and the file name under which its text is registered."""

    functions: dict[str, types.FunctionType]
    file: str


def load(module: Module, origins: dict[str, types.FunctionType], title: str) -> Loaded:
    """Compile the text of a module; `origins` tells from which function each generated one was made."""
    file = f"<knetc {title} {next(_numbers)}>"
    linecache.cache[file] = (len(module.text), None, module.text.splitlines(keepends=True), file)
    PLACES[file] = module.places
    cells = {alias: types.CellType(imported(r)) for alias, r in module.imports.items()}
    definitions = [d for d in ast.parse(module.text).body if isinstance(d, ast.FunctionDef)]
    cells |= {d.name: types.CellType() for d in definitions}
    functions = {d.name: _function(d, file, cells, origins[d.name]) for d in definitions}
    for name, function in functions.items():
        cells[name].cell_contents = function
    return Loaded(functions, file)


def imported(r: Runtime) -> Any:
    """What a name of the run time stands for."""
    if r.held is not None:
        return r.held
    found = importlib.import_module(r.module)
    return getattr(found, r.name) if r.name else found


def _function(
    node: ast.FunctionDef, file: str, cells: dict[str, types.CellType], origin: types.FunctionType
) -> types.FunctionType:
    own = dict(zip(origin.__code__.co_freevars, origin.__closure__ or (), strict=True))
    code = _code(node, file, (*cells, *own))
    closure = tuple(cells.get(name) or own[name] for name in code.co_freevars)
    defaults = origin.__defaults__ if node.args.defaults else None
    function = types.FunctionType(code, origin.__globals__, node.name, defaults, closure)
    if any(node.args.kw_defaults):
        function.__kwdefaults__ = origin.__kwdefaults__
    function.__module__ = origin.__module__
    return function


def _code(node: ast.FunctionDef, file: str, free: tuple[str, ...]) -> types.CodeType:
    """The code of a function whose names in `free` are closure cells."""
    names = sorted(set(free))
    outer = ast.parse(f"def outer({', '.join(names)}):\n    pass")
    assert isinstance(outer.body[0], ast.FunctionDef)
    node.args.defaults = [ast.copy_location(ast.Constant(None), d) for d in node.args.defaults]
    node.args.kw_defaults = [d and ast.copy_location(ast.Constant(None), d) for d in node.args.kw_defaults]
    outer.body[0].body = [node]
    whole = compile(outer, file, "exec", dont_inherit=True)
    [middle] = [c for c in whole.co_consts if isinstance(c, types.CodeType)]
    return next(c for c in middle.co_consts if isinstance(c, types.CodeType) and c.co_name == node.name)

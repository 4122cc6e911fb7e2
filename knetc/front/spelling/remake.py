"""From a rewritten definition back to a function: same name, globals, defaults and captured cells, new code."""

from __future__ import annotations

import ast
import copy
import types
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from knetc.front.source import SPELLED, Definition, Marks, Source
from knetc.front.spelling.syntax import Cannot


def as_definition(node: Definition, name: str) -> ast.FunctionDef:
    """A lambda as the `def` that says the same."""
    if isinstance(node, ast.FunctionDef):
        return node
    if isinstance(node, ast.AsyncFunctionDef):
        raise Cannot
    body = ast.copy_location(ast.Return(node.body), node.body)
    made = ast.FunctionDef(name.strip("<>"), node.args, [body], [])
    if "type_params" in ast.FunctionDef._fields:
        made.type_params = []  # type: ignore[attr-defined,unused-ignore]
    return ast.copy_location(made, node)


def remade(
    source: Source,
    definition: ast.FunctionDef,
    marks: Marks,
    callees: dict[str, types.CellType] | None = None,
) -> types.FunctionType:
    """The function of a new definition; `callees` are cells of functions that it calls by name."""
    old = source.function
    cells = dict(zip(old.__code__.co_freevars, old.__closure__ or (), strict=True)) | (callees or {})
    code = code_of(definition, cells, source.file)
    closure = tuple(cells[name] for name in code.co_freevars)
    function = types.FunctionType(code, old.__globals__, old.__name__, old.__defaults__, closure)
    function.__kwdefaults__ = old.__kwdefaults__
    function.__qualname__, function.__module__ = old.__qualname__, old.__module__
    SPELLED[function] = replace(
        source, function=cast(types.FunctionType, nobody), definition=definition, marks=marks
    )
    return function


def nobody() -> None:
    """Stands for the function in what is kept of it, which must not keep it alive."""


def code_of(definition: ast.FunctionDef, free: Iterable[str], file: str) -> types.CodeType:
    """The code of a definition that stands in a function with the variables `free`."""
    bare = copy.copy(definition)
    bare.name = "_inner"  # so that a function which calls itself asks for a name from outside
    bare.decorator_list, bare.returns, bare.args = [], None, copy.deepcopy(definition.args)
    for argument in ast.walk(bare.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    bare.args.defaults = [ast.Constant(None) for _ in bare.args.defaults]
    bare.args.kw_defaults = [d and ast.Constant(None) for d in bare.args.kw_defaults]
    around = ast.parse(f"def around({', '.join(sorted(free))}): pass").body[0]
    assert isinstance(around, ast.FunctionDef)
    around.body = [bare]
    module = ast.Module([ast.fix_missing_locations(ast.copy_location(around, definition))], [])
    outer = next(c for c in compile(module, file, "exec").co_consts if isinstance(c, types.CodeType))
    code = next(c for c in outer.co_consts if isinstance(c, types.CodeType) and c.co_name == bare.name)
    return code.replace(co_name=definition.name)

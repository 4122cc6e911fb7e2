"""Loops over the items or values of a dict as loops over its keys.

for name, w in p.items():           ->      for name in p:
    total += np.sum(w * w)                      w = p[name]
                                                total += np.sum(w * w)
"""

from __future__ import annotations

import ast
import types

from knetc.front.source import Source
from knetc.front.spelling.names import Names
from knetc.front.spelling.remake import remade
from knetc.front.spelling.syntax import Cannot, located


def over_keys(
    source: Source, definition: ast.FunctionDef, at_place: list[ast.AST]
) -> types.FunctionType | None:
    """The function with a loop over the keys of a dict at a place; None if there is none."""
    for loop in ast.walk(definition):
        match loop:
            case ast.For(
                iter=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items" | "values"), args=[])
            ) if loop.iter in at_place:
                _rewrite(loop, name, Names(definition))
                return remade(source, definition, source.marks)
    return None


def _rewrite(loop: ast.For, name: str, names: Names) -> None:
    bound = {n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if name in bound:
        raise Cannot
    match loop.iter, loop.target:
        case ast.Call(func=ast.Attribute(attr="values")), value:
            key = ast.Name(names.fresh("key"), ast.Store())
        case _, ast.Tuple(elts=[ast.Name() as key, value]):
            pass
        case _:
            raise Cannot
    read = ast.Subscript(ast.Name(name, ast.Load()), ast.Name(key.id, ast.Load()), ast.Load())
    loop.body.insert(0, located(ast.Assign([value], read), loop.iter))
    loop.iter, loop.target = located(ast.Name(name, ast.Load()), loop.iter), located(key, loop.iter)

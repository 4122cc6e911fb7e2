"""A name that a target binds several times, of which the last counts.

i, _, _, o, u = np.split(gates, 5)      ->      i, unused, _, o, u = np.split(gates, 5)
"""

from __future__ import annotations

import ast
import types
from dataclasses import replace

from knetc.front.source import Source
from knetc.front.spelling.names import Names
from knetc.front.spelling.remake import remade


def each_once(
    source: Source, definition: ast.FunctionDef, at_place: list[ast.AST]
) -> types.FunctionType | None:
    """The function with names of their own for all but the last; None if nothing at a place binds a name twice."""
    repeated = [name for node in at_place for target in _targets(node) for name in _but_last(target)]
    if not repeated:
        return None
    names = Names(definition)
    for node in repeated:
        node.id = names.fresh("unused" if node.id == "_" else node.id)
    return remade(source, definition, replace(source.marks, invented=source.marks.invented | names.invented))


def _targets(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Assign():
            return node.targets
        case ast.For():
            return [node.target]
    return []


def _but_last(target: ast.expr) -> list[ast.Name]:
    """The names of a target that it binds again."""
    bound = [n for n in _in_order(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return [n for i, n in enumerate(bound) if n.id in {later.id for later in bound[i + 1 :]}]


def _in_order(target: ast.expr) -> list[ast.expr]:
    """The parts of a target from left to right."""
    if isinstance(target, ast.Tuple | ast.List):
        return [part for item in target.elts for part in _in_order(item)]
    return [target.value if isinstance(target, ast.Starred) else target]

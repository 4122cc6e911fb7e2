"""Renaming in Python code that is carried verbatim."""

from __future__ import annotations

import ast
import copy
from typing import TypeVar, cast

Rename = dict[str, str]
Node = TypeVar("Node", bound=ast.AST)


class _Renamer(ast.NodeTransformer):
    """Replaces free names; names bound by a lambda or a comprehension inside are left alone."""

    def __init__(self, reading: Rename, writing: Rename) -> None:
        self.reading = reading
        self.writing = writing

    def visit_Name(self, node: ast.Name) -> ast.AST:
        table = self.reading if isinstance(node.ctx, ast.Load) else self.writing
        return ast.copy_location(ast.Name(table.get(node.id, node.id), node.ctx), node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        a = node.args
        bound = {arg.arg for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg) if arg}
        return self._scoped(node, bound)

    def _comprehension(self, node: ast.AST) -> ast.AST:
        return self._scoped(node, _stores(node))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _scoped(self, node: ast.AST, bound: set[str]) -> ast.AST:
        inner = _Renamer(
            *({k: v for k, v in t.items() if k not in bound} for t in (self.reading, self.writing))
        )
        return inner.generic_visit(node)


def _stores(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def rename_ast(node: Node, reading: Rename, writing: Rename | None = None) -> Node:
    """A copy of a Python syntax tree with its free names replaced."""
    renamer = _Renamer(reading, reading if writing is None else writing)
    return cast("Node", renamer.visit(copy.deepcopy(node)))

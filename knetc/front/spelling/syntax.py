"""What all rewritings of syntax share: scopes and blocks, new nodes in old places, and how one gives up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)
SCOPES = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
"""What has variables of its own."""


class Cannot(Exception):
    """What was asked for cannot be written in plainer words."""


def located(node: Node, at: ast.AST) -> Node:
    """A new node that stands where an old one stood."""
    return ast.fix_missing_locations(ast.copy_location(node, at))


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a piece of syntax, functions and classes inside it left out."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, SCOPES):
            yield child
            yield from own_nodes(child)


def blocks(node: ast.AST) -> Iterator[tuple[ast.AST, str, list[ast.stmt]]]:
    """All blocks of statements in a piece of syntax: the owner, the field, the statements."""
    for owner in ast.walk(node):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(owner, field, None)
            if isinstance(block, list) and block:
                yield owner, field, block

"""Names that a function does not use."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from knetc.front.source import Source


class Names:
    """The names of a definition, and those that are invented for it."""

    def __init__(self, definition: ast.FunctionDef, also: Iterable[str] = ()) -> None:
        self.taken = {n.id for n in ast.walk(definition) if isinstance(n, ast.Name)} | {*also}
        self.taken |= {n.arg for n in ast.walk(definition) if isinstance(n, ast.arg)}
        self.invented: frozenset[str] = frozenset()

    def fresh(self, wish: str) -> str:
        """The wished name, or the first of `wish_2`, `wish_3` ... that nothing else has."""
        name, n = wish, 2
        while name in self.taken:
            name, n = f"{wish}_{n}", n + 1
        self.taken.add(name)
        self.invented |= {name}
        return name


def hidden_names(source: Source, definition: ast.FunctionDef) -> frozenset[str]:
    """The names that stand for something of the user's in a function, whatever they are otherwise."""
    bound = {
        n.id for n in ast.walk(definition) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
    }
    bound |= {n.arg for n in ast.walk(definition) if isinstance(n, ast.arg)}
    bound |= {n.name for n in ast.walk(definition) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    bound |= {
        (a.asname or a.name)
        for n in ast.walk(definition)
        if isinstance(n, ast.Import | ast.ImportFrom)
        for a in n.names
    }
    code = source.function.__code__
    return frozenset(
        bound | {*code.co_freevars, *code.co_varnames, *code.co_cellvars, *source.function.__globals__}
    )

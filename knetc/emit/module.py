"""Assembles generated functions into the text of one module, with imports, comments and a source map.

The first statement that the adjoint of a line contributes carries the line: `# model.py:14  h = np.tanh(w @ x)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from knetc.emit.printer import print_module
from knetc.emit.python import Writer, origin
from knetc.errors import Place
from knetc.ir import nodes as ir
from knetc.ir.walk import own_expressions, statements, subexpressions


@dataclass(frozen=True)
class Generated:
    """A generated function; the statements of its backward sweep begin at `backward`, if it has one."""

    function: ir.Function
    backward: int | None = None


@dataclass(frozen=True)
class Module:
    """The text, what it imports by alias, and the user's place of each line."""

    text: str
    imports: dict[str, ir.Runtime]
    places: dict[int, Place]


def assemble(functions: list[Generated], taken: frozenset[str] = frozenset()) -> Module:
    """Print functions as one module; `taken` are names that mean something else to the user's code."""
    found = {origin(r) for g in functions for r in _runtime(g.function)}
    imports = _aliases((r for r in found if r.module != "builtins" or r.name in taken), taken)
    aliases = {r: alias for alias, r in imports.items()}
    writer = Writer(aliases)
    defs = [writer.function(g.function) for g in functions]
    comments, trailing = _comments(functions, defs, writer)
    tree = ast.Module([*_import_statements(imports), *defs], [])
    printed = print_module(tree, comments=comments, trailing=trailing)
    places = {line: writer.places[stmt] for line, stmt in printed.lines.items() if stmt in writer.places}
    return Module(printed.text, imports, places)


def _runtime(function: ir.Function) -> set[ir.Runtime]:
    found: set[ir.Runtime] = set()
    for stmt in statements(function.body):
        for expr in own_expressions(stmt):
            for e in subexpressions(expr):
                if isinstance(e, ir.Runtime):
                    found.add(e)
                elif isinstance(e, ir.Apply) and isinstance(e.spelled, ir.Runtime):
                    found.add(e.spelled)
    return found


def _aliases(origins: Iterable[ir.Runtime], taken: frozenset[str]) -> dict[str, ir.Runtime]:
    """A name of its own for everything that is imported."""
    imports: dict[str, ir.Runtime] = {}
    for r in sorted(origins, key=lambda r: (r.module, r.name)):
        alias = r.name or "np"
        while alias in taken or alias in imports:
            alias += "_"
        imports[alias] = r
    return imports


def _import_statements(imports: dict[str, ir.Runtime]) -> list[ast.stmt]:
    """The imports of what can be imported."""
    out: list[ast.stmt] = [
        ast.Import([ast.alias(r.module, alias if alias != r.module else None)])
        for alias, r in imports.items()
        if not r.name
    ]
    for module in sorted({r.module for r in imports.values() if r.name and r.held is None}):
        names = [(r.name, a) for a, r in imports.items() if r.module == module and r.name and r.held is None]
        out.append(ast.ImportFrom(module, [ast.alias(n, a if a != n else None) for n, a in sorted(names)], 0))
    return out


Comments = dict[ast.stmt, str]


def _comments(
    functions: list[Generated], defs: list[ast.FunctionDef], writer: Writer
) -> tuple[Comments, Comments]:
    above: Comments = {}
    behind: Comments = {}
    for generated, node in zip(functions, defs, strict=True):
        if generated.backward is None:
            continue
        body = node.body[1:] if generated.function.doc else node.body
        sweep = body[generated.backward :]
        if generated.backward and sweep:
            above[sweep[0]] = "backward"
        _mark(sweep, writer.places, behind)
    return above, behind


Line = tuple[str, int]


def _mark(
    block: list[ast.stmt], places: dict[ast.stmt, Place], behind: Comments, last: Line | None = None
) -> None:
    """The user's line behind the first statement of its adjoint."""
    for stmt in block:
        place = places.get(stmt)
        if place is not None and (place.file, place.line) != last:
            last = (place.file, place.line)
            behind[stmt] = f"{PurePath(place.file).name}:{place.line}  {_clean(place.text)}"
        for inner in (getattr(stmt, "body", None), getattr(stmt, "orelse", None)):
            if isinstance(inner, list):
                _mark(inner, places, behind, last)


def _clean(text: str) -> str:
    return text.partition("  #")[0].strip()

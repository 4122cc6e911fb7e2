"""Assembles generated functions into the text of one module, with imports, comments and a source map.

The first statement that the adjoint of a line contributes carries the line: `# model.py:14  h = np.tanh(w @ x)`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import PurePath

from knetc.emit.printer import print_module
from knetc.emit.python import Writer
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
    """The text, the imported names (alias to module and attribute), and the user's place of each line."""

    text: str
    imports: dict[str, tuple[str, str]]
    places: dict[int, Place]


def assemble(functions: list[Generated], taken: frozenset[str] = frozenset()) -> Module:
    """Print functions as one module; `taken` are names that mean something else to the user's code."""
    runtime = sorted({r for g in functions for r in _runtime(g.function)}, key=lambda r: (r.module, r.name))
    runtime = [r for r in runtime if r.module != "builtins" or r.name in taken]
    aliases = {_first(r): _alias(_first(r), taken) for r in runtime}
    imports = {aliases[_first(r)]: _origin(r) for r in runtime}
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


def _first(r: ir.Runtime) -> str:
    return r.name.partition(".")[0]


def _alias(name: str, taken: frozenset[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _origin(r: ir.Runtime) -> tuple[str, str]:
    return ("numpy", "") if r.name.startswith("np.") else (r.module, r.name)


def _import_statements(imports: dict[str, tuple[str, str]]) -> list[ast.stmt]:
    out: list[ast.stmt] = [
        ast.Import([ast.alias(module, alias if alias != module else None)])
        for alias, (module, name) in imports.items()
        if not name
    ]
    for module in sorted({m for m, name in imports.values() if name}):
        names = [(n, a) for a, (m, n) in imports.items() if m == module]
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

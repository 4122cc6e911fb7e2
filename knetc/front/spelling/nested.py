"""The plain functions that are defined, once, in another function, with what they capture and rebind of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from knetc.front.source import Source
from knetc.front.spelling.hoist import Result
from knetc.front.spelling.remake import as_definition, code_of
from knetc.front.spelling.syntax import SCOPES, own_nodes


@dataclass
class Nested:
    """A nested function: its definition, what it captures of the outer one, and which of that it rebinds.

    What it assigns before it reads it need not be `passed` in.
    """

    definition: ast.FunctionDef
    bound: frozenset[str]
    captures: frozenset[str]
    outs: frozenset[str]
    passed: frozenset[str] = frozenset()

    @property
    def result(self) -> Result:
        """What a call returns besides a value: the variables that it rebinds."""
        valued = any(isinstance(n, ast.Return) and n.value is not None for n in own_nodes(self.definition))
        return Result(tuple(sorted(self.outs)), valued)

    @property
    def name(self) -> str:
        """The variable that it is."""
        return self.definition.name


def variables(source: Source, outer: ast.FunctionDef) -> frozenset[str]:
    """The local variables of a function."""
    code = code_of(outer, source.function.__code__.co_freevars, source.file)
    return frozenset(code.co_varnames + code.co_cellvars)


def nested(source: Source, outer: ast.FunctionDef, local: frozenset[str]) -> Iterator[Nested]:
    """The plain functions that are defined, once, in a function."""
    definitions = [d for s in _statements(outer.body) if (d := definition_in(s)) is not None]
    for d in definitions:
        if bindings(outer, d.name) == 1 and _is_plain(d):
            code = code_of(d, local, source.file)
            free = frozenset(code.co_freevars) & local
            rebound = {n for x in ast.walk(d) if isinstance(x, ast.Nonlocal) for n in x.names}
            outs = frozenset(code.co_freevars) & rebound
            if "__class__" not in code.co_freevars and outs <= local:
                yield Nested(d, frozenset(code.co_varnames + code.co_cellvars), free, outs)


def definition_in(stmt: ast.stmt) -> ast.FunctionDef | None:
    """The nested function that a statement defines, a lambda as a `def`."""
    match stmt:
        case ast.FunctionDef():
            return stmt
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
            return as_definition(value, name)
        case _:
            return None


def _is_plain(d: ast.FunctionDef) -> bool:
    """No decorator, no stars, no type parameters, constant defaults, and nothing that only a generator has."""
    defaults = [e for e in (*d.args.defaults, *d.args.kw_defaults) if e is not None]
    plain = not (d.decorator_list or d.args.vararg or d.args.kwarg or getattr(d, "type_params", None))
    strange = (ast.Yield, ast.YieldFrom, ast.Await, ast.Global)
    return (
        plain
        and all(isinstance(e, ast.Constant) for e in defaults)
        and not any(isinstance(n, strange) for n in own_nodes(d))
    )


def bindings(outer: ast.FunctionDef, name: str) -> int:
    """How often a name is bound, or declared, anywhere in a function."""
    stored = sum(
        isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load) for n in ast.walk(outer)
    )
    inside = (n for n in ast.walk(outer) if n is not outer)
    defined = sum(isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == name for n in inside)
    declared = sum(isinstance(n, ast.Nonlocal | ast.Global) and name in n.names for n in ast.walk(outer))
    arguments = sum(isinstance(n, ast.arg) and n.arg == name for n in ast.walk(outer))
    return stored + defined + declared + arguments


def _statements(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block and of those in it, functions and classes left closed."""
    for stmt in block:
        yield stmt
        if not isinstance(stmt, SCOPES):
            for field in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(stmt, field, []))

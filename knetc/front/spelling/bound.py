"""The variables that are bound for sure where some functions are called."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Names = frozenset[str]


def bound_at_calls(function: ast.FunctionDef, outs: dict[str, Names]) -> Iterator[tuple[str, Names]]:
    """Each call of one of the functions in `outs`, with the variables that every path to it binds.

    `outs` are the variables that the calls themselves assign.
    """
    a = function.args
    given = [*a.posonlyargs, *a.args, *a.kwonlyargs, *(x for x in (a.vararg, a.kwarg) if x is not None)]
    found: list[tuple[str, Names]] = []
    _block(function.body, frozenset(x.arg for x in given), outs, found)
    yield from found


def _block(
    block: list[ast.stmt], bound: Names, outs: dict[str, Names], found: list[tuple[str, Names]]
) -> Names:
    for stmt in block:
        if isinstance(stmt, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            continue
        inner = [b for f in ("body", "orelse", "finalbody") if (b := getattr(stmt, f, []))]
        nested = {id(n) for b in inner for s in b for n in ast.walk(s)}
        calls = [n for n in ast.walk(stmt) if id(n) not in nested and isinstance(n, ast.Call)]
        called = [n.func.id for n in calls if isinstance(n.func, ast.Name) and n.func.id in outs]
        found += [(name, bound) for name in called]
        if isinstance(stmt, ast.Expr | ast.Assign | ast.Return) and not _perhaps(stmt):
            bound |= frozenset(out for name in called for out in outs[name])
        match stmt:
            case ast.If():
                ends = [_block(b, bound, outs, found) for b in (stmt.body, stmt.orelse)]
                bound = ends[0] & ends[1]
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() if stmt.value is not None:
                bound |= _targets(stmt)
            case ast.With():
                _block(stmt.body, bound | _targets(stmt), outs, found)
            case ast.For():
                _block(stmt.body, bound | _targets(stmt), outs, found)
                _block(stmt.orelse, bound, outs, found)
            case _:
                for b in inner:
                    _block(b, bound, outs, found)
                for handler in getattr(stmt, "handlers", []):
                    _block(handler.body, bound, outs, found)
    return bound


def _perhaps(stmt: ast.stmt) -> bool:
    """Whether a statement may leave out a part of its expressions."""
    choices = (ast.BoolOp, ast.IfExp, ast.comprehension, ast.Lambda, ast.Compare)
    return any(isinstance(n, choices) for n in ast.walk(stmt))


def _targets(stmt: ast.stmt) -> Names:
    """The variables that a statement itself binds, in any case."""
    targets = getattr(stmt, "targets", None) or [getattr(stmt, "target", None)]
    if isinstance(stmt, ast.With):
        targets = [item.optional_vars for item in stmt.items]
    plain = (n for t in targets if t is not None for n in ast.walk(t))
    return frozenset(n.id for n in plain if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def assigned_first(function: ast.FunctionDef, needs: dict[str, Names] | None = None) -> Names:
    """The variables that a function assigns in any case before it reads them; `needs` are those of what it calls."""
    first: set[str] = set()
    read: set[str] = set()
    for stmt in function.body:
        names = [n for n in ast.walk(stmt) if isinstance(n, ast.Name)]
        loaded = {n.id for n in names if isinstance(n.ctx, ast.Load)}
        read |= loaded.union(*((needs or {}).get(name, ()) for name in loaded))
        if isinstance(stmt, ast.Assign | ast.AnnAssign):
            first |= _targets(stmt) - read
        elif any(isinstance(n, ast.Return) for n in ast.walk(stmt)):
            break
        else:
            read |= {n.id for n in names}
    return frozenset(first)

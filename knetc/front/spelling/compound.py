"""`match` on plain values as `if` and `elif`, the `else` of a loop as an `if` behind it.

match kind:                     ->      if kind == "relu":
    case "relu" | "lin": ...            ...

for x in xs: ... break          ->      complete = True
else: ...                               for x in xs: ... complete = False; break
                                        if complete: ...
"""

from __future__ import annotations

import ast
import types
from dataclasses import replace

from knetc.front.source import Source
from knetc.front.spelling.names import Names
from knetc.front.spelling.remake import remade
from knetc.front.spelling.syntax import SCOPES, Cannot, blocks, located


def simpler(
    source: Source, definition: ast.FunctionDef, at_place: list[ast.AST]
) -> types.FunctionType | None:
    """The function without the `match`, or without the `else` of a loop, at a place; None if there is none."""
    found = next((n for n in at_place if _is_wanted(n)), None)
    if not isinstance(found, ast.stmt):
        return None
    names = Names(definition)
    new = _match(found, names) if isinstance(found, ast.Match) else _loop(found, names)
    _put(definition, found, [located(s, found) for s in new])
    marks = replace(source.marks, invented=source.marks.invented | names.invented)
    return remade(source, definition, marks)


def _is_wanted(node: ast.AST) -> bool:
    return isinstance(node, ast.Match) or (isinstance(node, ast.For | ast.While) and bool(node.orelse))


def _put(definition: ast.FunctionDef, old: ast.stmt, new: list[ast.stmt]) -> None:
    for owner, field, block in list(blocks(definition)):
        if old in block:
            i = block.index(old)
            setattr(owner, field, [*block[:i], *new, *block[i + 1 :]])


# ---- match


def _match(stmt: ast.Match, names: Names) -> list[ast.stmt]:
    """The subject, under a name, and a chain of tests."""
    before: list[ast.stmt] = []
    subject = stmt.subject
    if not isinstance(subject, ast.Name):
        name = names.fresh("subject")
        before = [ast.Assign([ast.Name(name, ast.Store())], subject)]
        subject = ast.Name(name, ast.Load())
    chain: list[ast.stmt] = []
    for case in reversed(stmt.cases):
        chain = _case(case, subject.id, chain)
    return [*before, *chain]


def _case(case: ast.match_case, subject: str, rest: list[ast.stmt]) -> list[ast.stmt]:
    test, binds = _test(case.pattern, subject)
    if case.guard is not None and binds:
        raise Cannot  # a name that is bound although its guard fails
    tests = [t for t in (test, case.guard) if t is not None]
    body = [*binds, *case.body]
    if not tests:
        return body
    whole = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
    return [located(ast.If(whole, body, rest), case.pattern)]


def _test(pattern: ast.pattern, subject: str) -> tuple[ast.expr | None, list[ast.stmt]]:
    """The test for a pattern, None if it always holds, and what it binds."""
    name = ast.Name(subject, ast.Load())
    match pattern:
        case ast.MatchValue():
            return located(ast.Compare(name, [ast.Eq()], [pattern.value]), pattern), []
        case ast.MatchSingleton():
            return located(ast.Compare(name, [ast.Is()], [ast.Constant(pattern.value)]), pattern), []
        case ast.MatchOr():
            tests = [_test(p, subject) for p in pattern.patterns]
            if any(binds or test is None for test, binds in tests):
                raise Cannot
            return located(ast.BoolOp(ast.Or(), [t for t, _ in tests if t is not None]), pattern), []
        case ast.MatchAs(pattern=None, name=None):
            return None, []
        case ast.MatchAs(pattern=None, name=str() as bound):
            return None, [located(ast.Assign([ast.Name(bound, ast.Store())], name), pattern)]
        case _:
            raise Cannot


# ---- the else of a loop


def _loop(loop: ast.stmt, names: Names) -> list[ast.stmt]:
    """The loop without its `else`, which runs behind it unless there was a `break`."""
    assert isinstance(loop, ast.For | ast.While)
    behind, loop.orelse = loop.orelse, []
    if not any(map(_breaks, loop.body)):
        return [loop, *behind]
    flag = names.fresh("complete")
    loop.body = _marked(loop.body, flag)
    start = ast.Assign([ast.Name(flag, ast.Store())], ast.Constant(True))
    return [start, loop, ast.If(ast.Name(flag, ast.Load()), behind, [])]


def _breaks(stmt: ast.AST) -> bool:
    """Whether a statement leaves the loop that it stands in."""
    if isinstance(stmt, SCOPES):
        return False
    if isinstance(stmt, ast.For | ast.While):
        return any(map(_breaks, stmt.orelse))
    return isinstance(stmt, ast.Break) or any(
        _breaks(s)
        for s in ast.iter_child_nodes(stmt)
        if isinstance(s, ast.stmt | ast.ExceptHandler | ast.match_case)
    )


def _marked(block: list[ast.stmt], flag: str) -> list[ast.stmt]:
    """A block in which each `break` of the loop itself clears the flag."""
    out: list[ast.stmt] = []
    for stmt in block:
        if isinstance(stmt, ast.Break):
            cleared = ast.Assign([ast.Name(flag, ast.Store())], ast.Constant(False))
            out.append(located(cleared, stmt))
        elif isinstance(stmt, ast.For | ast.While):
            stmt.orelse = _marked(stmt.orelse, flag)
        elif not isinstance(stmt, SCOPES):
            for field in ("body", "orelse", "finalbody"):
                if getattr(stmt, field, None):
                    setattr(stmt, field, _marked(getattr(stmt, field), flag))
            for part in (*getattr(stmt, "handlers", ()), *getattr(stmt, "cases", ())):
                part.body = _marked(part.body, flag)
        out.append(stmt)
    return out

"""Walking and rebuilding the IR: every traversal that more than one pass needs.

`children` is the one place that knows the fields of expressions, `rebuild` its inverse; the rest is built on them.

Why this long: every traversal names every node, and they are read side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from knetc.ir.nodes import (
    Accumulate,
    Apply,
    Assign,
    Attr,
    Block,
    Break,
    Call,
    Const,
    Continue,
    DictExpr,
    Do,
    DynamicCall,
    Each,
    Enumerate,
    Expr,
    For,
    If,
    Invoke,
    Item,
    Iter,
    ListExpr,
    Name,
    Opaque,
    Range,
    Record,
    Replay,
    Return,
    Runtime,
    Slice,
    Stmt,
    TupleExpr,
    Verbatim,
    While,
    Zip,
)
from knetc.ir.verbatim import Rename, rename_ast


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct sub-expressions, in order of evaluation."""
    match expr:
        case Name() | Const() | Runtime() | Verbatim():
            return ()
        case Apply() | Call():
            return expr.args + tuple(v for _, v in expr.kwargs)
        case DynamicCall() | Invoke():
            return (expr.function, *expr.args, *(v for _, v in expr.kwargs))
        case Attr():
            return (expr.value,)
        case Item():
            return (expr.value, expr.index)
        case Slice():
            return tuple(e for e in (expr.lower, expr.upper, expr.step) if e is not None)
        case TupleExpr() | ListExpr():
            return expr.items
        case DictExpr():
            return tuple(e for pair in zip(expr.keys, expr.values, strict=True) for e in pair)
        case _:
            assert_never(expr)


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with `change` applied to each direct sub-expression."""
    match expr:
        case Name() | Const() | Runtime() | Verbatim():
            return expr
        case Apply() | Call():
            return replace(expr, args=tuple(map(change, expr.args)), kwargs=_options(expr.kwargs, change))
        case DynamicCall() | Invoke():
            function = change(expr.function)
            args = tuple(map(change, expr.args))
            return replace(expr, function=function, args=args, kwargs=_options(expr.kwargs, change))
        case Attr():
            return replace(expr, value=change(expr.value))
        case Item():
            return replace(expr, value=change(expr.value), index=change(expr.index))
        case Slice():
            return Slice(*(e if e is None else change(e) for e in (expr.lower, expr.upper, expr.step)))
        case TupleExpr() | ListExpr():
            return type(expr)(tuple(map(change, expr.items)))
        case DictExpr():
            return DictExpr(tuple(map(change, expr.keys)), tuple(map(change, expr.values)))
        case _:
            assert_never(expr)


def _options(
    kwargs: tuple[tuple[str, Expr], ...], change: Callable[[Expr], Expr]
) -> tuple[tuple[str, Expr], ...]:
    return tuple((key, change(value)) for key, value in kwargs)


def subexpressions(expr: Expr) -> Iterator[Expr]:
    """The expression and everything in it, outermost first."""
    yield expr
    for child in children(expr):
        yield from subexpressions(child)


def reads(expr: Expr) -> frozenset[str]:
    """The names that an expression reads."""
    found: set[str] = set()
    for e in subexpressions(expr):
        if isinstance(e, Name):
            found.add(e.id)
        elif isinstance(e, Verbatim):
            found |= e.reads
    return frozenset(found)


def substitute(expr: Expr, table: dict[str, Expr]) -> Expr:
    """The expression with names replaced by expressions (by names only, inside verbatim parts)."""
    if isinstance(expr, Name):
        return table.get(expr.id, expr)
    if isinstance(expr, Verbatim):
        renames = {old: new.id for old, new in table.items() if isinstance(new, Name) and old in expr.reads}
        return rename_verbatim(expr, renames) if renames else expr
    return rebuild(expr, lambda e: substitute(e, table))


def rename_verbatim(expr: Verbatim, renames: Rename) -> Verbatim:
    """A verbatim expression with free names replaced."""
    reads = frozenset(renames.get(name, name) for name in expr.reads)
    carries = frozenset(renames.get(name, name) for name in expr.carries)
    return replace(expr, node=rename_ast(expr.node, renames), reads=reads, carries=carries)


# ---- what a `for` walks over


def iterables(it: Iter) -> tuple[Expr, ...]:
    """The expressions that are evaluated once, before the loop."""
    match it:
        case Range():
            return it.args
        case Each():
            return (it.value,)
        case Zip():
            return tuple(e for item in it.items for e in iterables(item))
        case Enumerate():
            return iterables(it.inner) + (() if it.start is None else (it.start,))
        case _:
            assert_never(it)


def map_iter(it: Iter, change: Callable[[Expr], Expr]) -> Iter:
    """The iteration with `change` applied to its expressions."""
    match it:
        case Range():
            return Range(tuple(map(change, it.args)))
        case Each():
            return Each(change(it.value))
        case Zip():
            return Zip(tuple(map_iter(item, change) for item in it.items))
        case Enumerate():
            return Enumerate(map_iter(it.inner, change), None if it.start is None else change(it.start))
        case _:
            assert_never(it)


# ---- statements


def target_names(target: Expr) -> tuple[str, ...]:
    """The names that an assignment to `target` binds, in order."""
    match target:
        case Name():
            return (target.id,)
        case TupleExpr() | ListExpr():
            return tuple(name for item in target.items for name in target_names(item))
        case _:
            return ()


def stored_into(stmt: Stmt) -> frozenset[str]:
    """The array or list into an item of which a statement stores, or the list that it appends to."""
    match stmt:
        case Assign(target=Item(value=Name(id=name))) | Accumulate(target=Item(value=Name(id=name))):
            return frozenset((name,))
        case Do() if (growth := appended(stmt)) is not None:
            return frozenset((growth[0],))
        case _:
            return frozenset()


def appended(stmt: Stmt) -> tuple[str, Expr] | None:
    """The list and the new item of `xs.append(x)`."""
    match stmt:
        case Do(value=Invoke(function=Attr(value=Name(id=name), name="append"), args=(item,), kwargs=())):
            return name, item
        case _:
            return None


def own_expressions(stmt: Stmt) -> tuple[Expr, ...]:
    """The expressions a statement evaluates itself, its nested blocks left out."""
    match stmt:
        case Assign() | Accumulate():
            inside = children(stmt.target) if isinstance(stmt.target, Item | Attr) else ()
            also = (stmt.target,) if isinstance(stmt, Accumulate) else ()
            return (stmt.value, *inside, *also)
        case Do() | Return():
            return (stmt.value,)
        case If() | While():
            return (stmt.test,)
        case For():
            return iterables(stmt.iter)
        case Replay():
            return iterables(stmt.loop.iter) if isinstance(stmt.loop, For) else ()
        case Opaque() | Break() | Continue() | Record():
            return ()
        case _:
            assert_never(stmt)


def own_reads(stmt: Stmt) -> frozenset[str]:
    """The names a statement reads itself, its nested blocks left out."""
    if isinstance(stmt, Opaque):
        return stmt.reads
    return frozenset(name for e in own_expressions(stmt) for name in reads(e))


def own_writes(stmt: Stmt) -> frozenset[str]:
    """The names a statement binds itself, its nested blocks left out."""
    match stmt:
        case Assign() | Accumulate() | For():
            return frozenset(target_names(stmt.target))
        case Opaque():
            return stmt.writes
        case Replay():
            return stmt.binds
        case _:
            return frozenset()


def blocks(stmt: Stmt) -> tuple[Block, ...]:
    """The nested blocks of a statement."""
    match stmt:
        case If():
            return (stmt.then, stmt.orelse)
        case For() | While() | Replay():
            return (stmt.body,)
        case _:
            return ()


def with_blocks(stmt: Stmt, change: Callable[[Block], Block]) -> Stmt:
    """The statement with its nested blocks changed."""
    match stmt:
        case If():
            return replace(stmt, then=change(stmt.then), orelse=change(stmt.orelse))
        case For() | While() | Replay():
            return replace(stmt, body=change(stmt.body))
        case _:
            return stmt


def map_expressions(
    stmt: Stmt, change: Callable[[Expr], Expr], bind: Callable[[Expr], Expr] | None = None
) -> Stmt:
    """The statement with `change` applied to the expressions it evaluates and `bind` to its target."""
    bind = bind or (lambda target: target)
    match stmt:
        case Assign() | Accumulate():
            return replace(stmt, value=change(stmt.value), target=bind(stmt.target))
        case Do() | Return():
            return replace(stmt, value=change(stmt.value))
        case If() | While():
            return replace(stmt, test=change(stmt.test))
        case For():
            return replace(stmt, iter=map_iter(stmt.iter, change), target=bind(stmt.target))
        case Replay(loop=For() as loop):
            return replace(stmt, loop=replace(loop, iter=map_iter(loop.iter, change)))
        case Opaque() | Break() | Continue() | Record() | Replay():
            return stmt
        case _:
            assert_never(stmt)


def statements(block: Block) -> Iterator[Stmt]:
    """All statements of a block, nested ones included, in textual order."""
    for stmt in block:
        yield stmt
        for inner in blocks(stmt):
            yield from statements(inner)


def all_reads(block: Block) -> frozenset[str]:
    """The names read anywhere in a block."""
    return frozenset(name for stmt in statements(block) for name in own_reads(stmt))


def all_writes(block: Block) -> frozenset[str]:
    """The names bound anywhere in a block."""
    return frozenset(name for stmt in statements(block) for name in own_writes(stmt))


def rename_opaque(stmt: Opaque, reading: Rename, writing: Rename) -> Opaque:
    """An opaque statement with free names replaced; loads and stores may go to different names."""
    return replace(
        stmt,
        node=rename_ast(stmt.node, reading, writing),
        reads=frozenset(reading.get(n, n) for n in stmt.reads),
        writes=frozenset(writing.get(n, n) for n in stmt.writes),
        mutates=frozenset(reading.get(n, n) for n in stmt.mutates),
        carries=frozenset(reading.get(n, n) for n in stmt.carries),
    )


def rename_block(block: Block, names: Rename) -> Block:
    """A block with names replaced everywhere, targets included."""
    table: dict[str, Expr] = {old: Name(new) for old, new in names.items() if old != new}
    return tuple(_rename(stmt, table, names) for stmt in block)


def _rename(stmt: Stmt, table: dict[str, Expr], names: Rename) -> Stmt:
    if isinstance(stmt, Opaque):
        return rename_opaque(stmt, names, names)
    new = map_expressions(stmt, lambda e: substitute(e, table), lambda t: substitute(t, table))
    return with_blocks(new, lambda block: rename_block(block, names)) if blocks(new) else new

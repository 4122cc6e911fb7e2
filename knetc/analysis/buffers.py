"""Which arrays may be stored into: those that nobody sees by another name when it happens.

A buffer is made by the function itself (or is an argument of the outermost one, which is compared with the others when
it is called). A view of it is harmless as long as it is not read any more when the next store comes:

    y = np.zeros(3)          y is a buffer
    s = y[1:] @ w            the view `y[1:]` is read at once
    z = y[1:]                z is read behind the store: y is none
    y[0] = z[0]; y[1] = z[1]
"""

from __future__ import annotations

from collections import Counter

from knetc.analysis.aliases import is_new_list, sharers
from knetc.analysis.infer import Inference
from knetc.ir import nodes as ir
from knetc.ir.walk import (
    all_reads,
    all_writes,
    appended,
    blocks,
    iterables,
    own_expressions,
    own_reads,
    own_writes,
    reads,
    statements,
    stored_into,
    subexpressions,
    target_names,
)

Names = frozenset[str]
ATOMIC = ("float", "int", "bool", "str", "none", "function")


def buffers(function: ir.Function, facts: Inference, params: Names) -> Names:
    """The names of the arrays, lists and objects that may be stored into; `params` are the arguments that may."""
    stored = {name for stmt in statements(function.body) for name in stored_into(stmt)}
    captured = frozenset(function.origin.__code__.co_cellvars) if function.origin is not None else frozenset()
    attributes = {s.target for s in statements(function.body) if isinstance(s, ir.Assign)}
    owners = {n for t in attributes if isinstance(t, ir.Attr) for n in reads(t)}
    arrays = frozenset(name for name in stored - captured if _is_buffer(name, function, facts, params))
    return arrays | (owners & params)


def _is_buffer(name: str, function: ir.Function, facts: Inference, params: Names) -> bool:
    is_list = facts.expr(ir.Name(name)).tag == "list"
    origins = [sources for names, sources in _flows(function.body, parts=not is_list) if name in names]
    if name in {p.name for p in function.params} and (name not in params or origins or is_list):
        return False
    if any(origins):
        return False
    counts = Counter(n for s in statements(function.body) for n in own_writes(s))
    views = _views(name, function.body, facts)
    if not all(counts[view] == 1 for view in views) or not _short_lived(function.body, name, views):
        return False
    return not _kept_elsewhere(function.body, name, views | {name}, facts)


def _flows(block: ir.Block, *, parts: bool = True) -> list[tuple[Names, Names]]:
    """What each statement binds, and the names whose storage the new values, or `parts` of them, may share."""
    found: list[tuple[Names, Names]] = []
    for stmt in statements(block):
        match stmt:
            case ir.Assign(target=ir.Item()) | ir.Accumulate():
                continue
            case ir.Assign(value=value) if not parts and is_new_list(value):
                found.append((frozenset(target_names(stmt.target)), frozenset()))
            case ir.Assign():
                found.append((frozenset(target_names(stmt.target)), sharers(stmt.value)))
            case ir.For():
                shared = frozenset(n for e in iterables(stmt.iter) for n in sharers(e))
                found.append((frozenset(target_names(stmt.target)), shared))
            case ir.Opaque():
                found.append((stmt.writes | stmt.mutates, stmt.reads))
    return found


def _views(name: str, block: ir.Block, facts: Inference) -> Names:
    """The names that may share the storage of an array."""
    views = {name}
    apart = (*ATOMIC, "array") if facts.expr(ir.Name(name)).tag == "list" else ATOMIC
    size = 0
    while size != len(views):
        size = len(views)
        for names, sources in _flows(block):
            if sources & views:
                views |= {n for n in names if facts.expr(ir.Name(n)).tag not in apart}
    return frozenset(views - {name})


def _short_lived(block: ir.Block, name: str, views: Names) -> bool:
    """Whether no view is read behind a store that follows its definition."""
    for i, stmt in enumerate(block):
        for view in own_writes(stmt) & views:
            reading = [j for j, other in enumerate(block) if j > i and view in all_reads((other,))]
            inside = any(view in all_reads(b) for b in blocks(stmt)) and _stores(stmt, name)
            if inside or _reads_elsewhere(block, i, view):
                return False
            last = max(reading, default=i)
            between = (*block[i + 1 : last], *(b for inner in blocks(block[last]) for b in inner if last > i))
            if any(_stores(s, name) for s in between):
                return False
    return all(_short_lived(inner, name, views) for stmt in block for inner in blocks(stmt))


def _stores(stmt: ir.Stmt, name: str) -> bool:
    return any(name in stored_into(s) for s in statements((stmt,)))


def _kept_elsewhere(block: ir.Block, name: str, views: Names, facts: Inference) -> bool:
    """Whether a callee (for its own adjoint) or a list gets the array before the last store, and keeps it."""
    late = False  # whether a store may come behind the present place
    for stmt in reversed(block):
        inside = _stores(stmt, name)
        looped = inside and isinstance(stmt, ir.For | ir.While) and not _made_anew(stmt.body, name)
        if (late or looped) and any(_keeps(s, views, facts) for s in statements((stmt,))):
            return True
        if (
            inside
            and not looped
            and any(_kept_elsewhere(inner, name, views, facts) for inner in blocks(stmt))
        ):
            return True
        late = late or inside
    return False


def _made_anew(body: ir.Block, name: str) -> bool:
    """Whether each round of a loop binds a name before it does anything with it."""
    first = next((s for s in body if name in all_reads((s,)) | all_writes((s,))), None)
    return isinstance(first, ir.Assign) and name in own_writes(first)


def _keeps(stmt: ir.Stmt, views: Names, facts: Inference) -> bool:
    growth = appended(stmt)
    if growth is not None and reads(growth[1]) & views:
        return True
    match stmt:
        case ir.Assign(target=ir.Item(value=owner)) if (
            facts.expr(owner).tag != "array" and reads(stmt.value) & views
        ):
            return True
    calls = (e for whole in own_expressions(stmt) for e in subexpressions(whole) if _is_call(e))
    return any(reads(e) & views for e in calls)


def _is_call(e: ir.Expr) -> bool:
    return isinstance(e, ir.Call | ir.DynamicCall) or (isinstance(e, ir.Apply) and e.op.kind == "split")


def _reads_elsewhere(block: ir.Block, i: int, view: str) -> bool:
    """Whether the next round of a loop reads a view before it is bound."""
    return any(view in own_reads(s) for s in statements(block[:i]))


def basic_index(index: ir.Expr, facts: Inference) -> bool:
    """Whether an index selects each element at most once: integers and slices."""
    match index:
        case ir.Slice():
            return True
        case ir.Const():
            return isinstance(index.value, int | type(None) | type(Ellipsis)) and not isinstance(
                index.value, bool
            )
        case ir.TupleExpr():
            return all(basic_index(item, facts) for item in index.items)
        case _:
            return facts.expr(index).tag == "int"

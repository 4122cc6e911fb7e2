"""Which names may share storage: the finest partition such that a change made through one name shows only in its class.

>>> from knetc.ir.nodes import Assign, Attr, Name
>>> classes = alias_classes((Assign(Name("w"), Attr(Name("self"), "w")), Assign(Name("y"), Name("x"))))
>>> sorted(classes["w"]), sorted(classes["x"])
(['self', 'w'], ['x', 'y'])
"""

from __future__ import annotations

from collections.abc import Mapping

from knetc.analysis.kinds import Kind
from knetc.ir import nodes as ir
from knetc.ir.walk import appended, iterables, own_writes, reads, statements, target_names
from knetc.ops.container import LIST_OPERATORS
from knetc.ops.registry import arguments

VALUES = ("float", "int", "bool", "str", "none", "function")
"""Kinds without storage that could be shared."""


def alias_classes(block: ir.Block, kinds: Mapping[str, Kind] | None = None) -> dict[str, frozenset[str]]:
    """The class of each name that is assigned from, or to, another; arrays are known by their `kinds`."""
    parent: dict[str, str] = {}
    arrays = {name for name, kind in (kinds or {}).items() if kind.tag == "array"}
    values = {name for name, kind in (kinds or {}).items() if kind.tag in VALUES}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    def unite(names: frozenset[str]) -> None:
        roots = sorted({find(n) for n in names - values})
        for root in roots[1:]:
            parent[root] = roots[0]

    for stmt in statements(block):
        match stmt:
            case ir.Assign(target=ir.Item(value=ir.Name(id=name))) if name in arrays:
                continue  # it keeps a copy of what is stored into it
            case ir.Assign(target=ir.Item(value=ir.Name(id=name))):
                unite(frozenset((name,)) | sharers(stmt.value))
            case ir.Assign(target=ir.Attr() as target):
                unite(reads(target) | sharers(stmt.value))
            case ir.Assign():
                unite(frozenset(target_names(stmt.target)) | sharers(stmt.value))
            case ir.For():
                shared = frozenset(n for e in iterables(stmt.iter) for n in sharers(e))
                unite(frozenset(target_names(stmt.target)) | shared)
            case ir.Do() if (growth := appended(stmt)) is not None:
                unite(frozenset((growth[0],)) | sharers(growth[1]))
            case ir.Opaque():
                unite(
                    stmt.writes | stmt.mutates | (stmt.reads if stmt.writes or stmt.mutates else frozenset())
                )
    classes: dict[str, set[str]] = {}
    for name in parent:
        classes.setdefault(find(name), set()).add(name)
    return {name: frozenset(members) for members in classes.values() for name in members}


def own_lists(block: ir.Block) -> dict[str, frozenset[str]]:
    """Lists that grow and that a function has made itself: each with the names that stand for the very same list."""
    bound: dict[str, list[ir.Expr | None]] = {}
    for stmt in statements(block):
        if isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.Name):
            bound.setdefault(stmt.target.id, []).append(stmt.value)
        else:
            for name in own_writes(stmt):
                bound.setdefault(name, []).append(None)
    copies = [(n, e.id) for n, values in bound.items() for e in values if isinstance(e, ir.Name)]
    found: dict[str, frozenset[str]] = {}
    for name in (growth[0] for s in statements(block) if (growth := appended(s)) is not None):
        same = {name}
        while more := {n for pair in copies for n in pair if same & {*pair}} - same:
            same |= more
        values = [e for n in same for e in bound.get(n, [None])]
        if all(isinstance(e, ir.Name) or is_new_list(e) for e in values):
            found[name] = frozenset(same)
    return found


def is_new_list(e: ir.Expr | None) -> bool:
    """Whether an expression makes a list that nobody else has."""
    return isinstance(e, ir.ListExpr) or (isinstance(e, ir.Apply) and e.op in LIST_OPERATORS)


def sharers(e: ir.Expr) -> frozenset[str]:
    """The names whose storage the value of an expression may share."""
    match e:
        case ir.Apply() if any(name in ("copy", "out") and v != ir.Const(True) for name, v in e.kwargs):
            return reads(e)
        case ir.Apply() if e.op.kind == "elementwise" or e.op.name in ALLOCATING:
            return frozenset()
        case ir.Apply() if e.op.kind != "nondifferentiable":
            passed = arguments(e.op, e.args, e.kwargs)
            through = e.op.pullbacks.keys() | {*e.op.wrt}  # what shows in the result has a derivative
            return frozenset(n for parameter, _, arg in passed if parameter in through for n in sharers(arg))
        case ir.Item():
            return sharers(e.value)
        case ir.Const():
            return frozenset()
        case ir.Verbatim() if e.kind != "unknown":
            return frozenset()
        case _:
            return reads(e)


ALLOCATING = {
    "np.sum", "np.mean", "np.matmul", "np.dot", "np.outer", "np.zeros", "np.ones", "np.zeros_like", "np.ones_like",
    "np.full", "np.full_like", "np.arange", "np.copy", "np.concatenate", "np.stack", "np.where", "np.cumsum", "np.prod",
    "np.var", "np.std", "np.max", "np.min", "np.array", "np.eye", "np.tensordot", "np.einsum", "conv4", "pool",
    "softmax", "logsoftmax", "logsumexp", "nll", "bce", "logistic", "batchnorm",
    "layernorm", "groupnorm", "rmsnorm", "embed", "builtins.len", "builtins.float", "builtins.int", "np.shape",
    "add_bias", "bmm", "channel_sums", "conv4w", "conv4x", "deconv4", "linear", "poolx", "unpool", "zeropad", "rotary",
    "rnn_sizes", "recurrence", "sequence_shape",
}  # fmt: skip

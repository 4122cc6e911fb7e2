"""What a statement assigns to, or changes: names, tuples of names, elements of arrays, lists, attributes."""

from __future__ import annotations

import gast

from knetc.front.syntax import has_stars
from knetc.ir import nodes as ir
from knetc.ir.walk import target_names


def names_bound(node: gast.AST) -> ir.Expr | None:
    """A name, or a tuple of names, however deeply nested; None for anything else."""
    if isinstance(node, gast.Name):
        return ir.Name(node.id)
    if isinstance(node, gast.Tuple | gast.List):
        items = [names_bound(e) for e in node.elts]
        names = [n for item in items if item for n in target_names(item)]
        whole = all(items) and len(set(names)) == len(names)
        return ir.TupleExpr(tuple(i for i in items if i)) if whole else None
    return None


def is_element(target: gast.AST, local: frozenset[str]) -> bool:
    """Whether a target is an element of a local variable: `y[i]`."""
    return isinstance(target, gast.Subscript) and _is_one_of(target.value, local)


def is_attribute(target: gast.AST, owners: frozenset[str]) -> bool:
    """Whether a target is an attribute of one of some variables: `self.h`."""
    return isinstance(target, gast.Attribute) and _is_one_of(target.value, owners)


def is_append(call: gast.Call, local: frozenset[str]) -> bool:
    """Whether a call is `xs.append(x)` of a local variable."""
    method = call.func
    plain = len(call.args) == 1 and not call.keywords and not has_stars(call)
    return plain and is_attribute(method, local) and bool(method.attr == "append")


def _is_one_of(node: gast.AST, names: frozenset[str]) -> bool:
    return isinstance(node, gast.Name) and node.id in names

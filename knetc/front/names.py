"""The names that a piece of syntax uses: those it reads at all, and those of which it reads more than the shape."""

from __future__ import annotations

from collections.abc import Iterator

import gast

SHAPES = ("shape", "ndim", "size", "dtype")
PLAIN = ("int", "str", "repr", "bool", "format")
"""What these return in verbatim code is for people and logs, no longer part of the computation."""
SCOPES = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


def used(node: gast.AST) -> frozenset[str]:
    """The free names of a piece of syntax: variables of comprehensions and lambdas inside it left out."""
    return frozenset(_names(node, shapes=True))


def carried(node: gast.AST) -> frozenset[str]:
    """The free names whose value, not only whose shape, is used: not `x` in `len(x)` and `x.shape`."""
    return frozenset(_names(node, shapes=False, plain=PLAIN))


def carried_for_good(node: gast.AST) -> frozenset[str]:
    """The same for code whose result nobody computes with, where `float(x)` is for people and logs."""
    return frozenset(_names(node, shapes=False, plain=(*PLAIN, "float")))


def _names(node: gast.AST, *, shapes: bool, plain: tuple[str, ...] = ()) -> Iterator[str]:
    match node:
        case gast.Name():
            yield node.id
        case gast.Attribute(value=gast.Name(), attr=attr) if attr in SHAPES and not shapes:
            return
        case gast.Call(func=gast.Name(id="len"), args=[gast.Name()]) if not shapes:
            return
        case gast.Call(func=gast.Name(id=name)) if name in plain and not shapes:
            return
        case gast.Lambda():
            arguments = node.args
            own = [
                *arguments.args,
                *arguments.posonlyargs,
                *arguments.kwonlyargs,
                arguments.vararg,
                arguments.kwarg,
            ]
            bound = {n.id for n in own if n is not None}
            for default in (*arguments.defaults, *arguments.kw_defaults):
                yield from () if default is None else _names(default, shapes=shapes, plain=plain)
            yield from (n for n in _names(node.body, shapes=shapes, plain=plain) if n not in bound)
        case _ if isinstance(node, SCOPES):
            yield from _comprehension(node, shapes=shapes, plain=plain)
        case _:
            for child in gast.iter_child_nodes(node):
                yield from _names(child, shapes=shapes, plain=plain)


def _comprehension(node: gast.AST, *, shapes: bool, plain: tuple[str, ...]) -> Iterator[str]:
    first, *_ = node.generators
    bound = {n.id for g in node.generators for n in gast.walk(g.target) if isinstance(n, gast.Name)}
    yield from _names(first.iter, shapes=shapes, plain=plain)
    for child in gast.iter_child_nodes(node):
        yield from (n for n in _names(child, shapes=shapes, plain=plain) if n not in bound)

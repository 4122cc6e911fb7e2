"""Which axes have the same length, whatever it is: so that `u[:-2] + u[2:]` is known not to broadcast.

A length is a letter (equal letters are equal lengths), less a number: `u[1:-1]` of a `u` of length `a` has `a - 2`.
Arguments get their letters by comparison when the function is compiled; a name with different lengths at different
times has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.ir import nodes as ir
from knetc.ir.walk import statements

Length = tuple[str, int] | None
Shape = tuple[Length, ...] | None
Lengths = dict[str, Shape]
Integers = Callable[[ir.Expr], bool]
"""Tells whether an index is an integer, which removes an axis."""

SAME = {
    "np.copy",
    "np.zeros_like",
    "np.ones_like",
    "np.empty_like",
    "np.full_like",
    "np.cumsum",
    "np.sort",
    "np.flip",
}
CREATED = {"np.zeros", "np.ones", "np.empty", "np.full"}


def letters(arguments: dict[str, Any]) -> Lengths:
    """The shapes of arguments in letters, the same one for the same length.

    >>> letters({"x": np.zeros((3, 2)), "w": np.zeros(2), "n": 3})
    {'x': (('a', 0), ('b', 0)), 'w': (('b', 0),)}
    """
    known: dict[int, str] = {}
    found: Lengths = {}
    for name, value in arguments.items():
        if isinstance(value, np.ndarray):
            found[name] = tuple([(known.setdefault(n, chr(ord("a") + len(known))), 0) for n in value.shape])
    return found


def lengths(function: ir.Function, params: Lengths, is_integer: Integers) -> Lengths:
    """The lengths of all arrays, by iteration to a fixed point (a length that is not always the same goes)."""
    found: Lengths = dict(params)
    for name in {p.name for p in function.params} - params.keys():
        found[name] = None
    before: Lengths = {}
    while before != found:
        before = dict(found)
        for stmt in statements(function.body):
            match stmt:
                case ir.Assign(target=ir.Name(id=name)):
                    _join(found, name, shape_of(stmt.value, found, is_integer))
                case (
                    ir.For(target=ir.Name(id=name))
                    | ir.Assign(target=ir.TupleExpr(items=(ir.Name(id=name), *_)))
                ):
                    found[name] = None
                case ir.Opaque():
                    found |= dict.fromkeys(stmt.writes)
    return found


def _join(found: Lengths, name: str, shape: Shape) -> None:
    if name not in found or found[name] == shape:
        found[name] = shape
        return
    old = found[name]
    if old is None or shape is None or len(old) != len(shape):
        found[name] = None
    else:
        found[name] = tuple([a if a == b else None for a, b in zip(old, shape, strict=True)])


def shape_of(e: ir.Expr, known: Lengths, is_integer: Integers) -> Shape:
    """The lengths of the value of an expression; None if nothing is known."""
    match e:
        case ir.Name():
            return known.get(e.id)
        case ir.Const(value=bool() | int() | float()):
            return ()
        case ir.Item(value=value, index=index):
            shape = shape_of(value, known, is_integer)
            return None if shape is None else _item(shape, index, is_integer)
        case ir.Apply(args=(first, *_)) if e.op.name in SAME:
            return shape_of(first, known, is_integer)
        case ir.Apply(args=(shape, *_)) if e.op.name in CREATED:
            return _created(shape, known, is_integer)
        case ir.Apply(args=(first,)) if e.op.name == "np.transpose" and not e.kwargs:
            shape = shape_of(first, known, is_integer)
            return None if shape is None else shape[::-1]
        case ir.Apply() if e.op.kind == "elementwise" and not e.kwargs:
            return _broadcast([shape_of(arg, known, is_integer) for arg in e.args])
        case _:
            return None


def _created(e: ir.Expr, known: Lengths, is_integer: Integers) -> Shape:
    """`np.zeros(x.shape)`."""
    return shape_of(e.value, known, is_integer) if isinstance(e, ir.Attr) and e.name == "shape" else None


def _broadcast(shapes: list[Shape]) -> Shape:
    """The shape of a result whose operands are all of that shape, or numbers."""
    wide = [s for s in shapes if s != ()]
    return wide[0] if wide and None not in shapes and all(s == wide[0] for s in wide) else None


def _item(shape: tuple[Length, ...], index: ir.Expr, is_integer: Integers) -> Shape:
    parts = index.items if isinstance(index, ir.TupleExpr) else (index,)
    out: list[Length] = []
    rest = list(shape)
    for part in parts:
        if not rest:
            return None
        length = rest.pop(0)
        match part:
            case ir.Slice():
                out.append(_sliced(length, part))
            case _ if is_integer(part):
                continue
            case _:
                return None
    return (*out, *rest)


def _sliced(length: Length, part: ir.Slice) -> Length:
    """The length of `a:-b`, however long what is sliced."""
    lower, upper = part.lower or ir.Const(0), part.upper or ir.Const(0)
    match length, lower, upper, part.step:
        case (str(letter), int(less)), ir.Const(value=int(a)), ir.Const(value=int(b)), None if a >= 0 >= b:
            if part.upper is not None and b == 0:
                return None
            return letter, less - a + b
        case _:
            return None

"""The kind of `value[index]`: which axes an index removes, keeps or adds."""

from __future__ import annotations

import functools

from knetc.analysis.kinds import BOTTOM, FLOAT, INT, UNKNOWN, Kind, array, join
from knetc.ir.nodes import Apply, Const, Expr, Item, Name, Slice, TupleExpr


def item_kind(value: Kind, index: Expr, index_kinds: dict[str, Kind]) -> Kind:
    """The kind of `value[index]`."""
    match value.tag:
        case "array":
            return _array_item(value, index, index_kinds)
        case "tuple" if value.items is not None and isinstance(index, Const) and isinstance(index.value, int):
            return (
                value.items[index.value] if -len(value.items) <= index.value < len(value.items) else UNKNOWN
            )
        case "dict" if value.items is not None and value.keys is not None and isinstance(index, Const):
            return value.items[value.keys.index(index.value)] if index.value in value.keys else UNKNOWN
        case "dict" if value.items:
            return functools.reduce(join, value.items)
        case "list" if value.items is not None:
            return value if isinstance(index, Slice) else value.items[0]
        case "list" | "tuple":
            return Kind(value.tag) if isinstance(index, Slice) else UNKNOWN
        case "str":
            return value
        case "bottom":
            return BOTTOM
        case _:
            return UNKNOWN


def _array_item(value: Kind, index: Expr, index_kinds: dict[str, Kind]) -> Kind:
    if value.axes is None:
        return array(None, value.dtype)
    parts = index.items if isinstance(index, TupleExpr) else (index,)
    rest, axes = value.axes, ""
    for i, part in enumerate(parts):
        if isinstance(part, Const) and part.value is None:
            axes += "1"
        elif isinstance(part, Const) and part.value is Ellipsis:
            later = sum(1 for p in parts[i + 1 :] if not (isinstance(p, Const) and p.value is None))
            axes, rest = axes + rest[: len(rest) - later], rest[len(rest) - later :]
        elif not rest:
            return array(None, value.dtype)
        elif isinstance(part, Slice):
            full = part.lower is None and part.upper is None and part.step in (None, Const(-1))
            axes, rest = axes + (rest[0] if full or rest[0] == "1" else "?"), rest[1:]
        elif _is_integer(part, index_kinds):
            rest = rest[1:]
        else:
            return array(None, value.dtype)
    axes += rest
    return (
        FLOAT
        if axes == "" and value.dtype == "f"
        else INT
        if axes == "" and value.dtype == "i"
        else array(axes, value.dtype)
    )


def _is_integer(part: Expr, kinds: dict[str, Kind]) -> bool:
    match part:
        case Const(value=int()):
            return not isinstance(part.value, bool)
        case Name(id=name):
            return kinds.get(name, UNKNOWN).tag == "int"
        case Apply(args=args, op=op):
            return op.name in ARITHMETIC and all(_is_integer(a, kinds) for a in args)
        case Item() | Slice():
            return False
        case _:
            return False


ARITHMETIC = {
    "np.add",
    "np.subtract",
    "np.multiply",
    "np.negative",
    "np.floor_divide",
    "np.remainder",
    "builtins.len",
}

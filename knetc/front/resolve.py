"""What a dotted name in a function stands for, when that is certain before the program runs.

Names go through closure cells, the function's own globals and builtins; attributes only through modules and
classes, because those of other objects may differ from call to call.
"""

from __future__ import annotations

import builtins
import inspect
import types
from typing import Any

import gast

UNKNOWN = object()
"""What `resolve` returns when the object is known only at run time."""


def free_value(function: types.FunctionType, name: str) -> Any:
    """The value of a name that is not local to the function, or of an attribute of a class: `Cell.step`. Or UNKNOWN."""
    name, _, attribute = name.partition(".")
    if attribute:
        return inspect.getattr_static(free_value(function, name), attribute, UNKNOWN)
    code = function.__code__
    if name in code.co_freevars and function.__closure__:
        cell = function.__closure__[code.co_freevars.index(name)]
        return cell.cell_contents if _filled(cell) else UNKNOWN
    if name in function.__globals__:
        return function.__globals__[name]
    return getattr(builtins, name, UNKNOWN)


def resolve(function: types.FunctionType, local: frozenset[str], node: gast.AST) -> Any:
    """The object that an expression denotes, or UNKNOWN."""
    if isinstance(node, gast.Name):
        return UNKNOWN if node.id in local else free_value(function, node.id)
    if isinstance(node, gast.Attribute):
        owner = resolve(function, local, node.value)
        if inspect.isclass(owner):
            return inspect.getattr_static(owner, node.attr, UNKNOWN)
        if inspect.ismodule(owner):
            return getattr(owner, node.attr, UNKNOWN)
    return UNKNOWN


def dotted(node: gast.AST) -> str:
    """The text of a dotted name: `np.linalg.norm`."""
    if isinstance(node, gast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return str(node.id) if isinstance(node, gast.Name) else ""


def _filled(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:  # the variable is assigned later
        return False
    return True

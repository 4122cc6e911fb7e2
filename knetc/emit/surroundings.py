"""What generated code reads from the user's modules, as statements of a module of its own.

    a module                     import numpy as np
    what a library defines       from math import sin
    a number, a text, a tuple    SCALE = 2.0              the value it has now
    a function of the user's     def helper(n): ...       with all that it reads in turn

Anything else (arrays, objects, functions without source) is refused where it is read.
"""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import linecache
import symtable
import sys
import textwrap
import types
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import numpy as np

from knetc.emit.printer import print_module
from knetc.errors import Place, Refusal
from knetc.ops import registry

CONSTANTS = (int, float, complex, str, bytes, bool, type(None), type(...))
ABSENT = object()


@dataclass
class Surroundings:
    """The statements found so far, and what each name of the new module stands for."""

    names: dict[str, Any]
    imports: list[ast.stmt] = field(default_factory=list)
    constants: list[ast.stmt] = field(default_factory=list)
    functions: list[ast.stmt] = field(default_factory=list)

    def require(self, text: str, origin: types.FunctionType, generated: frozenset[str] = frozenset()) -> None:
        """Provide what the text of a function reads, but for `generated` names, as they stand around `origin`.

        Raises `Refusal` (KN120) for what cannot be written, or stands for something else already.
        """
        for name in sorted(free_names(text) - generated):
            value = _value(origin, name)
            if self.names.get(name, value) is not value:
                raise _refusal(origin, name, "a name that stands for something else, too", f"rename `{name}`")
            if name not in self.names and (value is ABSENT or getattr(builtins, name, ABSENT) is not value):
                self.names[name] = value
                self.provide(name, value, origin)

    def provide(self, name: str, value: Any, origin: types.FunctionType) -> None:
        """Write what `name` stands for where `origin` reads it, with all that it reads in turn."""
        if isinstance(value, types.ModuleType):
            self.imports.append(ast.Import([_alias(value.__name__, name)]))
        elif _is_constant(value):
            self.constants.append(ast.Assign([ast.Name(name, ast.Store())], _literal(value)))
        elif _from_library(value):
            self.imports.append(ast.ImportFrom(_module(value), [_alias(value.__name__, name)], 0))
        elif isinstance(value, types.FunctionType):
            value = _plain(value)
            definition = _definition(name, value, origin)
            self.functions.append(definition)
            self.require(print_module(ast.Module([definition], [])).text, value)
        else:
            raise _refusal(origin, name, *_described(name, value))


def free_names(text: str) -> set[str]:
    """The global names that a text reads and does not define.

    >>> sorted(free_names("f = lambda x, k=K: [g(x, i) for i in h]"))
    ['K', 'g', 'h']
    """
    top = symtable.symtable(text, "<generated>", "exec")
    defined = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_namespace()}
    scopes, found = [top], set()
    while scopes:
        scope = scopes.pop()
        found |= {s.get_name() for s in scope.get_symbols() if s.is_global()}
        scopes += scope.get_children()
    return found - defined


def _value(function: types.FunctionType, name: str) -> Any:
    """What a name in a function stands for now."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if name in cells:
        return cells[name].cell_contents
    return function.__globals__.get(name, getattr(builtins, name, ABSENT))


def _alias(name: str, alias: str) -> ast.alias:
    return ast.alias(name, alias if alias != name else None)


# ---- what can be written


def _is_constant(value: Any) -> bool:
    return type(value) in CONSTANTS or (type(value) is tuple and all(map(_is_constant, value)))


def _literal(value: Any) -> ast.expr:
    return (
        ast.Tuple(list(map(_literal, value)), ast.Load()) if isinstance(value, tuple) else ast.Constant(value)
    )


def _from_library(value: Any) -> bool:
    """Whether a function or class can be imported from where it was defined, and that is not a file of the user's."""
    home = sys.modules.get(_module(value))
    found = getattr(home, getattr(value, "__name__", ""), ABSENT)
    return home is not None and found is value and not is_users(home.__name__)


def _module(value: Any) -> str:
    return "numpy" if isinstance(value, np.ufunc) else getattr(value, "__module__", None) or ""


def is_users(name: str) -> bool:
    """Whether a module that is loaded is a file of the user's: of no library, and not knetc's."""
    root = name.partition(".")[0]
    parts = PurePath(getattr(sys.modules.get(name), "__file__", None) or "").parts
    return root not in {*sys.stdlib_module_names, "knetc"} and not {"site-packages", "dist-packages"} & {
        *parts
    }


def _plain(function: types.FunctionType) -> types.FunctionType:
    """A function, or what an operation of the user's own computes, without its rules."""
    plain: types.FunctionType = inspect.unwrap(function) if registry.find(function) is not None else function
    return plain


def _definition(name: str, function: types.FunctionType, origin: types.FunctionType) -> ast.FunctionDef:
    """The definition of a function under a name, without decorators, which have had their effect, and annotations."""
    try:
        node = ast.parse(textwrap.dedent(inspect.getsource(function.__code__))).body[0]
    except (OSError, SyntaxError):
        raise _refusal(origin, name, "a function without source", f"write `{name}` into a file") from None
    if not isinstance(node, ast.FunctionDef):
        raise _refusal(origin, name, "not made by `def`", f"write `def {name}(...)`")
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg):
            inner.annotation = None
        elif isinstance(inner, ast.FunctionDef):
            inner.returns = None
    node.name, node.decorator_list = name, []
    return node


# ---- refusals


def _described(name: str, value: Any) -> tuple[str, str]:
    """What a value is that cannot be written, and what to do about it."""
    argument = f"pass `{name}` as an argument"
    match value:
        case np.ndarray():
            return f"an array of shape {value.shape}", argument
        case np.generic():
            return f"a numpy {type(value).__name__}", f"write `{name}` as a Python number, or {argument}"
        case list() | set() | dict():
            return f"a {type(value).__name__}", f"make it a tuple of constants, or {argument}"
        case type():
            return "a class", f"do without `{name}`, or import it from an installed package"
        case _ if value is ABSENT:
            return "not defined", f"define `{name}` in the module"
        case _:
            return f"an object ({type(value).__name__})", argument


def _refusal(function: types.FunctionType, name: str, what: str, fix: str) -> Refusal:
    message = f"`{function.__name__}` reads `{name}`, {what}, which cannot be written into a module"
    return Refusal("KN120", message, help=fix, place=_place(function, name))


def _place(function: types.FunctionType, name: str) -> Place | None:
    """Where a function reads a global name."""
    for instruction in dis.get_instructions(function):
        at = instruction.positions
        if instruction.argval == name and at is not None and at.lineno is not None:
            text = linecache.getline(function.__code__.co_filename, at.lineno, function.__globals__).rstrip(
                "\n"
            )
            start, end = (
                len(text.encode()[:offset].decode(errors="ignore"))
                for offset in (at.col_offset, at.end_col_offset)
            )
            return Place(function.__code__.co_filename, at.lineno, start, end, text)
    return None

"""From a Python function to its recorded form: the same globals, closure, defaults and name, another code."""

from __future__ import annotations
import __future__

import ast
import copy
import types
from dataclasses import dataclass
from typing import Any

from knetc.emit.printer import print_module
from knetc.front.source import source_of
from knetc.recording.rewrite import Rewriter
from knetc.recording.targets import bound_names


@dataclass(frozen=True)
class Rewritten:
    """The rewritten code of a function, as it is run and as it is shown."""

    code: types.CodeType
    tape: str
    shown: ast.stmt
    where: str


FUTURE = __future__.annotations.compiler_flag
"""Whether annotations of functions inside are text, as in the module of the function."""

_rewritten: dict[types.CodeType, Rewritten] = {}
_codes: set[types.CodeType] = set()


def rewritten(function: types.FunctionType, text: str | None = None) -> Rewritten:
    """The rewritten code of a function, made once. Raises `SourceError`, `Refusal`."""
    code = function.__code__
    if code not in _rewritten:
        found = _rewritten[code] = _rewrite(function, text)
        _codes.update(_all_codes(found.code))
    return _rewritten[code]


def is_recorded(code: types.CodeType) -> bool:
    """Whether the code of a function is already in recorded form."""
    return code in _codes


def recorded(function: types.FunctionType, recorder: Any, text: str | None = None) -> types.FunctionType:
    """The function in its recorded form, which does what it does through `recorder`."""
    found = rewritten(function, text)
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells[found.tape] = types.CellType(recorder)
    closure = tuple([cells[name] for name in found.code.co_freevars])
    made = types.FunctionType(
        found.code, function.__globals__, function.__name__, function.__defaults__, closure
    )
    made.__kwdefaults__ = function.__kwdefaults__
    made.__qualname__ = function.__qualname__
    made.__dict__.update(function.__dict__)
    return made


def _rewrite(function: types.FunctionType, text: str | None) -> Rewritten:
    source = source_of(function, text)
    definition: Any = copy.deepcopy(source.definition)
    names = {n.id for n in ast.walk(definition) if isinstance(n, ast.Name)} | bound_names(definition)
    free = {*function.__code__.co_freevars, *function.__code__.co_names}
    tape = next(n for n in ("tape", *(f"tape_{i}" for i in range(2, 1000))) if n not in names | free)
    cls = _class_of(function)
    if cls:
        definition = Mangle(cls).visit(definition)
    definition.args.defaults, definition.args.kw_defaults = [], [None] * len(definition.args.kwonlyargs)
    definition.decorator_list = []
    definition = Rewriter(source, tape).definition(definition)
    shown = _undocumented(copy.deepcopy(ast.fix_missing_locations(definition)))
    where = f"{function.__qualname__.rpartition('<locals>.')[2]} ({source.file.rpartition('/')[2]}:{shown.lineno})"
    captured = (tape, *function.__code__.co_freevars)
    code = _compiled(
        definition, function.__name__, source.file, captured, function.__code__.co_flags & FUTURE
    )
    return Rewritten(code, tape, shown if isinstance(shown, ast.stmt) else ast.Expr(shown), where)


def _undocumented(definition: Any) -> Any:
    """A definition that is shown, without its docstring, which stands in the source and may be long."""
    if isinstance(definition, ast.FunctionDef) and ast.get_docstring(definition, clean=False) is not None:
        definition.body = definition.body[1:] or [ast.Pass()]
    return definition


def _compiled(definition: Any, name: str, file: str, captured: tuple[str, ...], flags: int) -> types.CodeType:
    """The code of a definition, in which some names are captured from outside."""
    args = ast.arguments([], [ast.arg(name) for name in captured], None, [], [], None, [])
    inner: Any = ast.Return(definition) if isinstance(definition, ast.Lambda) else definition
    if inner is definition:
        inner.name = "knetc_recorded"  # its own name stays the global or captured one
    outer = ast.FunctionDef("knetc_scope", args, [inner], [])
    if hasattr(outer, "type_params"):
        outer.type_params = []
    module = ast.fix_missing_locations(ast.Module([outer], []))
    whole = compile(module, file, "exec", flags, dont_inherit=True)
    scope = next(c for c in whole.co_consts if isinstance(c, types.CodeType))
    code = next(c for c in scope.co_consts if isinstance(c, types.CodeType))
    return code.replace(co_name=name, co_qualname=name)


def _all_codes(code: types.CodeType) -> list[types.CodeType]:
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return [code, *(found for c in inner for found in _all_codes(c))]


def _class_of(function: types.FunctionType) -> str:
    """The class in whose body a function was defined, if it was."""
    parts = function.__qualname__.split(".")
    return parts[-2].lstrip("_") if len(parts) > 1 and parts[-2] != "<locals>" else ""


class Mangle(ast.NodeTransformer):
    """Private names (`self.__x`) as Python spells them inside a class."""

    def __init__(self, cls: str) -> None:
        self._cls = cls

    def _name(self, name: str) -> str:
        private = name.startswith("__") and not name.endswith("__")
        return f"_{self._cls}{name}" if private else name

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._name(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._name(node.arg)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        node.attr = self._name(node.attr)
        return self.generic_visit(node)


def printed(functions: list[Rewritten], doc: str) -> str:
    """Rewritten functions as a module, each with a comment that says where it is from."""
    head: ast.stmt = ast.Expr(ast.Constant(doc))
    tree = ast.fix_missing_locations(ast.Module([head, *[f.shown for f in functions]], []))
    return print_module(tree, comments={f.shown: f.where for f in functions}).text

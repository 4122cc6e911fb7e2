"""An object that never leaves the function that makes it, as the variables that its attributes are.

Its methods become nested functions that rebind these variables, and those are lifted like any others (`closures`).

    cell = Cell(0.5)            ->      cell_h = cell_init(0.5)
    y = cell.step(x)                    y, cell_h = cell_step(x, cell_h=cell_h)
    return cell.h * y                   return cell_h * y
"""

from __future__ import annotations

import ast
import builtins
import inspect
import types
from collections.abc import Iterator
from typing import Any

import gast

from knetc.front.resolve import UNKNOWN, resolve
from knetc.front.source import Source
from knetc.front.spelling.borrow import borrowed
from knetc.front.spelling.bound import assigned_first
from knetc.front.spelling.closures import lifted
from knetc.front.spelling.nested import bindings
from knetc.front.spelling.remake import code_of
from knetc.front.spelling.syntax import Cannot, blocks, located

HOOKS = ("__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__del__")


def opened(source: Source, definition: ast.FunctionDef, at_place: list[ast.AST]) -> types.FunctionType | None:
    """The function without the object that is made, or used, at a place; None if there is none."""
    made = dict(_made(source, definition))
    used = {n.id for node in at_place for n in ast.walk(node) if isinstance(n, ast.Name)}
    stored = {
        n.id
        for s in ast.walk(definition)
        if isinstance(s, ast.Assign) and s.value in at_place
        for n in s.targets
        if isinstance(n, ast.Name)
    }
    name = min((used | stored) & made.keys(), default="")
    return Opening(source, definition, name, made[name]).done() if name else None


def _made(source: Source, definition: ast.FunctionDef) -> Iterator[tuple[str, type]]:
    """The variables that are bound once, to a new object of a plain class of the user's."""
    local = frozenset(source.function.__code__.co_varnames + source.function.__code__.co_cellvars)
    for stmt in ast.walk(definition):
        match stmt:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name() as func)):
                cls = resolve(source.function, local, gast.ast_to_gast(func))
                if _is_plain_class(cls) and bindings(definition, name) == 1:
                    yield name, cls


def _is_plain_class(cls: Any) -> bool:
    if not inspect.isclass(cls) or type(cls) is not type or cls.__new__ is not object.__new__:
        return False
    return not any(getattr(cls, hook, None) is not getattr(object, hook, None) for hook in HOOKS)


class Opening:
    """The rewriting of one object `name` of the class `cls`."""

    def __init__(self, source: Source, definition: ast.FunctionDef, name: str, cls: type) -> None:
        self.source = source
        self.definition = definition
        self.name = name
        self.cls = cls
        self.taken = {n.id for n in ast.walk(definition) if isinstance(n, ast.Name)}
        self.taken |= {*source.function.__globals__, *dir(builtins)}
        self.methods: dict[str, ast.FunctionDef] = {}
        self.fields: set[str] = set()
        self.read: set[str] = set()
        self.variables: set[str] = set()  # of the methods
        self.made_by = ""  # the name of the class
        code = code_of(definition, source.function.__code__.co_freevars, source.file)
        self.local = frozenset(code.co_varnames + code.co_cellvars + code.co_freevars)

    def done(self) -> types.FunctionType:
        """The function without the object. Raises `Cannot` if it is used as a whole anywhere."""
        self.method("__init__")
        for stmt in ast.walk(self.definition):
            if isinstance(stmt, ast.Assign) and _binds(stmt, self.name):
                assert isinstance(stmt.value, ast.Call)
                assert isinstance(stmt.value.func, ast.Name)
                self.made_by = stmt.value.func.id
                stmt.value.func = located(ast.Name(self.called("__init__"), ast.Load()), stmt.value)
        self._rewrite(self.definition, self.name)
        for owner, field, block in list(blocks(self.definition)):
            setattr(owner, field, [_without_target(s, self.name) for s in block])
        declared = [self._declared(field) for field in sorted(self.fields)]
        self.definition.body = [*declared, *self.methods.values(), *self.definition.body]
        self._check_names()
        methods = {f"{self.made_by}.{m}": inspect.getattr_static(self.cls, m) for m in self.methods}
        made = {self.made_by: self.cls, **methods}
        return lifted(self.source, self.definition, tuple(map(self.called, self.methods)), made)

    def _check_names(self) -> None:
        """Each attribute is a variable of its own, and is there when it is read."""
        fields = {self.field(a) for a in self.fields}
        if (
            {self.called(m) for m in self.methods} & self.taken
            or fields & self.variables
            or self.read - self.fields
        ):
            raise Cannot
        once = any(
            isinstance(s, ast.Expr) and _calls(s.value, self.called("__init__")) for s in self.definition.body
        )
        caught = any(isinstance(n, ast.Try) for n in ast.walk(self.definition))
        if (caught or not once) and not fields <= assigned_first(self.methods["__init__"]):
            raise Cannot

    def _declared(self, field: str) -> ast.stmt:
        """A bare annotation, which makes a name a variable of the function."""
        target = ast.Name(self.field(field), ast.Store())
        return located(ast.AnnAssign(target, ast.Constant(None), None, 1), self.definition)

    def called(self, method: str) -> str:
        """The function that a method becomes."""
        return f"{self.name}_{method.strip('_')}"

    def field(self, attribute: str) -> str:
        """The variable that an attribute becomes."""
        variable = f"{self.name}_{attribute}"
        if variable in self.taken or attribute.startswith("__"):
            raise Cannot
        return variable

    # ---- methods

    def method(self, name: str) -> None:
        """Take in a method as a nested function, with the methods that it calls."""
        if name in self.methods:
            return
        function = inspect.getattr_static(self.cls, name)
        if name == "__init__" and function is object.__init__:
            self.methods[name] = self._empty()
            return
        if isinstance(function, property):
            function = function.fget
        if not isinstance(function, types.FunctionType):
            raise Cannot
        d = borrowed(function, self.source, self.local)
        if not (d.args.posonlyargs or d.args.args):
            raise Cannot
        self._adopt(name, d, function)

    def _empty(self) -> ast.FunctionDef:
        made = ast.parse(f"def {self.called('__init__')}(): pass").body[0]
        assert isinstance(made, ast.FunctionDef)
        for node in ast.walk(made):
            if hasattr(node, "lineno"):
                ast.copy_location(node, self.definition)
        return made

    def _adopt(self, name: str, d: ast.FunctionDef, function: types.FunctionType) -> None:
        code = function.__code__
        receiver = (d.args.posonlyargs or d.args.args).pop(0).arg
        self.methods[name] = d
        d.name, d.decorator_list = self.called(name), []
        written = self._rewrite(d, receiver)
        self.variables |= {*code.co_varnames}
        if written:
            d.body.insert(0, located(ast.Nonlocal(sorted(map(self.field, written))), d.body[0]))

    # ---- uses of the object

    def _rewrite(self, body: ast.FunctionDef, name: str) -> set[str]:
        """Replace what is done with the object; the attributes that are written."""
        rewriter = Uses(self, name)
        body.body = [rewriter.visit(s) for s in body.body]
        if any(
            isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in ast.walk(body)
        ):
            raise Cannot
        return rewriter.written


class Uses(ast.NodeTransformer):
    """`self.h` becomes a variable, `self.step(x)` a call of a function."""

    def __init__(self, opening: Opening, name: str) -> None:
        self.opening = opening
        self.name = name
        self.written: set[str] = set()

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call of a method, or of the object."""
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr=method) if name == self.name:
                if isinstance(inspect.getattr_static(self.opening.cls, method, None), types.FunctionType):
                    self._call(node, method)
            case ast.Name(id=name) if name == self.name:
                self._call(node, "__call__")
        return self.generic_visit(node)

    def _call(self, node: ast.Call, method: str) -> None:
        self.opening.method(method)
        node.func = located(ast.Name(self.opening.called(method), ast.Load()), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A field, a property, or a constant of the class."""
        if not isinstance(node.value, ast.Name) or node.value.id != self.name:
            return self.generic_visit(node)
        opening = self.opening
        known = inspect.getattr_static(opening.cls, node.attr, UNKNOWN)
        if isinstance(node.ctx, ast.Load) and isinstance(known, property):
            opening.method(node.attr)
            function = ast.Name(opening.called(node.attr), ast.Load())
            return located(ast.Call(function, [], []), node)
        if isinstance(node.ctx, ast.Del) or known is not UNKNOWN:
            raise Cannot
        if isinstance(node.ctx, ast.Store):
            self.written.add(node.attr)
            opening.fields.add(node.attr)
        else:
            opening.read.add(node.attr)
        return located(ast.Name(opening.field(node.attr), node.ctx), node)


def _calls(e: ast.expr, name: str) -> bool:
    return isinstance(e, ast.Call) and isinstance(e.func, ast.Name) and e.func.id == name


def _binds(stmt: ast.Assign, name: str) -> bool:
    return any(isinstance(t, ast.Name) and t.id == name for t in stmt.targets)


def _without_target(stmt: ast.stmt, name: str) -> ast.stmt:
    """`cell = cell_init(0.5)` assigns the variables that the call rebinds, and nothing else."""
    if isinstance(stmt, ast.Assign) and _binds(stmt, name):
        return located(ast.Expr(stmt.value), stmt)
    return stmt

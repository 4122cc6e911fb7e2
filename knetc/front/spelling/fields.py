"""Attributes of an argument that a function writes, as variables; each new value is put into the object at once.

    self.h = np.tanh(self.h * w)        ->      self_h = self.h
                                                self_h = np.tanh(self_h * w)
                                                self.h = self_h

Within the function nobody else may see the attribute: the object is read by its attributes alone.
"""

from __future__ import annotations

import ast
import types
from dataclasses import replace

from knetc.front.source import Source
from knetc.front.spelling.bound import assigned_first
from knetc.front.spelling.remake import remade
from knetc.front.spelling.syntax import SCOPES, Cannot, located


def with_fields(source: Source, definition: ast.FunctionDef, name: str) -> types.FunctionType:
    """The function with variables for the attributes of the argument `name` that it writes."""
    written = {n.attr for n in _attributes(definition, name) if isinstance(n.ctx, ast.Store)}
    _check(definition, name, written)
    variables = {attribute: f"{name}_{attribute}" for attribute in sorted(written)}
    taken = {n.id for n in ast.walk(definition) if isinstance(n, ast.Name)}
    if taken & {*variables.values()}:
        raise Cannot
    fields = Fields(name, variables)
    definition.body = [new for s in definition.body for new in fields.statements(s)]
    read = {a: v for a, v in variables.items() if v not in assigned_first(definition)}
    if not all(_loads_first(definition.body, variable) for variable in read.values()):
        raise Cannot  # the object may lack the attribute until then
    start = [located(_read(name, a, v), definition.body[0]) for a, v in read.items()]
    definition.body = [*start, *definition.body]
    invented = source.marks.invented | {*variables.values()}
    published = source.marks.published | {name}
    return remade(source, definition, replace(source.marks, invented=invented, published=published))


def _attributes(body: ast.AST, name: str) -> list[ast.Attribute]:
    found = [n for n in ast.walk(body) if isinstance(n, ast.Attribute)]
    return [n for n in found if isinstance(n.value, ast.Name) and n.value.id == name]


def _check(definition: ast.FunctionDef, name: str, written: set[str]) -> None:
    """The object is used by its attributes, which are no methods, and no other object has attributes of these names."""
    parameters = [
        a.arg for a in (*definition.args.posonlyargs, *definition.args.args, *definition.args.kwonlyargs)
    ]
    own = _attributes(definition, name)
    uses = sum(isinstance(n, ast.Name) and n.id == name for n in ast.walk(definition))
    called = any(isinstance(n, ast.Call) and n.func in own for n in ast.walk(definition))
    others = {n.attr for n in ast.walk(definition) if isinstance(n, ast.Attribute) and n not in own}
    nested = any(isinstance(n, SCOPES) for s in definition.body for n in ast.walk(s))
    if name not in parameters or uses != len(own) or called or nested or others & written:
        raise Cannot


def _read(name: str, attribute: str, variable: str) -> ast.stmt:
    value = ast.Attribute(ast.Name(name, ast.Load()), attribute, ast.Load())
    return ast.Assign([ast.Name(variable, ast.Store())], value)


def _loads_first(block: list[ast.stmt], variable: str) -> bool:
    """Whether a variable is read, in any case, before it is written; a loop is taken to run at least once."""
    for stmt in block:
        if not _mentions(stmt, variable):
            continue
        match stmt:
            case ast.For() | ast.While():
                head = stmt.iter if isinstance(stmt, ast.For) else stmt.test
                return _mentions(head, variable) or _loads_first(stmt.body, variable)
            case ast.If():
                both = _loads_first(stmt.body, variable) and _loads_first(stmt.orelse, variable)
                return _mentions(stmt.test, variable) or both
            case ast.Assign() | ast.AnnAssign():
                return stmt.value is not None and _mentions(stmt.value, variable)
            case _:
                return isinstance(stmt, ast.AugAssign | ast.Expr | ast.Return)
    return False


def _mentions(node: ast.AST, variable: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == variable for n in ast.walk(node))


class Fields(ast.NodeTransformer):
    """Puts variables for attributes, and behind each assignment to one the store into the object."""

    def __init__(self, name: str, variables: dict[str, str]) -> None:
        self.name = name
        self.variables = variables
        self.written: list[str] = []

    def statements(self, stmt: ast.stmt) -> list[ast.stmt]:
        """What a statement becomes."""
        new = self.visit(stmt)
        if self.written:  # by anything but an assignment
            raise Cannot
        return new if isinstance(new, list) else [new]

    def _assignment(self, stmt: ast.Assign | ast.AugAssign | ast.AnnAssign) -> list[ast.stmt]:
        self.generic_visit(stmt)
        written, self.written = dict.fromkeys(self.written), []
        return [stmt, *(located(self._store(a), stmt) for a in written)]

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        """`self.h = h`."""
        return self._assignment(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        """`self.n += 1`."""
        return self._assignment(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        """`self.h: Array = h`."""
        return self._assignment(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A variable for an attribute that is written."""
        of_object = isinstance(node.value, ast.Name) and node.value.id == self.name
        if not of_object or node.attr not in self.variables:
            return self.generic_visit(node)
        if isinstance(node.ctx, ast.Del):
            raise Cannot
        if isinstance(node.ctx, ast.Store):
            self.written.append(node.attr)
        return located(ast.Name(self.variables[node.attr], node.ctx), node)

    def _store(self, attribute: str) -> ast.stmt:
        target = ast.Attribute(ast.Name(self.name, ast.Load()), attribute, ast.Store())
        return ast.Assign([target], ast.Name(self.variables[attribute], ast.Load()))

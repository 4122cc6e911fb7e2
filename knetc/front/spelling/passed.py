"""Nested functions that are passed to other functions of the module: these become nested functions as well.

    y = integrate(lambda t: t * a, 0.0, 1.0)        ->      def f(t): return t * a
                                                            def integrate_f(lower, upper): ... f(lower) ...
                                                            y = integrate_f(0.0, 1.0)

A function that hands its argument on is followed. What comes out is lifted like any nested function (`closures`).
"""

from __future__ import annotations

import ast
import builtins
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any

import gast

from knetc.front.resolve import resolve
from knetc.front.source import Source
from knetc.front.spelling.borrow import borrowed, renamed
from knetc.front.spelling.closures import lifted
from knetc.front.spelling.names import Names
from knetc.front.spelling.nested import definition_in, variables
from knetc.front.spelling.remake import as_definition, code_of
from knetc.front.spelling.syntax import Cannot, located, own_nodes
from knetc.ops import registry


def specialised(source: Source, definition: ast.FunctionDef, wanted: ast.AST) -> types.FunctionType:
    """The function with a nested function `wanted` that is passed to others. Raises `Cannot`."""
    work = Specialising(source, definition)
    name = work.name_of(wanted)
    for body in work.bodies:  # which grow on the way
        work.calls_in(body)
    definition.body = [*work.made, *definition.body]
    return lifted(source, definition, (name,), {f.__name__: f for f, *_ in work.known})


class Specialising:
    """The rewriting of one function; `nested` are the names of functions that stand in it."""

    def __init__(self, source: Source, definition: ast.FunctionDef) -> None:
        self.source = source
        self.local = variables(source, definition)
        self.names = Names(definition, {*self.local, *source.function.__globals__, *dir(builtins)})
        self.definition = definition
        self.bodies = [definition]
        self.made: list[ast.FunctionDef] = []
        self.nested = {
            d.name
            for s in ast.walk(definition)
            if isinstance(s, ast.stmt) and s is not definition and (d := definition_in(s)) is not None
        }
        self.known: dict[tuple[Any, ...], tuple[str, dict[str, str]]] = {}

    def name_of(self, wanted: ast.AST) -> str:
        """The name of the nested function; what is only an argument gets the name of the parameter."""
        if isinstance(wanted, ast.FunctionDef):
            self._name_arguments(self._reads_nested)
            return wanted.name
        named = self._name_arguments(lambda value: value is wanted or self._reads_nested(value))
        if id(wanted) not in named:
            raise Cannot
        return named[id(wanted)]

    def _reads_nested(self, value: ast.Lambda) -> bool:
        return any(isinstance(n, ast.Name) and n.id in self.nested for n in ast.walk(value))

    def _name_arguments(self, chosen: Callable[[ast.Lambda], bool]) -> dict[int, str]:
        """Give names to lambdas that are passed to known functions; the names by the identity of the lambda."""
        named: dict[int, str] = {}
        for call in list(own_nodes(self.definition)):
            function = self._known_function(call)
            if function is None:
                continue
            assert isinstance(call, ast.Call)
            for parameter, value in _arguments(call, function):
                if isinstance(value, ast.Lambda) and chosen(value):
                    made = as_definition(value, self.names.fresh(parameter))
                    self.made.append(made)
                    self.nested.add(made.name)
                    named[id(value)] = made.name
                    _replace(call, value, located(ast.Name(made.name, ast.Load()), value))
        return named

    def _captured(self) -> set[str]:
        """What the nested functions read of the variables of the function."""
        inside = [d for s in ast.walk(self.definition) if isinstance(s, ast.stmt) and (d := definition_in(s))]
        functions = [d for d in (*inside, *self.made) if d is not self.definition]
        return {n for d in functions for n in code_of(d, self.local, self.source.file).co_freevars}

    # ---- calls

    def calls_in(self, body: ast.FunctionDef) -> None:
        """Let the calls that pass nested functions call functions that know them."""
        for call in list(own_nodes(body)):
            function = self._known_function(call)
            if function is None:
                continue
            assert isinstance(call, ast.Call)
            given = {
                p: v.id
                for p, v in _arguments(call, function)
                if isinstance(v, ast.Name) and v.id in self.nested
            }
            if given:
                self._call(call, function, given)

    def _known_function(self, call: ast.AST) -> types.FunctionType | None:
        """The function of the user's that a call calls, if it is known and passes one argument for each parameter."""
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return None
        if any(isinstance(a, ast.Starred) for a in call.args):
            return None
        found = resolve(self.source.function, self.local | self.nested, gast.ast_to_gast(call.func))
        plain = isinstance(found, types.FunctionType) and found.__name__ == call.func.id
        plain = plain and registry.find(found) is None
        return found if plain and all(k.arg for k in call.keywords) else None

    def _call(self, call: ast.Call, function: types.FunctionType, given: dict[str, str]) -> None:
        key = (function, *sorted(given.items()))
        if key not in self.known:
            name = self.names.fresh("_".join((function.__name__, *given.values())))
            own = {*function.__code__.co_varnames} - given.keys()
            self.names.taken |= {*function.__code__.co_varnames, *function.__code__.co_names}
            hidden = own & (self._captured() | self.nested | {d.name for d in self.made} | {name})
            self.known[key] = name, {n: self.names.fresh(n) for n in sorted(hidden)}
            self._borrow(function, given, *self.known[key])
        name, renames = self.known[key]
        order = list(inspect.signature(function).parameters)
        call.args = [a for p, a in zip(order, call.args, strict=False) if p not in given]
        call.keywords = [k for k in call.keywords if k.arg not in given]
        call.func = located(ast.Name(name, ast.Load()), call.func)
        for keyword in call.keywords:
            keyword.arg = renames.get(keyword.arg or "", keyword.arg)

    def _borrow(
        self, function: types.FunctionType, given: dict[str, str], name: str, renames: dict[str, str]
    ) -> None:
        """A copy of a function, without the parameters that are known."""
        d = borrowed(function, self.source, self.local)
        d.name, d.decorator_list = name, []
        names = (n for n in ast.walk(d) if isinstance(n, ast.Name) and n.id in given)
        if any(not isinstance(n.ctx, ast.Load) for n in names):
            raise Cannot
        for parameter in given:
            _drop(d.args, parameter)
        renamed(d, renames | given)
        self.made.append(d)
        self.bodies.append(d)


def _arguments(call: ast.Call, function: types.FunctionType) -> Iterator[tuple[str, ast.expr]]:
    """The arguments of a call by parameter."""
    try:
        bound = inspect.signature(function).bind(
            *call.args, **{k.arg: k.value for k in call.keywords if k.arg}
        )
    except TypeError:
        return
    yield from ((p, v) for p, v in bound.arguments.items() if isinstance(v, ast.expr))


def _replace(call: ast.Call, old: ast.expr, new: ast.expr) -> None:
    call.args = [new if a is old else a for a in call.args]
    for keyword in call.keywords:
        keyword.value = new if keyword.value is old else keyword.value


def _drop(arguments: ast.arguments, name: str) -> None:
    """Take a parameter out of a signature, with its default."""
    plain = [*arguments.posonlyargs, *arguments.args]
    for i, argument in enumerate(plain):
        if argument.arg == name:
            k = i - (len(plain) - len(arguments.defaults))
            arguments.defaults = [d for j, d in enumerate(arguments.defaults) if j != k]
            for group in (arguments.posonlyargs, arguments.args):
                group[:] = [a for a in group if a.arg != name]
    for i, argument in reversed(list(enumerate(arguments.kwonlyargs))):
        if argument.arg == name:
            del arguments.kwonlyargs[i], arguments.kw_defaults[i]

"""Conditional expressions, `and`/`or`, `:=` and comprehensions as statements in front of the one they stand in.

What is evaluated before them keeps its turn: it gets a name of its own, in front of what is hoisted.

    y = g(x) * (a if c else b)      ->      value = g(x)
                                            if c:
                                                value_2 = a
                                            else:
                                                value_2 = b
                                            y = value * value_2
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from knetc.front.source import Marks, Source
from knetc.front.spelling.comprehension import loops
from knetc.front.spelling.names import Names, hidden_names
from knetc.front.spelling.operands import operands
from knetc.front.spelling.syntax import SCOPES, Cannot, located, own_nodes

CONSUMERS = ("list", "sum", "max", "min", "tuple", "sorted")
"""Builtins that run through a generator to its end before they do anything else."""


@dataclass(frozen=True)
class Result:
    """What a function returns: a value, if it is `valued`, and the variables `outs` that it rebinds."""

    outs: tuple[str, ...]
    valued: bool


class Hoist:
    """The rewriting of one function; `requested` are the expressions to be written out.

    `results` are those of functions whose calls assign variables.
    """

    def __init__(
        self,
        source: Source,
        definition: ast.FunctionDef,
        requested: Iterable[ast.AST],
        results: dict[str, Result] | None = None,
    ) -> None:
        self.definition = definition
        self.requested = {id(n) for n in requested}
        self.results = results or {}
        self.uses = [n for n in ast.walk(definition) if isinstance(n, ast.Name)]
        self.names = Names(definition)
        self.consumers = frozenset(CONSUMERS) - hidden_names(source, definition)
        self.before: list[ast.stmt] = []
        self.trying = False

    def marked(self, marks: Marks) -> Marks:
        """What is known of the function, with the names that have been invented."""
        return replace(marks, invented=marks.invented | self.names.invented)

    # ---- statements

    def block(self, block: list[ast.stmt]) -> list[ast.stmt]:
        """A block, each statement preceded by what is hoisted out of it."""
        out: list[ast.stmt] = []
        for stmt in block:
            if not self.complex(stmt):
                out.append(stmt)
                continue
            outer, self.before = self.before, []
            new = self.statement(stmt)
            out += [*self.before, *new]
            self.before = outer
        return out

    def statement(self, stmt: ast.stmt) -> list[ast.stmt]:
        """One statement, its own expressions simple."""
        match stmt:
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Return() | ast.Expr() if stmt.value:
                self._refuse_in(*(getattr(stmt, "targets", None) or [getattr(stmt, "target", None)]))
                if isinstance(stmt, ast.AugAssign):
                    self._keep_order(stmt)
                stmt.value = self.expr(stmt.value, "" if self.trying else _wish(stmt))
                idle = isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Name | ast.Constant)
                same = isinstance(stmt, ast.Assign) and _assigns_itself(stmt)
                return [] if idle or same else [stmt]
            case ast.If():
                stmt.test = self.expr(stmt.test)
                stmt.body, stmt.orelse = self.block(stmt.body), self.block(stmt.orelse)
            case ast.While():
                self._while(stmt)
            case ast.For():
                stmt.iter = self.expr(stmt.iter)
                stmt.body, stmt.orelse = self.block(stmt.body), self.block(stmt.orelse)
            case ast.With():
                self._refuse_in(*stmt.items)
                stmt.body = self.block(stmt.body)
            case ast.Try():
                outer, self.trying = self.trying, True  # a name is bound when all is done, or not at all
                stmt.body, stmt.orelse = self.block(stmt.body), self.block(stmt.orelse)
                stmt.finalbody = self.block(stmt.finalbody)
                for handler in stmt.handlers:
                    handler.body = self.block(handler.body)
                self.trying = outer
            case _:
                raise Cannot
        return [stmt]

    def _while(self, stmt: ast.While) -> None:
        """A test that needs statements is taken at the top of each round."""
        body = self.block(stmt.body)
        if self.complex(stmt.test):
            if stmt.orelse:
                raise Cannot
            leave = ast.If(ast.UnaryOp(ast.Not(), stmt.test), [ast.Break()], [])
            body = [*self.block([located(leave, stmt.test)]), *body]
            stmt.test = located(ast.Constant(True), stmt.test)
        stmt.body, stmt.orelse = body, self.block(stmt.orelse)

    def _keep_order(self, stmt: ast.AugAssign) -> None:
        """`x += e` reads `x` first: what is hoisted out of `e` must not change it."""
        calls = any(isinstance(n, ast.Call) for n in ast.walk(stmt.value))
        read = {n.id for n in ast.walk(stmt.target) if isinstance(n, ast.Name)}
        if (calls and not isinstance(stmt.target, ast.Name)) or set(self.bound_in(stmt.value)) & read:
            raise Cannot

    def _keep_simple(self, options: list[ast.keyword]) -> None:
        """The options of a consumer are evaluated before its items: they are to be such that nobody can tell."""
        if not all(isinstance(k.value, ast.Constant) for k in options):
            raise Cannot

    def _refuse_in(self, *nodes: ast.AST | None) -> None:
        if any(n is not None and self.complex(n) for n in nodes):
            raise Cannot

    # ---- expressions

    def complex(self, node: ast.AST) -> bool:
        """Whether something is to be hoisted out of a piece of syntax."""
        return any(self._is_requested(n) for n in _own(node))

    def _is_requested(self, node: ast.AST) -> bool:
        called = (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.results
        )
        return id(node) in self.requested or called

    def bound_in(self, node: ast.AST) -> Iterator[str]:
        """The names that are assigned when an expression is hoisted."""
        for n in _own(node):
            if isinstance(n, ast.NamedExpr):
                yield n.target.id
            elif isinstance(n, ast.Call) and isinstance(n.func, ast.Name):
                yield from self.results[n.func.id].outs if n.func.id in self.results else ()

    def expr(self, node: ast.expr, wish: str = "") -> ast.expr:
        """An expression, with what is to be hoisted in `before`."""
        if not self.complex(node):
            return node
        match node:
            case ast.IfExp():
                return self._conditional(node, wish)
            case ast.BoolOp():
                return self._boolean(node, wish)
            case ast.NamedExpr():
                value = self.expr(node.value)
                self._assign(node.target.id, value, node)
                return located(ast.Name(node.target.id, ast.Load()), node)
            case ast.ListComp():
                return self._comprehension(node, wish)
            case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp() as inner]) if (
                name in self.consumers
            ):
                self._keep_simple(node.keywords)
                items = self._comprehension(inner, wish if name == "list" else "")
                if name == "list" and not node.keywords:
                    return items
                node.args = [items]
                return node
            case ast.Call(func=ast.Name(id=name)) if name in self.results:
                return self._call(node, name, wish)
            case ast.Compare() if any(map(self.complex, node.comparators[1:])):
                raise Cannot
            case ast.SetComp() | ast.DictComp() | ast.GeneratorExp() | ast.Lambda():
                raise Cannot
            case _:
                return self._in_order(node)

    def _in_order(self, node: ast.expr) -> ast.expr:
        """Operands from left to right; those in front of a hoisted one keep their turn."""
        places = list(operands(node))
        last = max((i for i, p in enumerate(places) if self.complex(p.get())), default=-1)
        for i, place in enumerate(places[: last + 1]):
            later = [p.get() for p in places[i + 1 : last + 1]]
            value = self.expr(place.get())
            place.set(self._pinned(value, later) if any(map(self.complex, later)) else value)
        return node

    def _pinned(self, value: ast.expr, later: list[ast.expr]) -> ast.expr:
        bound = {name for e in later for name in self.bound_in(e)}
        if isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id not in bound):
            return value
        if isinstance(value, ast.Starred | ast.Slice):
            raise Cannot
        return self._assign(self.names.fresh("value"), value, value)

    def _assign(self, name: str, value: ast.expr, at: ast.AST) -> ast.Name:
        self.before.append(located(ast.Assign([ast.Name(name, ast.Store())], value), at))
        return located(ast.Name(name, ast.Load()), at)

    def _into(self, name: str, value: ast.expr) -> list[ast.stmt]:
        """The statements that assign an expression."""
        return self.block([located(ast.Assign([ast.Name(name, ast.Store())], value), value)])

    def _conditional(self, node: ast.IfExp, wish: str) -> ast.expr:
        test = self.expr(node.test)
        name = wish or self.names.fresh("value")
        choice = ast.If(test, self._into(name, node.body), self._into(name, node.orelse))
        self.before.append(located(choice, node))
        return located(ast.Name(name, ast.Load()), node)

    def _boolean(self, node: ast.BoolOp, wish: str) -> ast.expr:
        """`a and b` is `b` if `a` is true, and else `a`."""
        first, *rest = node.values
        tail = rest[0]
        if len(rest) > 1:
            tail = located(ast.BoolOp(node.op, rest), node)
            self.requested.add(id(tail))
        test = self._pinned(self.expr(first), rest)
        name = wish or self.names.fresh("value")
        then, orelse = (tail, test) if isinstance(node.op, ast.And) else (test, tail)
        choice = ast.If(copy.deepcopy(test), self._into(name, then), self._into(name, orelse))
        self.before.append(located(choice, node))
        return located(ast.Name(name, ast.Load()), node)

    def _call(self, node: ast.Call, function: str, wish: str) -> ast.expr:
        """A call that assigns captured names as well."""
        self._in_order(node)
        result = self.results[function]
        targets = list(result.outs)
        value = wish if wish and wish not in targets else ""
        if result.valued:
            value = value or self.names.fresh(f"{function}_out")
            targets.insert(0, value)
        names: list[ast.expr] = [ast.Name(n, ast.Store()) for n in targets]
        target = names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())
        self.before.append(located(ast.Assign([target], node), node))
        return located(ast.Name(value, ast.Load()) if result.valued else ast.Constant(None), node)

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp, wish: str) -> ast.expr:
        """A loop that appends; its variables are no others of the function."""
        if any(isinstance(n, SCOPES) for n in ast.walk(node)) or any(g.is_async for g in node.generators):
            raise Cannot
        first = self.expr(node.generators[0].iter)
        read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        name = wish if wish and wish not in read else self.names.fresh("items")
        self._assign(name, ast.List([], ast.Load()), node)
        inside = {id(n) for n in ast.walk(node)}
        others = {n.id for n in self.uses if id(n) not in inside}
        others |= {n.arg for n in ast.walk(self.definition) if isinstance(n, ast.arg)}
        self.before += self.block([located(loops(node, first, name, others, self.names.fresh), node)])
        return located(ast.Name(name, ast.Load()), node)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """A piece of syntax and what stands in it, functions inside it left out."""
    yield node
    yield from own_nodes(node)


def _wish(stmt: ast.stmt) -> str:
    """The variable that a statement binds."""
    match stmt:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            return ""


def _assigns_itself(stmt: ast.Assign) -> bool:
    return isinstance(stmt.value, ast.Name) and _wish(stmt) == stmt.value.id

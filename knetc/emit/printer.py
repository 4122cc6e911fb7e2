"""Modules printed as a careful colleague would write them.

To the expressions of `expressions.py` this adds statements, also those younger than astunparse, docstrings and
strings (`literals.py`), blank lines where `ruff format` puts them, comments, and a map from output lines to
statements. Whatever Python parses comes back as an equal tree, and printing the result again changes nothing;
only a docstring with lines in column 0 is moved to its place.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knetc.emit import literals
from knetc.emit.expressions import ExpressionPrinter
from knetc.emit.precedence import TUPLE, YIELD

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class Printed:
    """A module's text, and for each line on which a statement starts, that statement."""

    text: str
    lines: dict[int, ast.stmt]


def print_module(
    tree: ast.Module,
    *,
    comments: dict[ast.stmt, str] | None = None,
    trailing: dict[ast.stmt, str] | None = None,
) -> Printed:
    """The source of a module.

    `comments` go on the lines above their statements (a line break begins another comment line), `trailing`
    ones behind a statement, or behind the first line of a compound statement. Both are given without the `#`.

    >>> tree = ast.parse("y=(x*2)+1")
    >>> printed = print_module(tree, comments={tree.body[0]: "a line"}, trailing={tree.body[0]: "model.py:3"})
    >>> print(printed.text, end="")
    # a line
    y = x * 2 + 1  # model.py:3
    >>> printed.lines == {2: tree.body[0]}
    True
    """
    printer = Printer(tree, comments or {}, trailing or {})
    return Printed(printer.text, printer.lines)


class Printer(ExpressionPrinter):
    """One walk over one tree: `text` and `lines` hold the result."""

    def __init__(self, tree: ast.AST, comments: dict[ast.stmt, str], trailing: dict[ast.stmt, str]) -> None:
        self.comments = comments
        self.trailing = trailing
        self._starting: ast.stmt | None = None
        self._tail = ""
        self._starts: list[tuple[int, ast.stmt]] = []
        buffer = io.StringIO()
        super().__init__(tree, buffer)
        written = buffer.getvalue()
        self.text = written.removeprefix("\n")
        self.lines = _line_numbers(written, self._starts)

    # ---- lines

    def fill(self, text: str = "") -> None:
        """Begin a line; the statement that was announced last starts on it, if it has not started yet."""
        self._end_line()
        self.f.write("\n" + "    " * self._indent + text)
        if self._starting is not None:
            self._starts.append((self.f.tell(), self._starting))
            self._tail = self.trailing.get(self._starting, "")
            self._starting = None

    def _end_line(self) -> None:
        if self._tail:
            self.f.write(f"  # {self._tail}")
            self._tail = ""

    def _announce(self, statement: ast.stmt) -> None:
        for line in self.comments.get(statement, "").splitlines():
            self.fill(f"# {line}".rstrip())
        self._starting = statement

    # ---- blocks

    def _Module(self, node: ast.Module) -> None:
        self._statements(node.body)
        self._end_line()

    def _statements(self, body: Sequence[ast.stmt]) -> None:
        before: ast.stmt | None = None
        for statement in body:
            blank = _blank_lines(before, statement, outermost=self._indent == 0)
            if blank:
                self._end_line()
                self.f.write("\n" * blank)
            self._announce(statement)
            self.dispatch(statement)
            before = statement

    def _suite(self, body: list[ast.stmt]) -> None:
        """The colon and the indented statements of a clause."""
        self.enter()
        self._statements(body)
        self.leave()

    def _clause(self, header: str, body: list[ast.stmt]) -> None:
        """A clause without a condition, `else` or `finally`, if there is one."""
        if body:
            self.fill(header)
            self._suite(body)

    # ---- statements

    def _Expr(self, node: ast.Expr) -> None:
        self.fill()
        text = _bare_text(node)
        if text is None:
            self.dispatch(node.value, YIELD)
        else:
            self.f.write(literals.docstring(text, "    " * self._indent))

    def _Assign(self, node: ast.Assign) -> None:
        self.fill()
        for target in node.targets:
            self.dispatch(target, TUPLE)
            self.f.write(" = ")
        self.dispatch(node.value, YIELD)

    def _AugAssign(self, node: ast.AugAssign) -> None:
        self.fill()
        self.dispatch(node.target)
        self.f.write(f" {self.binop[type(node.op).__name__]}= ")
        self.dispatch(node.value, YIELD)

    def _Return(self, node: ast.Return) -> None:
        self.fill("return")
        if node.value is not None:
            self.f.write(" ")
            self.dispatch(node.value, TUPLE)

    def _TypeAlias(self, node: ast.stmt) -> None:
        self.fill(ast.unparse(node))

    def _If(self, node: ast.If, keyword: str = "if ") -> None:
        self.fill(keyword)
        self.condition(node.test)
        self._suite(node.body)
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            self._announce(node.orelse[0])
            self._If(node.orelse[0], "elif ")
        else:
            self._clause("else", node.orelse)

    def _While(self, node: ast.While) -> None:
        self.fill("while ")
        self.condition(node.test)
        self._suite(node.body)
        self._clause("else", node.orelse)

    def _For(self, node: ast.For | ast.AsyncFor, keyword: str = "for ") -> None:
        self.fill(keyword)
        self.dispatch(node.target, TUPLE)
        self.f.write(" in ")
        self.dispatch(node.iter)
        self._suite(node.body)
        self._clause("else", node.orelse)

    def _AsyncFor(self, node: ast.AsyncFor) -> None:
        self._For(node, "async for ")

    def _With(self, node: ast.With | ast.AsyncWith, keyword: str = "with ") -> None:
        self.fill(keyword)
        self.separated(self.dispatch, node.items)
        self._suite(node.body)

    def _AsyncWith(self, node: ast.AsyncWith) -> None:
        self._With(node, "async with ")

    def _withitem(self, node: ast.withitem) -> None:
        if isinstance(node.context_expr, ast.Tuple):  # one pair of parentheses would enclose several items
            self.f.write("(")
            self.dispatch(node.context_expr)
            self.f.write(")")
        else:
            self.dispatch(node.context_expr)
        if node.optional_vars is not None:
            self.f.write(" as ")
            self.dispatch(node.optional_vars)

    def _Try(self, node: ast.Try, keyword: str = "except") -> None:
        self._clause("try", node.body)
        for handler in node.handlers:
            self.fill(keyword)
            if handler.type is not None:
                self.f.write(" ")
                self.dispatch(handler.type)
            if handler.name is not None:
                self.f.write(f" as {handler.name}")
            self._suite(handler.body)
        self._clause("else", node.orelse)
        self._clause("finally", node.finalbody)

    def _TryStar(self, node: ast.Try) -> None:
        self._Try(node, "except*")

    def _Match(self, node: ast.Match) -> None:
        self.fill("match ")
        self.dispatch(node.subject, TUPLE)
        self.enter()
        for case in node.cases:
            self.fill("case " + ast.unparse(case.pattern))
            if case.guard is not None:
                self.f.write(" if ")
                self.condition(case.guard)
            self._suite(case.body)
        self.leave()

    # ---- definitions

    def _FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, keyword: str = "def ") -> None:
        self._decorators(node)
        self.fill(keyword + node.name)
        self._type_parameters(node)
        self.f.write("(")
        self.dispatch(node.args)
        self.f.write(")")
        if node.returns is not None:
            self.f.write(" -> ")
            self.dispatch(node.returns)
        self._suite(node.body)

    def _AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._FunctionDef(node, "async def ")

    def _ClassDef(self, node: ast.ClassDef) -> None:
        self._decorators(node)
        self.fill("class " + node.name)
        self._type_parameters(node)
        bases = [*node.bases, *node.keywords]
        if bases:
            self.f.write("(")
            self.separated(self.dispatch, bases)
            self.f.write(")")
        self._suite(node.body)

    def _decorators(self, node: Definition) -> None:
        """The lines above a definition; the definition itself starts on its `def` or `class` line."""
        self._starting = None
        for decorator in node.decorator_list:
            self.fill("@")
            self.dispatch(decorator)
        self._starting = node

    def _type_parameters(self, node: Any) -> None:
        parameters = getattr(node, "type_params", [])  # Python 3.12
        if parameters:
            self.f.write(f"[{', '.join(map(ast.unparse, parameters))}]")


def _blank_lines(before: ast.stmt | None, after: ast.stmt, *, outermost: bool) -> int:
    if before is None:
        return 0
    if isinstance(before, Definition) or isinstance(after, Definition):
        return 2 if outermost else 1
    if isinstance(before, Import):
        return 0 if isinstance(after, Import) else 1
    return 1 if outermost and _bare_text(before) is not None else 0


def _bare_text(statement: ast.stmt) -> str | None:
    """The text of a statement that is only a string, as docstrings are."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str(text), kind=None)):
            return text
    return None


def _line_numbers(text: str, starts: list[tuple[int, ast.stmt]]) -> dict[int, ast.stmt]:
    """Positions in a text that begins with an empty line, as line numbers."""
    lines = {}
    line = before = 0
    for position, statement in starts:
        line += text.count("\n", before, position)
        lines[line] = statement
        before = position
    return lines

"""From a Python function to the text it was written as, and the syntax tree of exactly that function.

The text comes from linecache, which knows files, notebook cells, doctests and whatever was registered there.
Only the lines of the function are parsed (`co_firstlineno` to its last line of code); a lambda is found among
several on a line by the columns of its code.
"""

from __future__ import annotations

import ast
import linecache
import textwrap
import types
import weakref
from dataclasses import dataclass, replace
from typing import Any

from knetc.errors import Place, SourceError

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

SPELLED: weakref.WeakKeyDictionary[types.FunctionType, Source] = weakref.WeakKeyDictionary()
"""The definitions of functions that the front has rewritten: they stand in no file."""

NO_SOURCE = (
    "save `{0}` in a file, use IPython or Jupyter, Python >= 3.13, "
    "or pass its text: knetc.grad({0}, source='def {0}...')"
)


@dataclass(frozen=True)
class Marks:
    """What is special about a function that the front has rewritten.

    `invented` are variables that the user's code lacks, `rebinds` parameters whose last value is returned, `published`
    objects of which no attribute is read that is stored. `borrowed` are the global names whose definitions it contains,
    with what they stood for.
    """

    invented: frozenset[str] = frozenset()
    rebinds: frozenset[str] = frozenset()
    published: frozenset[str] = frozenset()
    borrowed: tuple[tuple[str, Any], ...] = ()


NO_MARKS = Marks()


@dataclass(frozen=True)
class Source:
    """The text around a function and its parsed definition, with line numbers of the file."""

    function: types.FunctionType
    file: str
    lines: tuple[str, ...]
    definition: Definition
    marks: Marks = NO_MARKS

    def place(self, node: ast.AST) -> Place:
        """Where a node of the definition stands."""
        line = getattr(node, "lineno", self.definition.lineno)
        text = self.lines[line - 1].rstrip("\n") if line <= len(self.lines) else ""
        col = _chars(text, getattr(node, "col_offset", 0))
        same_line = getattr(node, "end_lineno", line) == line
        end = _chars(text, getattr(node, "end_col_offset", len(text))) if same_line else len(text)
        return Place(self.file, line, col, end, text)


def source_of(function: types.FunctionType, text: str | None = None) -> Source:
    """The source of a function, from `text` if given.

    Raises `SourceError` when there is none (typed at the plain prompt of Python < 3.13, `exec`, `python -c`).
    """
    code = function.__code__
    if function in SPELLED:
        return replace(SPELLED[function], function=function)
    if text is not None:
        return _given(function, text)
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        raise _missing(function)
    definition = _definition(code, lines)
    if definition is None:
        raise _missing(function)
    return Source(function, code.co_filename, tuple(lines), definition)


def _given(function: types.FunctionType, text: str) -> Source:
    """The source of a function in a text that its author hands over: the last definition of its name."""
    lines = textwrap.dedent(text).splitlines(keepends=True)
    named = [
        n for n in ast.walk(ast.parse("".join(lines))) if isinstance(n, Definition) and _is_named(n, function)
    ]
    if not named:
        raise _missing(function)
    return Source(function, function.__code__.co_filename, tuple(lines), named[-1])


def _is_named(node: Definition, function: types.FunctionType) -> bool:
    return getattr(node, "name", "<lambda>") == function.__name__


def _missing(function: types.FunctionType) -> SourceError:
    name = function.__name__
    where = function.__code__.co_filename
    return SourceError(
        "KN110", f"the source of `{name}` cannot be found ({where})", help=NO_SOURCE.format(name)
    )


def _definition(code: types.CodeType, lines: list[str]) -> Definition | None:
    first, last = code.co_firstlineno, _last_line(code)
    for span in ((first, last), (1, len(lines))):  # a lambda may begin in the middle of a statement
        tree = _parse_span(lines, *span)
        if tree is not None:
            found = [n for n in ast.walk(tree) if isinstance(n, Definition) and _matches(n, code)]
            whole = [n for n in found if _columns_match(n, code)]
            if whole:
                return whole[0]
    return None


def _last_line(code: types.CodeType) -> int:
    last = max((line for _, _, line in code.co_lines() if line), default=code.co_firstlineno)
    inner = [_last_line(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    return max([last, *inner])


def _parse_span(lines: list[str], first: int, last: int) -> ast.Module | None:
    """The lines parsed on their own; the last line may lie beyond `last` (closing brackets, comments)."""
    if first > len(lines):
        return None
    indented = lines[first - 1][:1].isspace()
    for end in range(min(last, len(lines)), min(last + 6, len(lines)) + 1):
        text = "".join(lines[first - 1 : end])
        try:
            tree = ast.parse("if 1:\n" + text if indented else text)
        except SyntaxError:
            continue
        return ast.increment_lineno(tree, first - (2 if indented else 1))
    return None


def _matches(node: Definition, code: types.CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return node.name == code.co_name and first == code.co_firstlineno


def _columns_match(node: Definition, code: types.CodeType) -> bool:
    if not isinstance(node, ast.Lambda):
        return True
    body = node.body
    spans = [p for p in code.co_positions() if p[0] is not None and p[2] is not None and p[3] != p[2]]
    if not spans:  # Python 3.12 does not say where a constant is that is returned
        return isinstance(body, ast.Constant) and body.value in code.co_consts
    start = min(((p[0], p[2]) for p in spans), default=None)
    end = max(((p[1], p[3]) for p in spans), default=None)
    return start == (body.lineno, body.col_offset) and end == (body.end_lineno, body.end_col_offset)


def _chars(text: str, byte_offset: int) -> int:
    """A column in characters from one in UTF-8 bytes, which is what `ast` counts."""
    return len(text.encode()[:byte_offset].decode(errors="ignore"))

"""f-strings on one line, with the same text on every version of Python.

Before Python 3.12 an expression inside an f-string may hold neither a backslash nor the quotes around the whole.
So the strings in it take the other kind of quotes. What cannot be written like that is left to `ast.unparse`,
which knows what its own version accepts.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from knetc.emit.precedence import OR, TEST

Show = Callable[[ast.expr, int], str]


def fstring(node: ast.JoinedStr, show: Show) -> str:
    """The source of an f-string; `show(expression, accepted level)` prints the expressions in it.

    >>> tree = ast.parse("f'{d}: {x:.{n}f}'", mode="eval").body
    >>> fstring(tree, lambda node, accepted: ast.unparse(node))
    'f"{d}: {x:.{n}f}"'
    """
    literal = "".join(_literals(node))
    quote = "'" if '"' in literal and "'" not in literal else '"'
    try:
        return f"f{quote}{_values(node.values, quote, show)}{quote}"
    except _Unquotable:
        return ast.unparse(node)


class _Unquotable(Exception):
    """An expression with a backslash, or with quotes of both kinds."""


def _literals(node: ast.JoinedStr) -> Iterator[str]:
    for value in node.values:
        match value:
            case ast.Constant(value=str(text)):
                yield text
            case ast.FormattedValue(format_spec=ast.JoinedStr() as spec):
                yield from _literals(spec)


def _values(values: list[ast.expr], quote: str, show: Show) -> str:
    return "".join(_value(value, quote, show) for value in values)


def _value(value: ast.expr, quote: str, show: Show) -> str:
    match value:
        case ast.Constant(value=str(text)):
            return _literal(text, quote)
        case ast.FormattedValue(value=inner, conversion=conversion, format_spec=spec):
            shown = _expression(inner, quote, show)
            suffix = f"!{chr(conversion)}" if conversion > 0 else ""
            if isinstance(spec, ast.JoinedStr):
                suffix += ":" + _values(spec.values, quote, show)
            return f"{{{shown}{suffix}}}"
    raise _Unquotable


def _literal(text: str, quote: str) -> str:
    other = _other(quote)  # a quote of the other kind makes `repr` choose ours
    pieces = [repr(piece + other)[1:-2] for piece in text.split(quote)]
    return f"\\{quote}".join(pieces).replace("{", "{{").replace("}", "}}")


def _expression(node: ast.expr, quote: str, show: Show) -> str:
    shown = show(node, TEST)
    if "lambda" in shown:
        shown = show(node, OR)  # a bare lambda's colon would begin the format
    if quote in shown and _other(quote) not in shown:
        shown = shown.replace(quote, _other(quote))
    if quote in shown or "\\" in shown:
        raise _Unquotable
    return f" {shown}" if shown.startswith("{") else shown


def _other(quote: str) -> str:
    return "'" if quote == '"' else '"'

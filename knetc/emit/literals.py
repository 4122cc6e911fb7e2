"""Constants and docstrings as source text, with double quotes wherever they cost no backslash."""

from __future__ import annotations

import math
import sys

INFINITY = f"1e{sys.float_info.max_10_exp + 1}"
"""A literal that overflows: the only way to write an infinite number without a name."""


def constant(value: object) -> str:
    """The source of a constant.

    >>> constant("it is"), constant(2.0), constant(...)
    ('"it is"', '2.0', '...')
    """
    if value is ...:
        return "..."
    if isinstance(value, (str, bytes)):
        return _double_quoted(repr(value))
    if isinstance(value, float) and math.isnan(value):
        return 'float("nan")'
    if isinstance(value, (float, complex)):
        return repr(value).replace("inf", INFINITY).replace("nan", f"({INFINITY} - {INFINITY})")
    return repr(value)


def _double_quoted(text: str) -> str:
    """A one-line string literal with its quotes exchanged, if nothing inside them has to change."""
    prefix, quote, body = text.partition("'")
    if '"' in text or quote == "" or "'" in body[:-1]:
        return text
    return f'{prefix}"{body[:-1]}"'


def docstring(value: str, indent: str) -> str:
    """A string in triple quotes, its line breaks kept.

    A text with later lines in column 0, as generated ones have, is moved to `indent`; any other is printed as
    it is, character by character.

    >>> print(docstring("One.\\n\\nTwo.", "    "))
    \"\"\"One.
    <BLANKLINE>
        Two.\"\"\"
    """
    if not value.replace("\n", "").replace("\t", "").isprintable():
        return constant(value)
    text = _indented(value, indent)
    if "\\" in text and '"""' not in text and not text.endswith(("\\", '"')):
        return f'r"""{text}"""'
    text = text.replace("\\", "\\\\").replace('"""', r"\"\"\"")
    if text.endswith('"'):
        text = text[:-1] + r"\""
    return f'"""{text}"""'


def _indented(value: str, indent: str) -> str:
    """A flat text moved to its place; blank lines stay blank, the last one carries the closing quotes."""
    first, *rest = value.split("\n")
    margins = [len(line) - len(line.lstrip()) for line in rest if line.strip()]
    if not rest or min(margins, default=len(rest[-1])) > 0:
        return value
    moved = [indent + line if line.strip() else line for line in rest[:-1]]
    return "\n".join([first, *moved, indent + rest[-1]])

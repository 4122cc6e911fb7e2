"""A function and its generated derivative as two texts that belong together, for terminals and notebooks alike."""

from __future__ import annotations

import re
import textwrap
import types
from dataclasses import dataclass
from pathlib import PurePath

from knetc.front.source import source_of

COMMENT = re.compile(r"  # (?P<file>[^:\s]+\.py|<[^>]+>):(?P<line>\d+)  .*$", re.MULTILINE)


@dataclass(frozen=True)
class Listing:
    """The user's function, from line `first` of a file, and what was made of it."""

    file: str
    first: int
    source: str
    generated: str

    @property
    def beside(self) -> str:
        """The generated text for a place where the source stands next to it: lines of the file by number only."""

        def shorter(comment: re.Match[str]) -> str:
            here = comment["file"] == self.file
            return f"  # line {comment['line']}" if here else f"  # {comment['file']}:{comment['line']}"

        return COMMENT.sub(shorter, self.generated)


def listing(function: types.FunctionType, generated: str) -> Listing:
    """The listing of a function and the text that was made of it. Raises `SourceError` (KN110).

    >>> from statistics import mean
    >>> listing(mean, "...").source.splitlines()[0]
    'def mean(data):'
    """
    source = source_of(function)
    definition = source.definition
    lines = source.lines[definition.lineno - 1 : definition.end_lineno]
    text = textwrap.dedent("".join(lines)).rstrip()
    return Listing(PurePath(source.file).name, definition.lineno, text, generated.strip("\n"))

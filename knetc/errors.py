"""Every error that knetc raises on purpose, and the form in which it is printed.

An error has a code (`KN101`), a sentence that names the argument and its value, the place in the user's
source and the layer of the model where there is one, and one suggested edit:

    model.py:14:5: KN101 knetc cannot differentiate `with`
      14 |     with open(path) as fh:
         |     ^^^^^^^^^^^^^^^^^^^^^
    help: read the file outside `f` and pass the data as an argument
    more: knetc explain KN101

    KnetcError
      +- Refusal            the compiler met something active that it cannot differentiate
      +- ArgumentError      a wrong argument: kind, range, option          (also a ValueError)
      |    +- ShapeError    shapes that do not fit                         (also a ValueError)
      +- DtypeError         integers where floats are needed ...           (also a TypeError)
      +- SourceError        a function whose source cannot be found
      +- GradientError      a gradient that disagrees with a finite difference
      +- NonFiniteError     a loss that became nan or infinite
      +- FileError          a data set, checkpoint or download that is damaged or missing
      +- PackageError       a package that is not installed                (also an ImportError)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

locate: list[Callable[[], str]] = []
"""Says which layer of a model is running: `knetc.runtime.layers` puts itself here when it is loaded."""


@dataclass(frozen=True)
class Place:
    """A span of the user's source: one line of it, with columns counted from 0."""

    file: str
    line: int
    col: int
    end_col: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.col + 1}"

    def caret(self) -> str:
        """The source line with carets under the span."""
        number = f"  {self.line} | "
        margin = " " * (len(number) - 2) + "| "
        indent = len(self.text) - len(self.text.lstrip())
        width = max(1, min(self.end_col, len(self.text.rstrip())) - self.col)
        return f"{number}{self.text.rstrip()}\n{margin}{' ' * max(self.col, indent)}{'^' * width}"


class KnetcError(Exception):
    """Base class of all errors raised by knetc."""

    def __init__(self, code: str, message: str, *, help: str = "", place: Place | None = None) -> None:
        self.code = code
        self.message = message
        self.help = help
        self.place = place
        self.layer = locate[0]() if locate and isinstance(self, ArgumentError | DtypeError) else ""
        super().__init__(self.render())

    def render(self) -> str:
        """The printed form, at most seven lines."""
        head = f"{self.code} {self.message}"
        lines = [f"{self.place}: {head}", self.place.caret()] if self.place else [head]
        if self.layer:
            lines.append(f"layer: {self.layer}")
        if self.help:
            lines.append(f"help: {self.help}")
        lines.append(f"more: knetc explain {self.code}")
        return "\n".join(lines)


class Refusal(KnetcError):
    """An active construct that knetc cannot differentiate (yet)."""


class ArgumentError(KnetcError, ValueError):
    """An argument of the wrong kind, out of range, or an unknown option."""


class ShapeError(ArgumentError):
    """Arrays whose shapes do not fit together, or a result that is not a scalar."""


class DtypeError(KnetcError, TypeError):
    """Integers, booleans or objects where floating-point numbers are needed."""


class SourceError(KnetcError):
    """A function whose source text cannot be found."""


class GradientError(KnetcError, ArithmeticError):
    """A gradient that disagrees with a finite difference."""


class NonFiniteError(KnetcError, ArithmeticError):
    """A loss that became nan or infinite."""


class FileError(KnetcError, OSError):
    """A data set, checkpoint or download that is damaged, foreign or missing."""


class PackageError(KnetcError, ImportError):
    """A package that an optional part of knetc needs, and that cannot be imported."""

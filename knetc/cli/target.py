"""From `model.py:loss` on the command line to the function itself."""

from __future__ import annotations

import difflib
import linecache
import re
import sys
import traceback
import types
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from knetc.errors import Place, SourceError

PATTERN = re.compile(r"(?P<file>.+?\.py)(?::(?P<name>[\w.]+))?")


@dataclass(frozen=True)
class Target:
    """A file that has been run, and the name in it, if one was given."""

    path: Path
    module: types.ModuleType
    name: str | None

    def function(self) -> Any:
        """What the name stands for. Raises a usage error if there is none of that name."""
        if self.name is None:
            raise click.UsageError(f"say which function: {self.path}:{next(iter(self.functions()), 'NAME')}")
        found: Any = self.module
        for part in self.name.split("."):
            if part not in dir(found):
                raise click.UsageError(
                    f"`{self.path}` has no function `{self.name}`{_or(part, _callables(found))}"
                )
            found = getattr(found, part)
        if not callable(found):
            raise click.UsageError(
                f"`{self.name}` of {self.path} is no function, but of type {type(found).__name__}"
            )
        return found

    def functions(self) -> dict[str, Any]:
        """The functions and decorated functions that the file defines, in order."""
        codes = {name: code_of(value) for name, value in vars(self.module).items()}
        here = {
            name: code
            for name, code in codes.items()
            if code is not None and code.co_filename == str(self.path)
        }
        return {
            name: getattr(self.module, name)
            for name in sorted(here, key=lambda name: here[name].co_firstlineno)
        }


def find(text: str) -> Target:
    """Run the file in `model.py:loss`. Raises a usage error if there is none, `SourceError` (KN111) if it fails."""
    match = PATTERN.fullmatch(text)
    if match is None:
        raise click.UsageError(f"`{text}` is not of the form model.py:loss")
    path = Path(match["file"])
    if not path.is_file():
        raise click.UsageError(
            f"there is no file `{path}`{_or(path.name, (p.name for p in path.parent.glob('*.py')))}"
        )
    return Target(path, _module(path), match["name"])


def _or(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _callables(owner: Any) -> list[str]:
    return [name for name in dir(owner) if callable(getattr(owner, name, None))]


def code_of(value: Any) -> types.CodeType | None:
    """The code of a function, decorated by `knetc.grad` or not."""
    function = getattr(value, "function", value)
    return function.__code__ if isinstance(function, types.FunctionType) else None


# ---- running the file


def _module(path: Path) -> types.ModuleType:
    """The module that a file is, with the folder of its package, or its own, on the path."""
    folder, package = path.resolve().parent, ""
    while (folder / "__init__.py").is_file():
        folder, package = folder.parent, f"{folder.name}.{package}".rstrip(".")
    name = f"{package}.{path.stem}".lstrip(".")
    module = types.ModuleType(name if name not in sys.modules else f"{name}_")
    module.__dict__.update(__file__=str(path), __package__=package)
    sys.path.insert(0, str(folder))
    sys.modules[module.__name__] = module
    linecache.cache.pop(str(path), None)  # the text of a file of that name may have been read before
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)  # noqa: S102 - what the user asks for
    except (Exception, SystemExit) as error:
        raise _failed(path, error) from error
    return module


def _failed(path: Path, error: BaseException) -> SourceError:
    if isinstance(error, SyntaxError):
        what, fix = error.msg, "correct it"
    else:
        what, fix = str(error), 'correct it, or put it under `if __name__ == "__main__":`'
    what = f"{type(error).__name__}: {what}".partition("\n")[0].removesuffix(": ")
    return SourceError("KN111", f"running {path.name} ended with {what}", help=fix, place=_place(path, error))


def _place(path: Path, error: BaseException) -> Place | None:
    """The line of the file that was running, or cannot be parsed."""
    if isinstance(error, SyntaxError):
        if error.lineno is None or error.filename != str(path):
            return None
        start, end = (error.offset or 1) - 1, (error.end_offset or 0) - 1
        return Place(str(path), error.lineno, start, max(end, start + 1), (error.text or "").rstrip("\n"))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    if not frames or frames[-1].lineno is None:
        return None
    line = linecache.getline(str(path), frames[-1].lineno).rstrip("\n")
    return Place(str(path), frames[-1].lineno, frames[-1].colno or 0, frames[-1].end_colno or len(line), line)

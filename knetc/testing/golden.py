"""Golden files: one readable file per case, with the input, a line `# output`, and the expected text.

    def f(x):
        return x * x

    # output

    def f_backward(residuals, f_bar):
        ...

A test globs a folder of such files and calls `check` on each of them. Whoever changes the output on purpose
runs `pytest --update-golden` and reads the difference in version control.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MARK = "# output"


@dataclass(frozen=True)
class Case:
    """The two halves of a golden file; `expected` is None where the output has never been written."""

    given: str
    expected: str | None


def parse(text: str) -> Case:
    r"""The case in a golden file's text.

    >>> parse("x = 1\n\n# output\n\nx_bar = 0\n")
    Case(given='x = 1\n', expected='x_bar = 0\n')
    """
    lines = text.splitlines()
    if MARK not in lines:
        return Case(_tidy(text), None)
    mark = lines.index(MARK)
    return Case(_tidy("\n".join(lines[:mark])), _tidy("\n".join(lines[mark + 1 :])))


def check(path: Path, produce: Callable[[str], str], *, update: bool = False) -> None:
    r"""Compare what `produce` makes of a golden file's input with the output written there.

    Blank lines at both ends of either text do not count.

    Arguments: `path`, the file; `produce`, a function from the input's text to the output's; `update`, whether
    to write the new output into the file instead of comparing.

    Raises AssertionError with the difference if the texts differ, FileNotFoundError if there is no such file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "case.py")
    ...     _ = path.write_text("x = 1\n")
    ...     check(path, str.upper, update=True)
    ...     check(path, str.upper)
    ...     print(path.read_text(), end="")
    x = 1
    <BLANKLINE>
    # output
    <BLANKLINE>
    X = 1
    """
    case = parse(path.read_text(encoding="utf-8"))
    produced = _tidy(produce(case.given))
    if update:
        path.write_text(f"{case.given}\n{MARK}\n\n{produced}", encoding="utf-8")
    elif case.expected is None:
        raise AssertionError(f"{path} has no line `{MARK}`: run `pytest --update-golden` to write the output")
    elif produced != case.expected:
        raise AssertionError(_difference(path, case.expected, produced))


def _tidy(text: str) -> str:
    return text.strip("\n") + "\n"


def _difference(path: Path, expected: str, produced: str) -> str:
    lines = difflib.unified_diff(
        expected.splitlines(), produced.splitlines(), "expected", "produced", lineterm=""
    )
    return "\n".join([f"{path}: the output has changed (`pytest --update-golden` accepts it)", *lines])

"""Logs as files, a line for each record: JSONL or CSV, by the ending of the name.

A line is appended in one write, so that a crash costs the line it was in at most. When a run goes on, the torn line and
the records after its checkpoint are cut off, and the log is in the end that of an unbroken run.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from knetc.errors import ArgumentError, FileError
from knetc.train.folder import make

Number = int | float
Record = dict[str, Number]


class Form(Protocol):
    """How records are written as lines."""

    opening: bytes
    """What every log begins with, so that nobody else's file is cut off."""

    def head(self, names: list[str]) -> str:
        """The line above records with these names, empty if there is none."""

    def line(self, record: Record, names: list[str]) -> str:
        """The line of a record."""

    def parse(self, line: str, head: str) -> Record:
        """The record of a line. Raises `ValueError` if it is none."""


class Jsonl:
    """An object of JSON on each line; nan is null."""

    opening = b'{"step": '

    def head(self, names: list[str]) -> str:
        """None."""
        return ""

    def line(self, record: Record, names: list[str]) -> str:
        """The object.

        >>> Jsonl().line({"step": 3, "loss": math.inf}, [])
        '{"step": 3, "loss": 1e999}'
        """
        return "{" + ", ".join(f"{json.dumps(name)}: {_json(value)}" for name, value in record.items()) + "}"

    def parse(self, line: str, head: str) -> Record:
        """The record of an object."""
        found = json.loads(line)
        if not isinstance(found, dict) or type(found.get("step")) is not int:
            raise ValueError(line)
        return {name: math.nan if value is None else value for name, value in found.items()}


class Csv:
    """A table with a line of names."""

    opening = b"step"

    def head(self, names: list[str]) -> str:
        """The names."""
        return _row(names)

    def line(self, record: Record, names: list[str]) -> str:
        """The values.

        >>> Csv().line({"step": 3, "loss": 0.5}, ["step", "loss"])
        '3,0.5'
        """
        return _row([repr(record[name]) if name in record else "" for name in names])

    def parse(self, line: str, head: str) -> Record:
        """The record of a row under a head."""
        names, cells = (next(csv.reader([text])) for text in (head, line))
        if names[0] != "step" or len(names) != len(cells):
            raise ValueError(line)
        return {name: _number(cell) for name, cell in zip(names, cells, strict=True) if cell}


FORMS: dict[str, Form] = {".jsonl": Jsonl(), ".csv": Csv()}


@dataclass
class LogFile:
    r"""A file that records are appended to. Raises `ArgumentError` (KN425) for an unknown ending.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "log.csv"
    >>> log = LogFile(path)
    >>> log.begin(0, ["step", "loss"])
    >>> log.write({"step": 1, "loss": 0.5})
    >>> log.end()
    >>> path.read_text()
    'step,loss\n1,0.5\n'
    """

    path: str | os.PathLike[str]
    names: list[str] = field(default_factory=list, init=False)
    file: BinaryIO | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.form = form_of(self.path)

    def begin(self, step: int, names: list[str]) -> None:
        """Open the file, and cut off what came after `step`. Raises `FileError` (KN429) if it is another's."""
        make(Path(self.path).parent)
        self.names = names
        kept = self._kept(self._content(), step)
        try:
            self.file = Path(self.path).open("ab", buffering=0)  # noqa: SIM115 - `end` closes it
            self.file.truncate(kept)
        except OSError as error:
            raise self._unwritten(error) from error
        if kept == 0 and self.form.head(names):
            self._append(self.form.head(names))

    def write(self, record: Record) -> None:
        """Append a record. Raises `FileError` (KN616)."""
        self._append(self.form.line(record, self.names))

    def end(self) -> None:
        """Close the file."""
        if self.file is not None:
            self.file.close()

    def _content(self) -> bytes:
        try:
            return Path(self.path).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._unwritten(error) from error

    def _kept(self, data: bytes, step: int) -> int:
        """How many bytes of the file are from before the end of `step`."""
        early = [end for record, end in records(data, self.form, str(self.path)) if record["step"] <= step]
        head = self.form.head(self.names)
        if early and head and not data.startswith(f"{head}\n".encode()):
            there = data.partition(b"\n")[0].decode()
            msg = f"`{self.path}` has the columns {there}, the run {head}"
            raise FileError("KN429", msg, help="log the same numbers, or into another file")
        return early[-1] if early else 0

    def _append(self, line: str) -> None:
        try:
            if self.file is not None:
                self.file.write(f"{line}\n".encode())
        except OSError as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: OSError) -> FileError:
        msg = f"cannot write `{self.path}`: {error.strerror or error}"
        return FileError("KN616", msg, help="choose a folder that can be written and has room")


def form_of(path: str | os.PathLike[str]) -> Form:
    """The form of a file, by its ending. Raises `ArgumentError` (KN425) for an unknown one.

    >>> type(form_of("runs/1/log.csv")).__name__
    'Csv'
    """
    form = FORMS.get(Path(path).suffix)
    if form is None:
        msg = f"`{path}` has the ending {Path(path).suffix or 'of no file'}; expected {' or '.join(FORMS)}"
        raise ArgumentError("KN425", msg, help='logged(iterator, "log.jsonl")')
    return form


def records(data: bytes, form: Form, name: str) -> Iterator[tuple[Record, int]]:
    r"""The records of a file, each with where it ends; a last line without an end has been torn, and is left out.

    Raises `FileError` (KN429) for a file that is no log.

    >>> list(records(b'{"step": 1}\n{"ste', Jsonl(), "log"))
    [({'step': 1}, 12)]
    """
    if data[: len(form.opening)] != form.opening[: len(data)]:
        raise _foreign(f"`{name}` is not a log")
    head, end = "", 0
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        end += len(line) + 1
        if number == 1 and form.head(["step"]):
            head = line.decode(errors="replace")
            continue
        try:
            yield form.parse(line.decode(), head), end
        except (ValueError, StopIteration, csv.Error) as error:
            raise _foreign(f"line {number} of `{name}` is not a record of a log") from error


def _foreign(message: str) -> FileError:
    return FileError("KN429", message, help="log into another file; this one has not been changed")


def _json(value: Number) -> str:
    """A number as JSON, which has no nan and no infinity, but has numbers that are read as infinite."""
    if math.isnan(value):
        return "null"
    return repr(value) if math.isfinite(value) else ("1e999" if value > 0 else "-1e999")


def _number(cell: str) -> Number:
    return int(cell) if cell.lstrip("-").isdigit() else float(cell)


def _row(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()

"""`History`: the records of a run, to look at, to plot, and to read back from the file of `logged`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np

from knetc.errors import ArgumentError, FileError
from knetc.train.extras import imported
from knetc.train.logfile import Record, form_of, records

Array = Any


class History(list[Record]):
    """A list of records, each a dict with `step` and numbers by name. A place where `logged` can write.

    >>> history = History([{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25, "accuracy": 0.9}])
    >>> history.names()
    ['loss', 'accuracy']
    >>> history.column("accuracy")
    (array([2]), array([0.9]))
    """

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        r"""The records in a file that `logged` wrote, whole or not.

        Raises `ArgumentError` (KN425) for an unknown ending, `FileError` (KN611) for a file that cannot be read and
        (KN429) for one that is no log.

        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "log.jsonl"
        >>> _ = path.write_text('{"step": 1, "loss": 0.5}\n{"step": 2, "lo')
        >>> History.read(path)
        [{'step': 1, 'loss': 0.5}]
        """
        form = form_of(path)
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            msg = f"cannot read `{path}`: {error.strerror or error}"
            raise FileError(
                "KN611", msg, help="check the path; logged(iterator, path) writes such a file"
            ) from error
        return cls(record for record, _ in records(data, form, str(path)))

    def begin(self, step: int, names: list[str]) -> None:
        """Forget what came after `step`."""
        self[:] = [record for record in self if record["step"] <= step]

    def write(self, record: Record) -> None:
        """Add a record."""
        self.append(dict(record))

    def end(self) -> None:
        """Nothing to close."""

    def names(self) -> list[str]:
        """What there are numbers of, in the order in which they came up."""
        return list({name: None for record in self for name in record if name != "step"})

    def column(self, name: str) -> tuple[Array, Array]:
        """The steps and the values of the records that have `name`. Raises `ArgumentError` (KN425) if none has."""
        found = [record for record in self if name in record]
        if not found:
            there = ", ".join(f"`{known}`" for known in self.names()) or "nothing"
            raise ArgumentError("KN425", f"no record has `{name}`; there is {there}", help="history.names()")
        return np.array([record["step"] for record in found]), np.array([record[name] for record in found])

    def plot(self, *names: str, axes: Any = None) -> Any:
        """Draw the named columns (all without names) against the steps and return matplotlib's axes.

        Without `axes` in a new figure. `history.plot("loss").figure.savefig("loss.png")` writes a file. Raises
        `PackageError` (KN426) without matplotlib and `ArgumentError` (KN425) for a name that no record has.

        >>> import os
        >>> os.environ["MPLBACKEND"] = "agg"
        >>> axes = History([{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25}]).plot()
        >>> axes.get_xlabel(), axes.lines[0].get_label()
        ('step', 'loss')
        """
        columns: Mapping[str, tuple[Array, Array]] = {
            name: self.column(name) for name in names or self.names()
        }
        if axes is None:
            axes = imported("matplotlib.pyplot", "plot").subplots()[1]
        for name, (steps, values) in columns.items():
            axes.plot(steps, values, label=name)
        axes.set_xlabel("step")
        if columns:
            axes.legend()
        return axes

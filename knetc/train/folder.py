"""A folder of checkpoints, `step-00000100.safetensors` and so on: the newest few stay, the newest whole one counts.

There is no file that says which is the newest: the names say it, and the hashes inside say whether to believe it.
"""

from __future__ import annotations

import contextlib
import os
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knetc.errors import ArgumentError, FileError
from knetc.train.checkpoint import fitted, read, save

NAME = re.compile(r"step-(\d{8,})\.safetensors")
SKIPPED = ("KN611", "KN612", "KN613")
"""What may have happened to a file that an older one makes up for. A file of another version is not among it."""


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints in `folder`, of which the newest `keep` are kept.

    The folder is made by the first `save`. Raises `ArgumentError` (KN422) for a `keep` below 1.

    >>> import numpy as np, tempfile
    >>> checkpoints = Checkpoints(tempfile.mkdtemp(), keep=2)
    >>> for step in (10, 20, 30):
    ...     path = checkpoints.save(step, {"w": np.full(2, step)})
    >>> path.name, checkpoints.steps()
    ('step-00000030.safetensors', [20, 30])
    >>> checkpoints.load()
    (30, {'w': array([30, 30])})
    """

    folder: str | os.PathLike[str]
    keep: int = 3

    def __post_init__(self) -> None:
        if type(self.keep) is not int or self.keep < 1:
            raise ArgumentError(
                "KN422", f"`keep` is {self.keep!r}; expected the number of checkpoints to keep", help="keep=3"
            )

    def save(self, step: int, value: Any) -> Path:
        """Write the checkpoint of `step`, then remove those before it but for the newest `keep`.

        `value` is what `knetc.save` takes. Raises `ArgumentError` (KN422 for a step that is none, KN615 for what
        cannot be saved) and `FileError` (KN616); all older checkpoints are there then.
        """
        if type(step) is not int or step < 0:
            raise ArgumentError("KN422", f"`step` is {step!r}; expected an int, 0 or more", help="step=100")
        make(self.folder)
        save(self._path(step), value)
        for old in [other for other in self.steps() if other <= step][: -self.keep]:
            with contextlib.suppress(OSError):  # another process may have removed it, or keeps it open
                self._path(old).unlink()
        return self._path(step)

    def load(self, into: Any = None) -> tuple[int, Any] | None:
        """The step and the value of the newest checkpoint that is whole; None if the folder has none at all.

        With `into`, that tree is filled, as by `knetc.load`. A damaged or foreign file is skipped with a warning.

        Raises `FileError` KN618 if there are checkpoints but none that is whole, KN617 if the newest is of another
        version, and `ArgumentError` (KN614) if it does not fit `into`; nothing has been changed then.
        """
        found = self.newest()
        return None if found is None else (found[0], fitted(*found[1:], into))

    def steps(self) -> list[int]:
        """The steps of which there are files, in order. They have not been looked into."""
        try:
            names = [path.name for path in Path(self.folder).iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise unusable(self.folder, error) from error
        return sorted(int(match[1]) for match in map(NAME.fullmatch, names) if match)

    def newest(self) -> tuple[int, Any, dict[str, Any]] | None:
        """The step, encoded structure and arrays of the newest whole checkpoint. Raises the `FileError` of `load`."""
        damaged = 0
        for step in reversed(self.steps()):
            try:
                tree, arrays = read(self._path(step))
            except FileError as error:
                if not self._path(step).exists():
                    continue  # another process has removed it meanwhile
                if error.code not in SKIPPED:
                    raise
                warnings.warn(f"skipped a checkpoint: {error.message}", RuntimeWarning, stacklevel=3)
                damaged += 1
            else:
                return step, tree, arrays
        if damaged:
            msg = f"none of the {damaged} checkpoints in `{self.folder}` can be read"
            raise FileError("KN618", msg, help="restore one from a copy, or move them away to start anew")
        return None

    def _path(self, step: int) -> Path:
        return Path(self.folder) / f"step-{step:08d}.safetensors"


def make(folder: str | os.PathLike[str]) -> None:
    """Make sure that there is a folder. Raises `FileError` (KN616).

    >>> import tempfile
    >>> make(tempfile.mkdtemp())
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error


def unusable(folder: str | os.PathLike[str], error: OSError) -> FileError:
    """What to raise when a folder cannot be read or written.

    >>> unusable("runs", PermissionError(13, "Permission denied")).code
    'KN616'
    """
    return FileError(
        "KN616",
        f"cannot use the folder `{folder}`: {error.strerror or error}",
        help="choose a folder that can be written and has room",
    )

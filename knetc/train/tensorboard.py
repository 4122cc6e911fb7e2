"""`TensorBoard`: records of `logged` as the event files that TensorBoard shows."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from knetc.errors import PackageError
from knetc.train.extras import imported
from knetc.train.folder import make
from knetc.train.logfile import Record


@dataclass
class TensorBoard:
    """A folder of event files, written with tensorboardX: `logged(iterator, TensorBoard("runs/1"))`.

    Every run and every resumed run adds a file; TensorBoard shows what is not out of date. Raises `PackageError`
    (KN426) without tensorboardX, and `FileError` (KN616) for a folder that cannot be made.

    >>> TensorBoard("runs/1").folder
    'runs/1'
    """

    folder: str | os.PathLike[str]
    writer: Any = field(default=None, init=False, repr=False)

    def begin(self, step: int, names: list[str]) -> None:
        """Open a new file that makes older records after `step` invalid."""
        make(self.folder)
        name = f".{os.getpid()}"  # files are named by the second: a quick restart would overwrite one
        writer = _package().SummaryWriter
        self.writer = writer(os.fspath(self.folder), purge_step=step + 1, filename_suffix=name)

    def write(self, record: Record) -> None:
        """Write each number of a record as a scalar."""
        for name, value in record.items():
            if name != "step":
                self.writer.add_scalar(name, value, record["step"])
        self.writer.flush()

    def end(self) -> None:
        """Close the file."""
        self.writer.close()


def _package() -> Any:
    """tensorboardX, which takes a folder `torch` in the working folder for PyTorch, and breaks."""
    try:
        return imported("tensorboardX", "tensorboard")
    except AttributeError as error:
        raise PackageError(
            "KN426",
            f"the package `tensorboardX` cannot be imported: {error}",
            help="rename the folder `torch` in the working folder, which it takes for PyTorch",
        ) from error

"""Files that are either the old ones or the new ones, whatever happens in between.

The new content goes to a temporary name in the same folder, reaches the disk, and takes the old file's place
in one step. A crash leaves the old file and at most a stray temporary, which a later write into the folder
clears away.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PREFIX = ".knetc-"
SUFFIX = ".tmp"
STRAY_AFTER = 24 * 3600.0  # seconds: no write takes a day, so an older temporary has lost its writer


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file that becomes `path` when the block ends, and vanishes when it raises.

    The file keeps the permissions of the one it replaces; a new one gets those of the umask.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "note.txt"
    >>> with replacing(target) as file:
    ...     _ = file.write(b"whole")
    >>> target.read_text()
    'whole'
    """
    target = Path(path)
    temporary = target.with_name(f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _keep_mode(target, temporary)
        temporary.replace(target)
        _sync_folder(target.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sweep(target.parent)


def _keep_mode(old: Path, new: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        new.chmod(old.stat().st_mode & 0o7777)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable. Windows cannot open a folder, and needs no such step."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path, older_than: float = STRAY_AFTER) -> None:
    """Remove the temporaries of writers that died. By our prefix and by age, so never a live writer's.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> (folder / ".knetc-1.tmp").touch()
    >>> sweep(folder)
    >>> len(list(folder.iterdir()))
    1
    """
    for stray in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - stray.stat().st_mtime > older_than:
                stray.unlink()

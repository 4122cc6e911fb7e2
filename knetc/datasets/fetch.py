"""Files of a data set: from the cache, or from the first of several sources that has them unspoilt.

A file is known by its checksum. It is checked before anything reads it, in the cache as well, and
takes its place there in one step, so neither a crash nor a second process leaves half a file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knetc.errors import FileError
from knetc.runtime.atomic import replacing


@dataclass(frozen=True)
class Wanted:
    """A file of a data set. `name` is its name in the cache.

    `digest` is its sha256 in hexadecimal, or `md5:` and its md5 where nothing else is published. Nothing is
    unpacked beyond `size` bytes.
    """

    name: str
    size: int
    digest: str

    def is_whole(self, data: bytes) -> bool:
        """Whether `data` are the content of this file."""
        if self.digest.startswith("md5:"):
            return f"md5:{hashlib.md5(data, usedforsecurity=False).hexdigest()}" == self.digest
        return hashlib.sha256(data).hexdigest() == self.digest


@dataclass(frozen=True)
class Source:
    """A place of files: `read(file, scratch)` gives the bytes of one, and may use the folder `scratch`."""

    label: str
    read: Callable[[Wanted, Path], bytes]


def data_folder() -> Path:
    """Where data sets are kept: `KNETC_DATA`, or else the user's cache directory."""
    chosen = os.environ.get("KNETC_DATA")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("knetc")


def fetch(name: str, files: tuple[Wanted, ...], sources: tuple[Source, ...]) -> list[bytes]:
    """The contents of `files` of the data set `name`, in order, from the cache or from one of `sources`.

    Raises `FileError` (KN601) that names every source tried and why it failed.
    """
    from filelock import FileLock

    folder = data_folder() / name
    found = _cached(folder, files)
    if found is not None:
        return found
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            return _cached(folder, files) or _retrieve(folder, files, sources)
    except FileError:
        raise
    except OSError as error:
        raise FileError(
            "KN601",
            f"cannot write to `{folder}`: {error.strerror}",
            help="set KNETC_DATA to a folder of your own",
        ) from error


def _cached(folder: Path, files: tuple[Wanted, ...]) -> list[bytes] | None:
    """The files in the cache; None unless all are there and whole."""
    try:
        contents = [(folder / file.name).read_bytes() for file in files]
    except OSError:
        return None
    whole = all(file.is_whole(data) for file, data in zip(files, contents, strict=True))
    return contents if whole else None


def _retrieve(folder: Path, files: tuple[Wanted, ...], sources: tuple[Source, ...]) -> list[bytes]:
    """Try one source after the other. The caller holds the lock, so any older scratch folder has no owner."""
    for stray in folder.glob("scratch-*"):
        shutil.rmtree(stray, ignore_errors=True)
    failures = []
    for source in sources:
        with tempfile.TemporaryDirectory(prefix="scratch-", dir=folder) as scratch:
            try:
                return [_published(folder, file, source.read(file, Path(scratch))) for file in files]
            except Exception as error:  # noqa: BLE001 - whatever goes wrong at one source, the next may work
                failures.append(f"{source.label}: {_reason(error)}")
    raise FileError(
        "KN601",
        f"no source has `{folder.name}`:\n  " + "\n  ".join(failures),
        help=f"put {files[0].name}{' and so on' * (len(files) > 1)} into {folder}, or set KNETC_DATA to another folder",
    )


def _published(folder: Path, file: Wanted, data: bytes) -> bytes:
    """Put a file into the cache, after it has been checked."""
    if not file.is_whole(data):
        msg = f"{file.name} is spoilt ({len(data)} bytes of {file.size}, or another checksum)"
        raise ValueError(msg)
    with replacing(folder / file.name) as output:
        output.write(data)
    return data


def _reason(error: Exception) -> str:
    """The innermost cause of a failure, on one line."""
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    return f"{type(cause).__name__}: {cause}".splitlines()[0][:160]

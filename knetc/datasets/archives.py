"""Members of archives, read in one pass and in bounded memory. Nothing is ever unpacked to the disk."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from knetc.datasets.fetch import Wanted

LIMIT = 2**30  # bytes: no archive that knetc knows unpacks to more

Members = dict[str, bytes]


class Readable(Protocol):
    """Whatever gives the next bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""


@dataclass(frozen=True)
class Recipe:
    """How a file of a data set is made of an archive: `build` takes the members whose names match `pattern`.

    `{name}` in the pattern stands for the name of the file that is wanted.
    """

    pattern: str
    build: Callable[[Members], bytes]

    def matches(self, file: Wanted) -> Callable[[str], bool]:
        """Whether a name in the archive is that of a member to read."""
        pattern = re.compile(self.pattern.replace("{name}", re.escape(file.name)))
        return lambda name: bool(pattern.fullmatch(name))

    def made(self, file: Wanted, members: Members) -> bytes:
        """The file. Raises `FileNotFoundError` if the archive has none of its members."""
        if not members:
            msg = f"the archive has no member like {self.pattern} for {file.name}"
            raise FileNotFoundError(msg)
        return self.build(members)


def only(members: Members) -> bytes:
    """The one member, as it is. Raises `ValueError` if there are several."""
    (content,) = members.values()
    return content


def gunzipped(members: Members) -> bytes:
    """The one member, unpacked by gzip. Raises `ValueError` beyond `LIMIT` bytes."""
    return gzip_content(only(members), LIMIT)


def in_order(members: Members) -> bytes:
    """The members in the order of their names, with a line break between two of them."""
    return b"\n".join(content for _, content in sorted(members.items()))


def gzip_content(packed: bytes, limit: int) -> bytes:
    """What a .gz file holds. Raises `ValueError` if that is more than `limit` bytes.

    >>> gzip_content(gzip.compress(b"pixels"), 6)
    b'pixels'
    """
    with gzip.open(io.BytesIO(packed)) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise _too_much(limit)
    return content


def read_archive(path: Path, chosen: Callable[[str], bool], limit: int = LIMIT) -> Members:
    """The chosen members of a .zip, .whl, .tar.gz or .tgz file, by name.

    Raises `ValueError` if more than `limit` bytes would have to be unpacked.
    """
    if zipfile.is_zipfile(path):
        return _zip_members(path, chosen, limit)
    with gzip.open(path) as file:
        return read_tar(file, chosen, limit)


def read_tar(file: Readable, chosen: Callable[[str], bool], limit: int = LIMIT) -> Members:
    """The chosen regular files of a tar stream. Raises `ValueError` if the stream goes on after `limit` bytes."""
    members = {}
    with tarfile.open(fileobj=_Bounded(file, limit), mode="r|") as tar:  # type: ignore[call-overload]
        for entry in tar:
            if entry.isreg() and chosen(entry.name):
                members[entry.name] = tar.extractfile(entry).read()
    return members


def _zip_members(path: Path, chosen: Callable[[str], bool], limit: int) -> Members:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and chosen(entry.filename)]
        if sum(entry.file_size for entry in entries) > limit:  # zipfile reads no further than this size
            raise _too_much(limit)
        return {entry.filename: archive.read(entry) for entry in entries}


class _Bounded:
    """A stream that raises once more than `limit` bytes have been read from it."""

    def __init__(self, file: Readable, limit: int) -> None:
        self.file, self.limit, self.left = file, limit, limit

    def read(self, size: int) -> bytes:
        data = self.file.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise _too_much(self.limit)
        return data


def _too_much(limit: int) -> ValueError:
    return ValueError(f"it unpacks to more than {limit} bytes")

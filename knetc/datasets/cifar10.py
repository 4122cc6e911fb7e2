"""CIFAR-10: 50,000 + 10,000 colour pictures of ten kinds of things (Krizhevsky, 2009), in its binary form."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from typing import Any

import numpy as np

from knetc.datasets.archives import Members, read_tar
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.sources import plain
from knetc.errors import FileError

Array = Any

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
RECORD = 1 + 3 * 32 * 32  # bytes: a label, then red, green and blue row by row
TRAINED = [f"data_batch_{i}.bin" for i in range(1, 6)]
TESTED = ["test_batch.bin"]
CHOSEN = re.compile(r"cifar-10-batches-bin/(data_batch_[1-5]|test_batch)[.]bin")

FILES = (
    Wanted(
        "cifar-10-binary.tar.gz",
        170052171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    ),
)
SOURCES = (plain("https://www.cs.toronto.edu/~kriz/"),)


def cifar10() -> tuple[Array, Array, Array, Array]:
    """The pictures as `(xtrn, ytrn, xtst, ytst)`.

    Images are float32 in 0 to 1 of the shapes (50000, 3, 32, 32) and (10000, 3, 32, 32), colours in the order
    red, green, blue; labels are int64 in 0 to 9, whose names are in `CLASSES` of this module. The archive of
    the authors is fetched once (170 MB) and kept as it is; no package carries it. Raises `FileError` (KN601)
    if it cannot be had and (KN603) if its members are not in their format.
    """
    batches = _batches(fetch("cifar10", FILES, SOURCES)[0])
    return *_joined(batches, TRAINED), *_joined(batches, TESTED)


def parse(data: bytes, name: str = "data") -> tuple[Array, Array]:
    """Pictures (N, 3, 32, 32) and labels of records of 3073 bytes; `name` is for the message.

    Raises `FileError` (KN603) for a part of a record or a label above 9.

    >>> images, labels = parse(bytes([7]) + bytes(3072))
    >>> images.shape, labels.tolist()
    ((1, 3, 32, 32), [7])
    """
    if not data or len(data) % RECORD:
        raise _damaged(f"`{name}` has {len(data)} bytes, which is no multiple of {RECORD}")
    records = np.frombuffer(data, np.uint8).reshape(-1, RECORD)
    labels = records[:, 0].astype(np.int64)
    if labels.max() >= len(CLASSES):
        raise _damaged(f"`{name}` has the label {labels.max()}; expected 0 to {len(CLASSES) - 1}")
    return np.divide(records[:, 1:], 255, dtype=np.float32).reshape(-1, 3, 32, 32), labels


def _batches(archive: bytes) -> Members:
    try:
        with gzip.open(io.BytesIO(archive)) as file:
            members = read_tar(file, lambda name: bool(CHOSEN.fullmatch(name)))
    except (OSError, EOFError, ValueError, tarfile.TarError) as error:
        raise _damaged(f"`cifar-10-binary.tar.gz` cannot be unpacked: {error}") from error
    batches = {name.rpartition("/")[2]: data for name, data in members.items()}
    missing = [name for name in [*TRAINED, *TESTED] if name not in batches]
    if missing:
        raise _damaged(f"`cifar-10-binary.tar.gz` has no {missing[0]}")
    return batches


def _joined(batches: Members, names: list[str]) -> tuple[Array, Array]:
    parts = [parse(batches[name], name) for name in names]
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])


def _damaged(what: str) -> FileError:
    return FileError("KN603", what, help="delete the archive from the cache, and fetch it again")

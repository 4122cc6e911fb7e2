"""The IDX format of MNIST: two zero bytes, a kind, the number of axes, their sizes, the values."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np

from knetc.errors import FileError

Array = Any
KINDS = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def parse(data: bytes, name: str = "data") -> Array:
    """The array in `data`, of the kind and shape that its header declares; `name` is for the message.

    Raises `FileError` (KN602) unless the header is one and fits the size of the data exactly.

    >>> parse(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1])).tolist()
    [7, 2, 1]
    """
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in KINDS:
        raise _damaged(name, f"it begins with {data[:4]!r}")
    start = 4 + 4 * data[3]
    if len(data) < start:
        raise _damaged(name, f"it ends within its header of {start} bytes")
    shape = struct.unpack(f">{data[3]}I", data[4:start])
    kind = np.dtype(KINDS[data[2]])
    expected = start + math.prod(shape) * kind.itemsize
    if len(data) != expected:
        raise _damaged(name, f"it has {len(data)} bytes, where its shape {shape} needs {expected}")
    return np.frombuffer(data, kind, offset=start).reshape(shape).astype(kind.newbyteorder("="))


def dump(array: Array) -> bytes:
    """An array of one of the six kinds in the IDX format.

    >>> parse(dump(np.array([[1.5, 2.0]], np.float32))).tolist()
    [[1.5, 2.0]]
    """
    kind = array.dtype.newbyteorder(">")
    code = next(code for code, known in KINDS.items() if np.dtype(known) == kind)
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    content: bytes = array.astype(kind).tobytes()
    return header + content


def _damaged(name: str, why: str) -> FileError:
    return FileError("KN602", f"`{name}` is not a whole IDX file: {why}", help="delete it and fetch it again")

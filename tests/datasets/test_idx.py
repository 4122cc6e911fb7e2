from __future__ import annotations

import struct

import numpy as np
import pytest

from knetc.datasets.idx import KINDS, dump, parse
from knetc.errors import FileError


@pytest.mark.parametrize("kind", KINDS.values())
@pytest.mark.parametrize("shape", [(0,), (3,), (2, 3, 4)])
def test_an_array_comes_back(kind, shape):
    array = (np.random.default_rng(0).random(shape) * 100).astype(np.dtype(kind).newbyteorder("="))
    found = parse(dump(array))
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_the_bytes_are_those_of_the_format():
    assert dump(np.array([[1, 2]], np.int16)) == bytes([0, 0, 11, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 2])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it begins with b''"),
        (b"\0\0\x08", "it begins with"),
        (b"\x1f\x8b\x08\x00rest", "it begins with"),
        (b"\0\0\x07\x01\0\0\0\0", "it begins with"),
        (b"\0\0\x08\x03\0\0\0\x01", "it ends within its header of 16 bytes"),
        (b"\0\0\x08\x01\0\0\0\x02\x05", r"it has 9 bytes, where its shape \(2,\) needs 10"),
        (b"\0\0\x08\x01\0\0\0\x01\x05\x06", r"it has 10 bytes, where its shape \(1,\) needs 9"),
        (b"\0\0\x0e\x02" + struct.pack(">2I", 2**32 - 1, 2**32 - 1), "it has 12 bytes"),
    ],
)
def test_a_header_must_fit_the_data(data, message):
    with pytest.raises(FileError, match=f"KN602 `digits` is not a whole IDX file: {message}"):
        parse(data, "digits")


def test_every_truncation_is_refused():
    data = dump(np.ones((2, 3), np.uint8))
    for length in range(len(data)):
        with pytest.raises(FileError, match="KN602"):
            parse(data[:length])

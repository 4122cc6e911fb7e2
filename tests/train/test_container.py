from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from safetensors.numpy import load as read_safetensors
from safetensors.numpy import save as write_safetensors

from knetc.errors import FileError
from knetc.train.container import KEY, pack, unpack

ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "b.c": np.float32([1, 2]), "n": np.array(3)}


def header(data):
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length])["__metadata__"][KEY]


def with_note(change, arrays=ARRAYS):
    """A file whose header has been changed."""
    note = json.loads(header(pack("[1]", ARRAYS)))
    change(note)
    return write_safetensors(arrays, {KEY: json.dumps(note)})


def test_structure_and_arrays_come_back():
    tree, arrays = unpack(pack('{"dict": [["a", 1]]}', ARRAYS), "file")
    assert tree == {"dict": [["a", 1]]}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(arrays[name], array)


def test_every_array_has_its_own_hash():
    hashes = json.loads(header(pack("[]", ARRAYS)))["arrays"]
    assert hashes.keys() == ARRAYS.keys()
    assert len(set(hashes.values())) == 3


def test_the_hash_is_that_of_kind_shape_and_content():
    hashes = json.loads(header(pack("[]", {"a": np.float32([1, 2])})))["arrays"]
    assert hashes["a"] == hashlib.sha256(b"float32 (2,)\n" + np.float32([1, 2]).tobytes()).hexdigest()


@pytest.mark.parametrize("name", ARRAYS)
def test_a_changed_array_is_named(name):
    data = pack("[]", ARRAYS)
    spoilt = {key: np.asarray(array + (key == name)) for key, array in read_safetensors(data).items()}
    with pytest.raises(
        FileError, match=f"KN613 `runs/1` is damaged: the sha256 of the array `{name}` differs"
    ):
        unpack(write_safetensors(spoilt, {KEY: header(data)}), "runs/1")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda note: note.update(tree="[2]"), "the sha256 of its header differs"),
        (lambda note: note["arrays"].update(a="0" * 64), "the sha256 of its header differs"),
        (lambda note: note["arrays"].pop("a"), "its arrays are not those of its header"),
        (lambda note: note.update(arrays=None), "its arrays are not those of its header"),
        (lambda note: note.pop("tree"), "its header is incomplete"),
        (lambda note: note.update(sha256=1), "its header is incomplete"),
    ],
)
def test_a_changed_header_is_refused(change, message):
    with pytest.raises(FileError, match=f"KN613 `file` is damaged: {message}"):
        unpack(with_note(change), "file")


def test_exchanged_arrays_are_refused():
    arrays = {"a": ARRAYS["b.c"], "b.c": ARRAYS["a"], "n": ARRAYS["n"]}
    with pytest.raises(FileError, match="KN613 `file` is damaged: the sha256 of the array"):
        unpack(with_note(lambda note: None, arrays), "file")


@pytest.mark.parametrize("version", [3, 99, 0, -1, "2", None, True, 1.0])
def test_a_file_of_another_version_is_refused_with_its_number(version):
    with pytest.raises(
        FileError, match=f"KN617 `file` has the format {version!r}; this version reads 1 to 2"
    ):
        unpack(with_note(lambda note: note.update(format=version)), "file")


def version_1(**changes):
    digest = hashlib.sha256(b"[1]")
    for name, array in sorted(ARRAYS.items()):
        digest.update(f"\n{name} {array.dtype.name} {array.shape}\n".encode() + array.tobytes())
    note = {"format": 1, "sha256": digest.hexdigest(), "tree": "[1]"} | changes
    return write_safetensors(ARRAYS, {KEY: json.dumps(note)})


def test_a_file_of_version_1_is_read():
    tree, arrays = unpack(version_1(), "file")
    assert tree == [1]
    np.testing.assert_array_equal(arrays["a"], ARRAYS["a"])


def test_a_damaged_file_of_version_1_is_refused():
    with pytest.raises(FileError, match="KN613 `file` is damaged: its sha256 differs"):
        unpack(version_1(tree="[2]"), "file")

"""The bytes of a checkpoint: a safetensors file whose header also holds the structure and a hash of every array.

    {"format": 2, "tree": "...", "arrays": {"layers.0.w": sha256, ...}, "sha256": sha256 of the two before}

safetensors itself guarantees that a file is laid out as it says; the hashes guarantee that it holds what was
written. Version 1 had one hash over everything, and is still read.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from knetc.errors import FileError

Array = Any
FORMAT = 2
KEY = "knetc"


def pack(tree: str, arrays: dict[str, Array]) -> bytes:
    """The file that holds the structure `tree` (JSON) and the named arrays.

    >>> unpack(pack("[]", {"w": np.ones(2)}), "memory")
    ([], {'w': array([1., 1.])})
    """
    from safetensors.numpy import save as serialised

    arrays = {name: _contiguous(array) for name, array in arrays.items()}
    hashes = {name: _hash(array) for name, array in arrays.items()}
    note = {"format": FORMAT, "tree": tree, "arrays": hashes, "sha256": _seal(tree, hashes)}
    return bytes(serialised(arrays, {KEY: json.dumps(note)}))


def unpack(data: bytes, name: str) -> tuple[Any, dict[str, Array]]:
    """The structure and the arrays in a file's bytes; `name` is what messages call the file.

    Raises `FileError`: KN612 if it is none of knetc's, KN613 if it is damaged, KN617 if it is of another version.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as deserialised

    note = _note(data, name)
    try:
        arrays = deserialised(data)
        tree = _strict(note["tree"])
    except (SafetensorError, ValueError, KeyError, RecursionError) as error:
        raise _damaged(name, str(error)) from error
    _check_hashes(note, arrays, name)
    return tree, arrays


def _contiguous(array: Array) -> Array:
    """In C order and native bytes: safetensors 0.8 takes the memory as it lies, whatever the strides.

    `np.ascontiguousarray` would do, but for making a vector of a 0-d array.
    """
    return np.asarray(array, array.dtype.newbyteorder("="), order="C")


def _hash(array: Array) -> str:
    """The sha256 of an array: its kind, shape and content."""
    digest = hashlib.sha256(f"{array.dtype.name} {array.shape}\n".encode())
    digest.update(array.reshape(-1).view(np.uint8))
    return digest.hexdigest()


def _seal(tree: str, hashes: dict[str, str]) -> str:
    """The sha256 of the structure and of the arrays' names and hashes."""
    return hashlib.sha256(json.dumps([tree, hashes], sort_keys=True).encode()).hexdigest()


def _check_hashes(note: dict[str, Any], arrays: dict[str, Array], name: str) -> None:
    if note["format"] == 1:
        if _hash_of_all(note["tree"], arrays) != note["sha256"]:
            raise _damaged(name, "its sha256 differs")
        return
    hashes = note.get("arrays")
    if not isinstance(hashes, dict) or hashes.keys() != arrays.keys():
        raise _damaged(name, "its arrays are not those of its header")
    if _seal(note["tree"], hashes) != note["sha256"]:
        raise _damaged(name, "the sha256 of its header differs")
    for key, array in arrays.items():
        if _hash(array) != hashes[key]:
            raise _damaged(name, f"the sha256 of the array `{key}` differs")


def _hash_of_all(tree: str, arrays: dict[str, Array]) -> str:
    """The checksum of format 1."""
    digest = hashlib.sha256(tree.encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.name} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _note(data: bytes, name: str) -> dict[str, Any]:
    """What `pack` wrote into the header."""
    length = int.from_bytes(data[:8], "little")
    try:
        header = _strict(data[8 : 8 + length].decode())
        note = _strict(header["__metadata__"][KEY])
        found = note["format"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        msg = f"`{name}` is not a knetc checkpoint, or only the beginning of one"
        raise FileError("KN612", msg, help="load reads what knetc.save wrote") from error
    if type(found) is not int or not 1 <= found <= FORMAT:
        msg = f"`{name}` has the format {found!r}; this version reads 1 to {FORMAT}"
        raise FileError("KN617", msg, help="read it with the version of knetc that wrote it")
    if not all(isinstance(note.get(key), str) for key in ("tree", "sha256")):
        raise _damaged(name, "its header is incomplete")
    return dict(note)


def _strict(text: str) -> Any:
    """JSON without its liberties: no key twice, no NaN."""
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a key occurs twice"
        raise ValueError(msg)
    return found


def _refused(name: str) -> Any:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _damaged(name: str, why: str) -> FileError:
    return FileError(
        "KN613", f"`{name}` is damaged: {why}", help="use an older copy; this one cannot be trusted"
    )

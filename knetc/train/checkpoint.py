"""`save` and `load`: a model or tree of arrays in one safetensors file, its structure as JSON in the header.

No pickle: nothing in a file can run. The file appears whole or not at all, and carries the sha256 of what it
holds. Other programs can read the arrays by their paths (`layers.0.w`).
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from knetc.errors import FileError
from knetc.runtime.atomic import replacing
from knetc.train.restore import Filler, build
from knetc.train.structure import Encoder

Array = Any
FORMAT = 1
KEY = "knetc"


def save(path: str | os.PathLike[str], value: Any) -> None:
    """Write `value` to the file `path`, in the place of an older one only when the new one is complete.

    `value` is an array, number, string, bool, None, a list, tuple or dict of such, or an object with such
    attributes (functions among them are noted by name only). Arrays of a GPU are saved as those of numpy.
    Raises `ArgumentError` (KN615) for anything else and `FileError` (KN616) if the file cannot be written;
    the old file is then intact.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "weights.safetensors"
    >>> save(path, {"w": np.ones(2), "epochs": 3})
    >>> load(path)
    {'w': array([1., 1.]), 'epochs': 3}
    """
    from safetensors.numpy import save as serialised

    encoder = Encoder()
    tree = json.dumps(encoder.encode(value), allow_nan=False)
    arrays = {name: _contiguous(array) for name, array in encoder.arrays.items()}
    note = json.dumps({"format": FORMAT, "sha256": _digest(tree, arrays), "tree": tree})
    data = serialised(arrays, {KEY: note})
    try:
        with replacing(path) as file:
            file.write(data)
    except OSError as error:
        raise FileError(
            "KN616",
            f"cannot write `{path}`: {error.strerror or error}",
            help="choose a folder that exists, can be written and has room; an older file there is intact",
        ) from error


def load(path: str | os.PathLike[str], into: Any = None) -> Any:
    """Read what `save` wrote to the file `path`.

    Without `into`, a new tree of containers and arrays. With `into`, an existing object or tree of the same
    structure is filled, its arrays in place, and returned; a tree with objects can be read in this way only.

    Raises `FileError` (KN611 cannot be read, KN612 not a checkpoint, KN613 damaged) and `ArgumentError`
    (KN614) where `into` does not have the structure of the file; nothing has been changed then.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "weights.safetensors"
    >>> save(path, [np.arange(3.0), (1, None)])
    >>> w = np.zeros(3)
    >>> load(path, into=[w, (0, None)])
    [array([0., 1., 2.]), (1, None)]
    """
    tree, arrays = _read(path)
    if into is None:
        return build(tree, arrays)
    filler = Filler(arrays)
    value = filler.fill(tree, into)
    filler.apply()
    return value


def _contiguous(array: Array) -> Array:
    """In C order and native bytes: safetensors 0.8 takes the memory as it lies, whatever the strides.

    `np.ascontiguousarray` would do, but for making a vector of a 0-d array.
    """
    return np.asarray(array, array.dtype.newbyteorder("="), order="C")


def _digest(tree: str, arrays: dict[str, Array]) -> str:
    """The sha256 of the structure and of every array with its name, kind and shape."""
    digest = hashlib.sha256(tree.encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.name} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _read(path: str | os.PathLike[str]) -> tuple[Any, dict[str, Array]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load as deserialised

    try:
        data = Path(path).read_bytes()
    except OSError as error:
        msg = f"cannot read `{path}`: {error.strerror or error}"
        raise FileError("KN611", msg, help="check the path; save(path, model) writes such a file") from error
    note = _note(data, path)
    try:
        arrays = deserialised(data)
        tree = _strict(note["tree"])
    except (SafetensorError, ValueError, KeyError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    if _digest(note["tree"], arrays) != note["sha256"]:
        raise _damaged(path, "its sha256 differs")
    return tree, arrays


def _note(data: bytes, path: str | os.PathLike[str]) -> dict[str, str]:
    """What `save` wrote into the header."""
    length = int.from_bytes(data[:8], "little")
    try:
        header = _strict(data[8 : 8 + length].decode())
        note = _strict(header["__metadata__"][KEY])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        msg = f"`{path}` is not a knetc checkpoint, or only the beginning of one"
        raise FileError("KN612", msg, help="load reads what knetc.save wrote") from error
    if not isinstance(note, dict) or note.get("format") != FORMAT:
        found = note.get("format") if isinstance(note, dict) else None
        msg = f"`{path}` has the format {found}; this version reads {FORMAT}"
        raise FileError("KN612", msg, help="use the version of knetc that wrote it")
    if not all(isinstance(note.get(key), str) for key in ("tree", "sha256")):
        raise _damaged(path, "its header is incomplete")
    return note


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


def _damaged(path: str | os.PathLike[str], why: str) -> FileError:
    return FileError(
        "KN613", f"`{path}` is damaged: {why}", help="use an older copy; this one cannot be trusted"
    )

"""`save` and `load`: a model or tree of arrays in one safetensors file, its structure as JSON in the header.

No pickle: nothing in a file can run. The file appears whole or not at all, and carries the sha256 of what it
holds. Other programs can read the arrays by their paths (`layers.0.w`).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from knetc.errors import FileError
from knetc.runtime.atomic import replacing
from knetc.train.container import pack, unpack
from knetc.train.restore import Filler, build
from knetc.train.structure import Encoder


def save(path: str | os.PathLike[str], value: Any) -> None:
    """Write `value` to the file `path`, in the place of an older one only when the new one is complete.

    `value` is an array, number, string, bool, None, a list, tuple or dict of such, or an object with such
    attributes (functions among them are noted by name only). Arrays of a GPU are saved as those of numpy.
    Raises `ArgumentError` (KN615) for anything else and `FileError` (KN616) if the file cannot be written;
    the old file is then intact.

    >>> import numpy as np, tempfile
    >>> path = Path(tempfile.mkdtemp()) / "weights.safetensors"
    >>> save(path, {"w": np.ones(2), "epochs": 3})
    >>> load(path)
    {'w': array([1., 1.]), 'epochs': 3}
    """
    encoder = Encoder()
    tree = json.dumps(encoder.encode(value), allow_nan=False)
    data = pack(tree, encoder.arrays)
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

    Raises `FileError` (KN611 cannot be read, KN612 not a checkpoint, KN613 damaged, KN617 of another version) and
    `ArgumentError` (KN614) where `into` does not have the structure of the file; nothing has been changed then.

    >>> import numpy as np, tempfile
    >>> path = Path(tempfile.mkdtemp()) / "weights.safetensors"
    >>> save(path, [np.arange(3.0), (1, None)])
    >>> w = np.zeros(3)
    >>> load(path, into=[w, (0, None)])
    [array([0., 1., 2.]), (1, None)]
    """
    tree, arrays = read(path)
    return fitted(tree, arrays, into)


def fitted(tree: Any, arrays: dict[str, Any], into: Any) -> Any:
    """A new tree, or `into` filled. Raises the `ArgumentError` of `load`.

    >>> fitted([1, {"tuple": []}], {}, None)
    [1, ()]
    """
    if into is None:
        return build(tree, arrays)
    filler = Filler(arrays)
    value = filler.fill(tree, into)
    filler.apply()
    return value


def read(path: str | os.PathLike[str]) -> tuple[Any, dict[str, Any]]:
    """The encoded structure and the arrays of a checkpoint. Raises the `FileError` of `load`."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        msg = f"cannot read `{path}`: {error.strerror or error}"
        raise FileError("KN611", msg, help="check the path; save(path, model) writes such a file") from error
    return unpack(data, str(path))

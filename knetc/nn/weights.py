"""Weights by the names that PyTorch and torchvision give them: `layer1.0.conv1.weight`, `features.0.bias`.

A name is the path of an array in the model, with PyTorch's word for what knetc calls otherwise:

    w, scale                weight
    b                       bias
    moments.mean            running_mean
    moments.var             running_var
    layers.0 (of a chain)   0
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, FileError, ShapeError
from knetc.nn.recurrent import State
from knetc.runtime.mirror import is_array
from knetc.runtime.tree import ATOMS, attributes

Array = Any
Weights = str | os.PathLike[str] | Mapping[str, Array]
TORCH = {"w": "weight", "b": "bias", "scale": "weight", "mean": "running_mean", "var": "running_var"}
SILENT = ("layers", "moments", "params")
"""Attributes that leave no trace in a name."""
UNUSED = "num_batches_tracked"
"""What PyTorch counts besides; nothing depends on it."""
SHOWN = 5


def named_arrays(model: Any) -> dict[str, Array]:
    """The float arrays of a model by PyTorch's names, running statistics included.

    >>> from knetc import relu
    >>> from knetc.nn import Chain, Linear
    >>> {name: array.shape for name, array in named_arrays(Chain(Linear(3, 2), relu, Linear(2, 1, bias=False))).items()}
    {'0.weight': (2, 3), '0.bias': (2,), '2.weight': (1, 2)}
    """
    return dict(_named(model, ()))


def load_weights(model: Any, weights: Weights, *, skip: tuple[str, ...] = ()) -> None:
    """Give the arrays of `model` the values in `weights`, which go by PyTorch's names (see `named_arrays`).

    `weights` is the path of a safetensors file, or a dict of arrays. Values are written into the arrays that are
    there, which keep their dtype. What a name in `skip` begins stays as it is, in a model with another last layer:
    `skip=("fc.",)`.

    Raises `FileError` (KN611, KN613) for a file that cannot be read, `ArgumentError` (KN348) for names that are
    missing or not expected and `ShapeError` (KN235) for a shape that does not fit; nothing has been changed then.

    >>> from knetc.nn import Linear
    >>> layer = Linear(2, 1)
    >>> load_weights(layer, {"weight": np.array([[3.0, 4.0]]), "bias": np.array([0.5])})
    >>> layer.w, layer.b
    (array([[3., 4.]], dtype=float32), array([0.5], dtype=float32))
    """
    given = weights if isinstance(weights, Mapping) else _read(weights)
    source = "`weights`" if isinstance(weights, Mapping) else f"`{weights}`"
    found = {k: v for k, v in given.items() if not k.endswith(UNUSED) and not k.startswith(skip)}
    wanted = {k: v for k, v in named_arrays(model).items() if not k.startswith(skip)}
    _check_names(found.keys(), wanted.keys(), source)
    for name, array in wanted.items():
        _check_array(name, np.shape(found[name]), array, source)
    values = {name: array_module(array).asarray(found[name], array.dtype) for name, array in wanted.items()}
    for name, array in wanted.items():
        array[...] = values[name]


def _named(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Array]]:
    """The float arrays in a value; what is frozen has its names as well."""
    if is_array(value):
        if value.dtype.kind == "f":
            yield ".".join((*path[:-1], TORCH.get(path[-1], path[-1])) if path else ("value",)), value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _named(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _named(item, (*path, str(i)))
    elif not isinstance(value, (*ATOMS, float, np.generic, State)):
        for name, part in attributes(value).items():
            yield from _named(part, path if name in SILENT else (*path, name))


def _read(path: str | os.PathLike[str]) -> dict[str, Array]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return dict(load(Path(path).read_bytes()))
    except OSError as error:
        msg = f"cannot read `{path}`: {error.strerror or error}"
        raise FileError("KN611", msg, help="check the path of the weights") from error
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(
            "KN613",
            f"`{path}` is no whole safetensors file of numbers that numpy knows: {error}",
            help="fetch it again; in PyTorch, safetensors.torch.save_file(model.float().state_dict(), path) writes one",
        ) from error


def _check_names(found: Any, wanted: Any, source: str) -> None:
    missing, unexpected = sorted(wanted - found), sorted(found - wanted)
    if missing or unexpected:
        raise ArgumentError(
            "KN348",
            f"{source} and the model differ in their names; missing: {_some(missing)}; "
            f"not expected: {_some(unexpected)}",
            help="build the model that the weights were made for; skip=('fc.',) leaves out what begins so",
        )


def _check_array(name: str, shape: tuple[int, ...], array: Array, source: str) -> None:
    if shape != array.shape:
        raise ShapeError(
            "KN235",
            f"`{name}` has shape {shape} in {source}, but {array.shape} in the model",
            help=f"build the model with the sizes of the weights, or leave it out: skip=('{name}',)",
        )
    if not getattr(array.flags, "writeable", True):
        raise ShapeError("KN235", f"`{name}` is read-only in the model", help="make it by param(...)")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(f"`{name}`" for name in names[:SHOWN]) + more if names else "none"

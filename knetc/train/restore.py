"""Encoded trees (see `structure.py`) turned into values again: new ones, or those of an existing tree.

A file names no class to import and no function to call. A new tree is made of containers, numbers, strings
and arrays only; objects are filled where they stand, after everything has been found to fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, FileError, ShapeError
from knetc.runtime.frozen import FrozenFloat, frozen
from knetc.train.memory import Memory
from knetc.train.structure import CODE, attributes, fields, is_array, join

Array = Any
PLAIN = (bool, int, float, str)


def build(encoded: Any, arrays: dict[str, Array]) -> Any:
    """A new tree. Raises `ArgumentError` (KN614) if it has objects, `FileError` (KN613) for nonsense."""
    match encoded:
        case None | bool() | int() | float() | str():
            return encoded
        case list():
            return [build(item, arrays) for item in encoded]
        case {"float": "nan" | "inf" | "-inf" as text, **rest} if not rest:
            return float(text)
        case {"tuple": list(items), **rest} if not rest:
            return tuple(build(item, arrays) for item in items)
        case {"dict": list(pairs), **rest} if not rest:
            return {key: build(item, arrays) for key, item in keyed(pairs, arrays).items()}
        case {"array": str(name), **rest} if not rest and name in arrays:
            return arrays[name]
        case {"scalar": str(name), **rest} if not rest and name in arrays and arrays[name].ndim == 0:
            return arrays[name][()]
        case {"object": str(name)} | {"code": str(name)}:
            raise ArgumentError(
                "KN614",
                f"the file holds a `{name}`, which is code",
                help="load(path, into=model) fills an existing one",
            )
    raise FileError(
        "KN613", f"the checkpoint holds the unknown form {str(encoded)[:60]}", help="save it again"
    )


def keyed(pairs: list[Any], arrays: dict[str, Array]) -> dict[Any, Any]:
    """The encoded items of a dict by their keys. Raises `FileError` (KN613) unless they are pairs.

    >>> keyed([["w", {"tuple": []}]], {})
    {'w': {'tuple': []}}
    """
    try:
        return {build(key, arrays): item for key, item in pairs}
    except (TypeError, ValueError) as error:
        raise FileError("KN613", "the checkpoint holds a dict that is none", help="save it again") from error


@dataclass
class Filler:
    """Compares an encoded tree with an existing one, and notes what to write where. `apply` writes."""

    arrays: dict[str, Array]
    writes: list[tuple[Callable[..., Any], tuple[Any, ...]]] = field(default_factory=list)

    def apply(self) -> None:
        """Write all that has been noted."""
        for write, arguments in self.writes:
            write(*arguments)

    def fill(self, encoded: Any, target: Any, path: str = "") -> Any:
        """What is to stand in the place of `target`: itself if it can be filled, otherwise a new value."""
        if encoded is None or target is None:
            return build(encoded, self.arrays)
        match encoded:
            case {"array": str()} if is_array(target):
                return self._array(build(encoded, self.arrays), target, path)
            case {"scalar": str()} | {"float": str()} if isinstance(target, (*PLAIN, np.generic)):
                return _like(build(encoded, self.arrays), target)
            case {"code": str()} if isinstance(target, CODE):
                return target
            case list() if isinstance(target, list):
                return self._items(dict(enumerate(encoded)), dict(enumerate(target)), target, path)
            case {"dict": list(pairs)} if isinstance(target, Memory):
                return self._memory(keyed(pairs, self.arrays), target, path)
            case {"dict": list(pairs)} if isinstance(target, dict):
                return self._items(keyed(pairs, self.arrays), target, target, path)
            case {"tuple": list(items)} if isinstance(target, tuple) and len(items) == len(target):
                return self._tuple(items, target, path)
            case {"object": str(name), "attributes": dict(found)} if name == type(target).__qualname__:
                return self._attributes(found, target, path)
            case bool() | int() | float() | str() if isinstance(target, (*PLAIN, np.generic)):
                return _like(encoded, target)
        raise _misfit(path, _described(encoded), f"a {type(target).__name__}")

    def _array(self, source: Array, target: Array, path: str) -> Array:
        locked = isinstance(target, np.ndarray) and not target.flags.writeable
        if locked or (source.shape, source.dtype) != (target.shape, target.dtype):
            there = f"{'read-only ' if locked else ''}{target.dtype} {target.shape}"
            raise ShapeError(
                "KN614",
                f"`{path or 'into'}` is {there}, in the file {source.dtype} {source.shape}",
                help=MISFIT,
            )
        self.writes.append((target.__setitem__, (..., array_module(target).asarray(source))))
        return target

    def _items(self, encoded: dict[Any, Any], current: dict[Any, Any], target: Any, path: str) -> Any:
        _same_keys(encoded, current, path)
        for key, item in encoded.items():
            value = self.fill(item, current[key], join(path, key))
            if value is not current[key]:
                self.writes.append((target.__setitem__, (key, value)))
        return target

    def _memory(self, encoded: dict[Any, Any], target: Memory, path: str) -> Memory:
        """What an optimiser remembers, which may not have met the arrays yet: made anew where it is not there."""
        for name, item in encoded.items():
            there = name in target
            state = self.fill(item, target[name], join(path, name)) if there else build(item, self.arrays)
            self.writes.append((target.__setitem__, (name, state)))
        self.writes += [(target.pop, (name,)) for name in target.keys() - encoded.keys()]
        return target

    def _tuple(self, items: list[Any], target: tuple[Any, ...], path: str) -> tuple[Any, ...]:
        names = fields(target)
        values = [self.fill(item, target[i], join(path, names[i])) for i, item in enumerate(items)]
        if all(new is old for new, old in zip(values, target, strict=True)):
            return target
        make = getattr(type(target), "_make", type(target))  # a namedtuple takes its fields one by one
        return make(values)

    def _attributes(self, encoded: dict[str, Any], target: Any, path: str) -> Any:
        current = attributes(target) or {}
        _same_keys(encoded, current, path)
        for name, item in encoded.items():
            value = self.fill(item, current[name], join(path, name))
            if value is not current[name]:
                self.writes.append((object.__setattr__, (target, name, value)))
        return target


MISFIT = "build the model as it was when it was saved"


def _like(value: Any, target: Any) -> Any:
    """A number that stays frozen if that in its place was."""
    return frozen(value) if isinstance(target, FrozenFloat) else value


def _same_keys(encoded: dict[Any, Any], current: dict[Any, Any], path: str) -> None:
    if encoded.keys() != current.keys():
        missing = [str(key) for key in encoded.keys() - current.keys()]
        extra = [str(key) for key in current.keys() - encoded.keys()]
        raise _misfit(path, f"also {sorted(missing)}", f"also {sorted(extra)}")


def _misfit(path: str, saved: str, there: str) -> ArgumentError:
    return ArgumentError("KN614", f"`{path or 'into'}` holds {there}, in the file {saved}", help=MISFIT)


def _described(encoded: Any) -> str:
    match encoded:
        case {"object": name} | {"code": name}:
            return f"a {name}"
        case dict():
            return f"a {next(iter(encoded), 'dict')}"
    return f"a {type(encoded).__name__}"

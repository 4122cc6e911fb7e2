"""Models seen as trees of layers: which layers an object is made of, and which one is running when something fails.

A layer is any object that can be called. Nothing is registered: layers are found in the attributes of others, and the
one that is running is found among the first arguments of the callers.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

from knetc import errors
from knetc.runtime.mirror import is_array
from knetc.runtime.tree import ATOMS, attributes, parts

MAX_FRAMES = 200
"""So many callers are looked at; a recursion may be deeper."""


def is_layer(value: Any) -> bool:
    """Whether a value is an object that can be called: no function, no class, no array.

    >>> is_layer(len), is_layer([1.0])
    (False, False)
    """
    return callable(value) and not isinstance(value, ATOMS) and not is_array(value)


def children(value: Any) -> list[tuple[str, Any]]:
    """The layers that a layer is made of, with their paths from it; in lists and tuples, functions are layers too.

    >>> class Twice:
    ...     def __init__(self, inner):
    ...         self.inner, self.others = inner, (inner, abs)
    ...     def __call__(self, x):
    ...         return self.inner(self.inner(x))
    >>> [path for path, _ in children(Twice(Twice(3.0)))]
    ['inner', 'others[0]', 'others[1]']
    """
    found: list[tuple[str, Any]] = []
    for name, part in attributes(value).items():
        if is_layer(part):
            found.append((name, part))
        elif isinstance(part, dict | list | tuple):
            found += ((name + path, layer) for path, layer in _inside(part))
    return found


def _inside(container: Any) -> Iterator[tuple[str, Any]]:
    for step, _, item in parts(container):
        if callable(item) and not isinstance(item, type) and not is_array(item):
            yield step, item
        elif isinstance(item, dict | list | tuple):
            yield from ((step + path, layer) for path, layer in _inside(item))


def path_to(layer: Any, model: Any, seen: set[int] | None = None) -> str | None:
    """The path from a model to one of its layers: empty for the model itself, None for a layer of another."""
    seen = set() if seen is None else seen
    if id(model) == id(layer):
        return ""
    if id(model) in seen or not is_layer(model):
        return None
    seen.add(id(model))
    for step, child in children(model):
        rest = path_to(layer, child, seen)
        if rest is not None:
            return f"{step}.{rest}" if rest else step
    return None


def running(frames: Iterable[types.FrameType]) -> str:
    """The layer that runs in these frames, the innermost first, with its path from the outermost one that holds it.

    Empty if there is none.
    """
    layers = [layer for frame in frames for layer in _first_argument(frame)]
    for model in reversed(layers):
        path = path_to(layers[0], model)
        if path is not None:
            return f"`{path}` of {type(model).__name__}, {_head(layers[0])}" if path else _head(model)
    return ""


def _head(layer: Any) -> str:
    """The first line of the text of a layer; of a class without one, its name."""
    own: Any = type(layer).__repr__
    return type(layer).__name__ if own is object.__repr__ else repr(layer).partition("\n")[0]


def _first_argument(frame: types.FrameType) -> Iterator[Any]:
    """The layer whose call a frame is, in the user's text or in generated text."""
    code = frame.f_code
    if code.co_argcount and (code.co_name == "__call__" or code.co_filename.startswith("<knetc ")):
        value = frame.f_locals.get(code.co_varnames[0])
        if is_layer(value) and _is_part_of_a_model(value):
            yield value


def _is_part_of_a_model(value: Any, depth: int = 4) -> bool:
    """Whether a layer is knetc's, or holds arrays or layers of knetc's: anything can be called, and call others."""
    module = type(value).__module__
    if module.startswith("knetc."):
        return module.startswith("knetc.nn.")
    held = [part for _, _, part in parts(value)] if depth else []
    return any(
        is_array(part)
        or (
            (is_layer(part) or isinstance(part, dict | list | tuple)) and _is_part_of_a_model(part, depth - 1)
        )
        for part in held
    )


def _callers() -> Iterator[types.FrameType]:
    frame: types.FrameType | None = sys._getframe(1)  # noqa: SLF001  the only way to the callers
    for _ in range(MAX_FRAMES):
        if frame is None:
            return
        yield frame
        frame = frame.f_back


def _running_now() -> str:
    try:
        return running(_callers())
    except Exception:  # noqa: BLE001  the text of a user's layer may fail, and must not hide the error
        return ""


errors.locate[:] = [_running_now]

"""`summary(model, x)`: every layer with the shape of its output and its parameters, found by running the model once.

The model runs as a copy in which each layer notes what it returns; arrays are shared, so nothing is copied that is
large, and nothing of the model itself changes.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from knetc.nn.layer import parameters, title
from knetc.runtime.frozen import is_frozen
from knetc.runtime.layers import is_layer
from knetc.runtime.mirror import is_array
from knetc.runtime.tree import attributes


@dataclass
class Row:
    """What is known of one layer; of several calls, the shape of the last one."""

    path: str
    layer: str
    parameters: int
    shape: str = ""


@dataclass(frozen=True)
class Summary:
    """The rows in the order of the first calls. Its text is a table."""

    rows: tuple[Row, ...]
    total: int

    def __repr__(self) -> str:
        head = ("path", "layer", "output", "parameters")
        body = [(row.path, row.layer, row.shape, f"{row.parameters:,}") for row in self.rows]
        total = ("total", "", "", f"{self.total:,}")
        widths = [max(map(len, column)) for column in zip(head, *body, total, strict=True)]
        rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
        lines = [_line(row, widths) for row in (head, *body, total)]
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def summary(model: Any, *inputs: Any, **options: Any) -> Summary:
    """Run `model(*inputs, **options)` once and return a table of its layers; the model stays as it is.

    A layer's parameters are those of the layers in it, too; the total counts arrays that are shared once.

    >>> import numpy as np
    >>> from knetc import relu
    >>> from knetc.nn import Chain, Linear
    >>> summary(Chain(Linear(784, 64), relu, Linear(64, 10)), np.zeros((100, 784), np.float32))
    path       layer              output     parameters
    ---------------------------------------------------
               Chain              (100, 10)      50,890
    layers[0]  Linear(784 -> 64)  (100, 64)      50,240
    layers[1]  relu               (100, 64)           0
    layers[2]  Linear(64 -> 10)   (100, 10)         650
    ---------------------------------------------------
    total                                        50,890
    """
    watch = _Watch()
    watch.layer(model, "")(*inputs, **options)
    return Summary(tuple(watch.rows.values()), parameters(model))


@dataclass
class _Watch:
    """Copies of layers that note what they return, by the layers that they are copies of."""

    rows: dict[str, Row] = field(default_factory=dict)
    copies: dict[int, Any] = field(default_factory=dict)

    def part(self, value: Any, path: str, *, listed: bool = False) -> Any:
        """A part of a model with its layers watched; functions are layers only where they are listed."""
        if isinstance(value, dict):
            return {key: self.part(v, f"{path}[{key!r}]", listed=True) for key, v in value.items()}
        if isinstance(value, list | tuple):
            items = [self.part(v, f"{path}[{i}]", listed=True) for i, v in enumerate(value)]
            return items if isinstance(value, list) else getattr(type(value), "_make", tuple)(items)
        if is_frozen(value) and not is_array(value):
            return copy(value)  # what is kept from call to call is kept elsewhere
        watched = is_layer(value) or (listed and callable(value) and not isinstance(value, type))
        return self.layer(value, path) if watched and not is_array(value) else value

    def layer(self, layer: Any, path: str) -> Any:
        """A copy of a layer that notes what it returns."""
        if id(layer) in self.copies:
            return self.copies[id(layer)]
        try:
            copy: Any = object.__new__(_noting(type(layer), self._noted(type(layer).__call__, layer, path)))
        except TypeError:  # a function, or an object that C has laid out
            note = self._noted(lambda _, *args, **options: layer(*args, **options), layer, path)
            return lambda *args, **options: note(None, *args, **options)  # one may stand in several places
        self.copies[id(layer)] = copy
        for name, value in attributes(layer).items():
            object.__setattr__(copy, name, self.part(value, f"{path}.{name}" if path else name))
        return copy

    def _noted(self, call: Callable[..., Any], layer: Any, path: str) -> Callable[..., Any]:
        def noted(self_: Any, *args: Any, **options: Any) -> Any:
            row = self.rows.setdefault(
                path, Row(path, title(layer), parameters(layer) if is_layer(layer) else 0)
            )
            value = call(self_, *args, **options)
            row.shape = _shape(value)
            return value

        return noted


def _noting(cls: type, call: Callable[..., Any]) -> type:
    """The class, but for its call."""
    return type(cls.__name__, (cls,), {"__call__": call, "__module__": cls.__module__})


def _shape(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shape, value))
    return str(value.shape) if hasattr(value, "shape") else type(value).__name__


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    *texts, number = (text.ljust(width) for text, width in zip(row, widths, strict=True))
    return "  ".join([*texts, number.strip().rjust(widths[-1])])

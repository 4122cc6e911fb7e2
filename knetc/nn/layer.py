"""What the layers of this package share: their text, and the checks of the sizes that they are made with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from knetc.errors import ArgumentError
from knetc.ops import identity
from knetc.runtime.frozen import is_frozen
from knetc.runtime.layers import children, is_layer
from knetc.runtime.mirror import is_array
from knetc.runtime.tree import attributes, leaves
from knetc.train.param import param

Array = Any


class Layer:
    """A layer with a text that shows sizes and numbers of parameters.

    Nothing has to inherit from it: any object that can be called is a layer, and `described` shows it as well.
    """

    def options(self) -> str:
        """What stands between the brackets."""
        return _shapes(self)

    def __repr__(self) -> str:
        try:
            return described(self)
        except AttributeError:  # a gradient has the class of its layer, and what carries a derivative
            return f"<gradient of a {type(self).__name__}>"


def parameters(layer: Any) -> int:
    """How many numbers of a layer are trained; an array that occurs twice counts once.

    >>> parameters([np.ones((2, 3)), {"b": np.ones(2)}])
    8
    """
    return sum({id(array): int(array.size) for _, array in leaves(layer)}.values())


def described(layer: Any, above: tuple[Any, ...] = ()) -> str:
    """A layer with its sizes and parameters, and below it the layers that it is made of, with their paths.

    >>> class Scale:
    ...     def __init__(self):
    ...         self.w = np.ones((2, 3))
    ...     def __call__(self, x):
    ...         return self.w * x
    >>> described(Scale())
    'Scale(w: 2 x 3)  6 parameters'
    """
    head = title(layer) + _count(layer)
    inside = children(layer) if is_layer(layer) and all(layer is not other for other in above) else []
    parts = [f"\n{path}: {described(child, (*above, layer))}" for path, child in inside]
    return head + "".join(parts).replace("\n", "\n  ")


def title(layer: Any) -> str:
    """The name of a layer or function, with its sizes."""
    if not is_layer(layer):
        return name_of(layer)
    inside = layer.options() if isinstance(layer, Layer) else _shapes(layer)
    return f"{type(layer).__name__}({inside})" if inside or not children(layer) else type(layer).__name__


def name_of(function: Any) -> str:
    """What a function is called.

    >>> name_of(np.tanh), name_of(len)
    ('tanh', 'len')
    """
    return str(getattr(function, "__name__", type(function).__name__))


def activated(activation: Callable[..., Any]) -> str:
    """How an activation is shown: not at all if there is none."""
    return "" if activation is identity else f", {name_of(activation)}"


def activation_of(layer: str, activation: Any) -> Callable[..., Any]:
    """The activation that a layer was given, the identity for None. Raises `ArgumentError` (KN347)."""
    if activation is None:
        return identity
    if not callable(activation) or isinstance(activation, type):
        raise ArgumentError(
            "KN347",
            f"{layer}: `activation` is {activation!r}; expected a function or a layer",
            help="pass the function itself, such as activation=knetc.relu",
        )
    return cast(Callable[..., Any], activation)


def drawn(layer: str, init: Callable[..., Array], *shape: int) -> Array:
    """A parameter of the given shape, drawn by `init(*shape)`. Raises `ArgumentError` (KN347)."""
    w = param(*shape, init=init)
    if w.shape != shape:
        raise ArgumentError(
            "KN347",
            f"{layer}: `init` returned an array of shape {w.shape}; expected {shape}",
            help="write init=lambda *shape: ..., or pass an initialiser such as knetc.kaiming_normal",
        )
    return w


def sizes(layer: str, **given: Any) -> None:
    """Check that sizes are ints of at least 1. Raises `ArgumentError` (KN346)."""
    for name, size in given.items():
        if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
            raise ArgumentError(
                "KN346",
                f"{layer}: `{name}` is {size!r}; expected an int of at least 1",
                help=f"pass the number of {name}, such as {name}=64",
            )


def _count(layer: Any) -> str:
    if is_frozen(layer):
        return "  frozen"
    number = parameters(layer) if is_layer(layer) else 0
    return f"  {number:,} parameter{'s' * (number != 1)}" if number else ""


def _shapes(layer: Any) -> str:
    arrays = {name: value for name, value in attributes(layer).items() if is_array(value)}
    return ", ".join(f"{name}: {' x '.join(map(str, array.shape))}" for name, array in arrays.items())

"""Layers made of layers: one after the other, and around them a way past."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knetc.errors import ArgumentError
from knetc.nn.layer import Layer, activation_of, name_of
from knetc.ops import identity, nll

Array = Any


class Chain(Layer):
    """Layers or functions, each called with the result of the one before it.

    `chain(x)` is the result of the last one, `chain(x, y)` its loss, so that a chain can be trained as it is:
    `loss` is `nll` unless told otherwise. Parts are `chain[0]`, and `chain[:-1]` is a shorter chain of the same
    layers. Raises `ArgumentError` (KN349) for a layer that cannot be called.

    >>> import numpy as np
    >>> import knetc
    >>> from knetc.nn import Dropout, Linear
    >>> knetc.seed(0)
    >>> model = Chain(Linear(784, 64), knetc.relu, Dropout(0.5), Linear(64, 10))
    >>> model
    Chain  50,890 parameters
      layers[0]: Linear(784 -> 64)  50,240 parameters
      layers[1]: relu
      layers[2]: Dropout(0.5)
      layers[3]: Linear(64 -> 10)  650 parameters
    >>> x, y = np.ones((100, 784), np.float32), np.zeros(100, int)
    >>> model(x).shape, model[:2](x).shape, float(model(x, y)) > 0
    ((100, 10), (100, 64), True)
    >>> bool(knetc.run(knetc.adam(model, [(x, y)] * 10)) < model[:](x, np.ones(100, int)))
    True
    """

    def __init__(self, *layers: Callable[..., Any], loss: Callable[..., Any] = nll) -> None:
        self.layers = _checked("Chain", layers)
        self.loss = loss

    def __call__(self, x: Array, y: Array = None) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x if y is None else self.loss(x, y)

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, key: int | slice) -> Any:
        """A layer, or a chain of some."""
        return Chain(*self.layers[key], loss=self.loss) if isinstance(key, slice) else self.layers[key]

    def options(self) -> str:
        """The loss, if it is another one."""
        return "" if self.loss is nll else f"loss={name_of(self.loss)}"


Sequential = Chain


class Residual(Layer):
    """Layers with a way past them: `activation(layers(x) + shortcut(x))` (He et al., 2015).

    >>> import numpy as np
    >>> double = Residual(lambda x: x)
    >>> double(np.array([1.0, 2.0]))
    array([2., 4.])
    """

    def __init__(
        self,
        *layers: Callable[..., Any],
        shortcut: Callable[[Array], Array] | None = None,
        activation: Callable[[Array], Array] | None = None,
    ) -> None:
        self.layers = _checked("Residual", layers)
        self.shortcut = shortcut or identity
        self.activation = activation_of("Residual", activation)

    def __call__(self, x: Array) -> Array:
        y = x
        for layer in self.layers:
            y = layer(y)
        return self.activation(y + self.shortcut(x))

    def options(self) -> str:
        """The activation, if there is one."""
        return "" if self.activation is identity else name_of(self.activation)


def _checked(name: str, layers: tuple[Any, ...]) -> tuple[Any, ...]:
    for i, layer in enumerate(layers):
        if not callable(layer) or isinstance(layer, type):
            what = f"the class {layer.__name__}" if isinstance(layer, type) else f"a {type(layer).__name__}"
            raise ArgumentError(
                "KN349",
                f"{name}: layer {i} is {what}; expected layers and functions of one argument",
                help=f"write {name}(*layers) for a list of layers, and make layers of classes: Linear(784, 10)",
            )
    return layers

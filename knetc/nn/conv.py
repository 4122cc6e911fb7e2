"""Layers that move filters over images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knetc.errors import ArgumentError
from knetc.nn.layer import Layer, activated, activation_of, drawn, sizes
from knetc.ops import conv4, deconv4
from knetc.ops.bias import add_bias
from knetc.train.initialisers import xavier_uniform
from knetc.train.param import param0

Array = Any
PerAxis = Any  # an int, or a tuple of one int a spatial axis
Padding = Any  # likewise, with pairs (before, after) in the place of ints; or "same"


class Conv(Layer):
    """A convolution as deep learning understands it, which does not flip the filters: `activation(conv(w, x) + b)`.

    `x` has the shape (N, inputs, *space), the result (N, outputs, *places). `kernel` is the size of the filters, a
    tuple of one to three ints; one int means two axes of that size. `w` has the shape (outputs, inputs / groups,
    *kernel) and is drawn by `init`, `b` (outputs,) is zero at first, or None with bias=False. The other options are
    those of `conv`. Raises `ArgumentError` for sizes (KN346) and groups (KN312) that are none.

    >>> import numpy as np
    >>> from knetc import relu
    >>> layer = Conv(3, 16, 5, padding=2, stride=2, activation=relu)
    >>> layer
    Conv(3 -> 16, 5 x 5, padding=2, stride=2, relu)  1,216 parameters
    >>> layer(np.zeros((10, 3, 32, 32), np.float32)).shape
    (10, 16, 16, 16)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int | tuple[int, ...],
        *,
        padding: Padding = 0,
        stride: PerAxis = 1,
        dilation: PerAxis = 1,
        groups: int = 1,
        bias: bool = True,
        activation: Callable[[Array], Array] | None = None,
        init: Callable[..., Array] = xavier_uniform,
    ) -> None:
        filters = _filters("Conv", inputs, outputs, kernel, groups)
        self.w = drawn("Conv", init, outputs, inputs // groups, *filters)
        self.b = param0(outputs) if bias else None
        self.padding, self.stride, self.dilation, self.groups = padding, stride, dilation, groups
        self.activation = activation_of(type(self).__name__, activation)

    def __call__(self, x: Array) -> Array:
        y = conv4(self.w, x, self.padding, self.stride, self.dilation, mode=1, group=self.groups)
        return self.activation(add_bias(y, self.b))

    def options(self) -> str:
        """The channels, the filters, and what is not usual."""
        outputs, inputs, *kernel = self.w.shape
        return f"{inputs * self.groups} -> {outputs}, {_kernel(kernel)}{_unusual(self)}{activated(self.activation)}"


class Deconv(Layer):
    """The transpose of `Conv`, which enlarges images: `activation(deconv(w, x) + b)`.

    `w` has the shape (inputs, outputs / groups, *kernel); `output_padding` adds to the size of the result at one end.
    All else as in `Conv`.

    >>> import numpy as np
    >>> layer = Deconv(16, 3, 4, padding=1, stride=2)
    >>> layer
    Deconv(16 -> 3, 4 x 4, padding=1, stride=2)  771 parameters
    >>> layer(np.zeros((10, 16, 8, 8), np.float32)).shape
    (10, 3, 16, 16)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int | tuple[int, ...],
        *,
        padding: Padding = 0,
        stride: PerAxis = 1,
        dilation: PerAxis = 1,
        groups: int = 1,
        output_padding: PerAxis = 0,
        bias: bool = True,
        activation: Callable[[Array], Array] | None = None,
        init: Callable[..., Array] = xavier_uniform,
    ) -> None:
        filters = _filters("Deconv", inputs, outputs, kernel, groups)
        self.w = drawn("Deconv", init, inputs, outputs // groups, *filters)
        self.b = param0(outputs) if bias else None
        self.padding, self.stride, self.dilation, self.groups = padding, stride, dilation, groups
        self.output_padding = output_padding
        self.activation = activation_of(type(self).__name__, activation)

    def __call__(self, x: Array) -> Array:
        y = deconv4(
            self.w, x, self.padding, self.stride, self.dilation, 1, 1, self.groups, self.output_padding
        )
        return self.activation(add_bias(y, self.b))

    def options(self) -> str:
        """The channels, the filters, and what is not usual."""
        inputs, outputs, *kernel = self.w.shape
        return f"{inputs} -> {outputs * self.groups}, {_kernel(kernel)}{_unusual(self)}{activated(self.activation)}"


def _filters(layer: str, inputs: int, outputs: int, kernel: Any, groups: int) -> tuple[int, ...]:
    """The size of the filters, with all sizes checked."""
    filters = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    sizes(
        layer,
        inputs=inputs,
        outputs=outputs,
        groups=groups,
        **{f"kernel[{i}]": n for i, n in enumerate(filters)},
    )
    if inputs % groups or outputs % groups:
        raise ArgumentError(
            "KN312",
            f"{layer}: `groups` is {groups}; expected a divisor of both `inputs`={inputs} and `outputs`={outputs}",
            help="pass groups=1, or numbers of channels that are multiples of `groups`",
        )
    return filters


def _kernel(sizes: list[int]) -> str:
    return " x ".join(map(str, sizes))


def _unusual(layer: Any) -> str:
    usual = {"padding": 0, "stride": 1, "dilation": 1, "groups": 1, "output_padding": 0}
    given = {name: getattr(layer, name, value) for name, value in usual.items()}
    return "".join(f", {name}={value}" for name, value in given.items() if value != usual[name])

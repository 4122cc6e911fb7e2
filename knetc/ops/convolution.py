"""Convolution as modern libraries spell it: cross-correlation, with a bias and an activation.

These two are plain functions of the operations `conv4` and `deconv4`. Nothing declares a derivative for them: a
gradient that meets one goes through its source, and through that of the callables it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knetc.errors import ArgumentError
from knetc.ops.bias import add_bias
from knetc.ops.conv import conv4
from knetc.ops.deconv import deconv4
from knetc.ops.registry import nondifferentiable

Array = Any
PerAxis = Any  # an int, or a tuple of one int a spatial axis
Padding = Any  # likewise, with pairs (before, after) in the place of ints; or "same"
Layer = Callable[[Array], Array] | None


def conv(
    w: Array,
    x: Array,
    *,
    bias: Array = None,
    activation: Layer = None,
    normalization: Layer = None,
    padding: Padding = 0,
    stride: PerAxis = 1,
    dilation: PerAxis = 1,
    groups: int = 1,
    alpha: float = 1,
) -> Array:
    """`activation(normalization(alpha * (w correlated with x) + bias))`, in 1, 2 or 3 spatial dimensions.

    What deep learning calls convolution does not flip the kernel; `conv4`, which follows mathematics, does unless it
    is told `mode=1`.

    Arguments:
        w: filters, shape (C_out, C_in / groups, *kernel).
        x: images, shape (N, C_in, *space).
        bias: a number for each output channel, shape (C_out,) or (1, C_out, 1, ...).
        activation, normalization: functions of images, or layers; they may have parameters of their own.
        padding, stride, dilation, alpha: as for `conv4`; padding may be "same", and differ from end to end.
        groups: input and output channels are divided into this many groups that do not mix.

    Raises what `conv4` does, `ShapeError` (KN216) for the bias, `ArgumentError` (KN316) for what cannot be called.

    >>> import numpy as np
    >>> x = np.arange(5.0).reshape(1, 1, 5)
    >>> conv(np.array([[[1.0, 10.0]]]), x, bias=np.array([-20.0]), activation=np.abs).tolist()
    [[[10.0, 1.0, 12.0, 23.0]]]
    >>> conv(np.ones((4, 1, 3, 3)), np.ones((2, 1, 8, 8)), padding="same", stride=2).shape
    (2, 4, 4, 4)
    """
    check_layers("conv", normalization, activation)
    y = conv4(w, x, padding, stride, dilation, mode=1, alpha=alpha, group=groups)
    if bias is not None:
        y = add_bias(y, bias)
    if normalization is not None:
        y = normalization(y)
    if activation is not None:
        y = activation(y)
    return y


def deconv(
    w: Array,
    x: Array,
    *,
    bias: Array = None,
    activation: Layer = None,
    padding: Padding = 0,
    stride: PerAxis = 1,
    dilation: PerAxis = 1,
    groups: int = 1,
    output_padding: PerAxis = 0,
    alpha: float = 1,
) -> Array:
    """`activation(alpha * y + bias)` where `y` is the transposed convolution of `x` with `w`: that of `conv`.

    Arguments:
        w: filters, shape (C_in, C_out / groups, *kernel).
        x: images, shape (N, C_in, *space).
        bias: a number for each output channel, shape (C_out,) or (1, C_out, 1, ...).
        activation: a function of images, or a layer; it may have parameters of its own.
        padding, stride, dilation, output_padding, alpha: as for `deconv4`.
        groups: input and output channels are divided into this many groups that do not mix.

    Raises what `deconv4` does, `ShapeError` (KN216) for the bias, `ArgumentError` (KN316) for what cannot be called.

    >>> import numpy as np
    >>> deconv(np.array([[[1.0, 10.0]]]), np.ones((1, 1, 2)), bias=np.array([0.5])).tolist()
    [[[1.5, 11.5, 10.5]]]
    """
    check_layers("deconv", None, activation)
    y = deconv4(w, x, padding, stride, dilation, 1, alpha, groups, output_padding)
    if bias is not None:
        y = add_bias(y, bias)
    if activation is not None:
        y = activation(y)
    return y


def check_layers(op: str, normalization: Any, activation: Any) -> None:
    """Refuse what cannot be called.

    >>> check_layers("conv", None, abs)
    """
    for name, layer in (("normalization", normalization), ("activation", activation)):
        if layer is not None and not callable(layer):
            raise ArgumentError(
                "KN316",
                f"{op}: `{name}` is {layer!r}; expected a function, a callable object or None",
                help=f"pass the function itself, such as {name}=knetc.relu",
            )


nondifferentiable(check_layers)

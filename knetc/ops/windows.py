"""Options that convolution and pooling share, and the errors for the wrong ones: one number a spatial axis."""

from __future__ import annotations

from typing import Any

from knetc.errors import ArgumentError, ShapeError

Array = Any
Shape = tuple[int, ...]


def per_axis(op: str, name: str, value: Any, axes: int, least: int) -> Shape:
    """An option given as one int for all axes, or as a tuple or list of one a axis.

    >>> per_axis("pool", "window", 2, axes=2, least=1)
    (2, 2)
    """
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
    if len(values) == axes and all(_is_int(v) and v >= least for v in values):
        return tuple(int(v) for v in values)
    raise ArgumentError(
        "KN310",
        f"{op}: `{name}` is {value!r}; expected an int >= {least}, or a tuple of {axes} of them",
        help=f"pass {name}={max(least, 1)}, or one number for each of the {axes} spatial axes",
    )


def spatial(op: str, name: str, x: Array) -> Shape:
    """The spatial shape of a batch of images (N, C, *space) with 1, 2 or 3 spatial axes."""
    shape = tuple(getattr(x, "shape", ()))
    if 3 <= len(shape) <= 5:
        return shape[2:]
    raise ShapeError(
        "KN210",
        f"{op}: `{name}` has shape {shape}; expected 3 to 5 axes (N, C, *space)",
        help=f"add the missing axes: {name}.reshape(n, channels, height, width)",
    )


def _is_int(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)

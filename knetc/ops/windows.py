"""Options that convolution and pooling share, and the errors for the wrong ones: one number a spatial axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import ArgumentError, ShapeError

Array = Any
Shape = tuple[int, ...]
Borders = tuple[tuple[int, int], ...]


def per_axis(op: str, name: str, value: Any, axes: int, least: int) -> Shape:
    """An option given as one int for all axes, or as a tuple or list of one a axis.

    >>> per_axis("pool", "window", 2, axes=2, least=1)
    (2, 2)
    """
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
    if len(values) == axes and all(_is_at_least(v, least) for v in values):
        return tuple(int(v) for v in values)
    raise ArgumentError(
        "KN310",
        f"{op}: `{name}` is {value!r}; expected an int >= {least}, or a tuple of {axes} of them",
        help=f"pass {name}={max(least, 1)}, or one number for each of the {axes} spatial axes",
    )


def borders(op: str, value: Any, axes: int) -> Borders:
    """The padding (before, after) of each axis, given as one int for all, or for each axis as an int or a pair.

    >>> borders("zeropad", (1, (0, 2)), axes=2)
    ((1, 1), (0, 2))
    """
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
    pairs = [tuple(v) if isinstance(v, (tuple, list)) else (v, v) for v in values]
    if len(pairs) == axes and all(len(p) == 2 and all(_is_at_least(n, 0) for n in p) for p in pairs):
        return tuple((int(before), int(after)) for before, after in pairs)
    raise ArgumentError(
        "KN310",
        f"{op}: `padding` is {value!r}; expected an int >= 0, or a tuple of {axes}, each an int or a pair "
        "(before, after)",
        help=f"pass padding=1 for all sides, or padding={((0, 1),) * axes} for one after the end of each axis",
    )


def same(image: Shape, kernel: Shape, stride: Shape, dilation: Shape) -> Borders:
    """The padding with which a result has `ceil(image / stride)` elements; an odd one is longer at the end.

    >>> same((5, 6), (3, 2), (1, 2), (1, 1))
    ((1, 1), (0, 0))
    """
    pairs = []
    for n, k, s, d in zip(image, kernel, stride, dilation, strict=True):
        total = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
        pairs.append((total // 2, total - total // 2))
    return tuple(pairs)


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


def is_int(value: Any) -> bool:
    """Whether a value counts: an int of Python or numpy, but no bool."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_at_least(value: Any, least: int) -> bool:
    return is_int(value) and value >= least

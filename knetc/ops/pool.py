"""Pooling, with Knet's keywords: the maximum or the mean of windows of an image."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends.numpy import pool as kernels
from knetc.backends.numpy.pool import Window, Windows
from knetc.errors import ArgumentError, ShapeError
from knetc.ops.registry import rule, traceable
from knetc.ops.windows import per_axis, spatial

Array = Any
PerAxis = Any  # an int, or a tuple of one int a spatial axis

MAX, MEAN, MEAN_INSIDE, DETERMINISTIC_MAX = range(4)
OPS = {"max": MAX, "mean": MEAN}


@traceable
def pool(
    x: Array,
    window: PerAxis = 2,
    padding: PerAxis = 0,
    stride: PerAxis = None,
    mode: int | None = None,
    op: str | None = None,
    alpha: float = 1,
) -> Array:
    """Reduce every window of the images `x` to its maximum or mean, in 1, 2 or 3 spatial dimensions.

    Arguments:
        x: images, shape (N, C, *space).
        window: the size of a window; an int, or one per axis. A window larger than the image is cut to it, so that
            a very large one pools everything.
        padding: the border at both ends of each axis, narrower than a window; an int, or one per axis. Never the
            maximum; counted by mode 1 as zeros.
        stride: distance between neighbouring windows, by default their size: then they do not overlap.
        mode: 0 maximum, 1 mean including the padding, 2 mean without it, 3 the same as 0 (which is deterministic).
        op: another way to say mode 0 or 1: "max" or "mean".
        alpha: a factor for the result.

    Returns an array of shape (N, C, *result) with `result = (space + 2 * padding - window) // stride + 1`; a last
    window that is not whole is dropped. NaN in a window gives NaN. Of equal maxima the first gets the gradient.

    Raises `ShapeError` (KN210) for `x`, `ArgumentError` (KN310, KN313) for options.

    >>> import numpy as np
    >>> pool(np.arange(16.0).reshape(1, 1, 4, 4)).tolist()
    [[[[5.0, 7.0], [13.0, 15.0]]]]
    >>> pool(np.arange(4.0).reshape(1, 1, 4), window=3, stride=1, op="mean").tolist()
    [[[1.0, 2.0]]]
    """
    windows = windows_of("pool", x, window, padding, stride)
    kind = mode_of("pool", mode, op)
    y = _reduce(x, windows, kind)
    return y if alpha == 1 else y * alpha


@traceable
def poolx(
    x: Array,
    y: Array,
    dy: Array,
    window: PerAxis = 2,
    padding: PerAxis = 0,
    stride: PerAxis = None,
    mode: int | None = None,
    op: str | None = None,
    alpha: float = 1,
) -> Array:
    """The cotangent of `x` in `y = pool(x, ...)`, given that of `y`; options as for `pool`.

    >>> import numpy as np
    >>> x = np.array([[[3.0, 1.0, 2.0, 4.0]]])
    >>> poolx(x, pool(x), np.array([[[10.0, 20.0]]])).tolist()
    [[[10.0, 0.0, 0.0, 20.0]]]
    """
    windows = windows_of("poolx", x, window, padding, stride)
    kind = mode_of("poolx", mode, op)
    _check_result("poolx", dy, (*x.shape[:2], *(w.places for w in windows)))
    scaled = dy if alpha == 1 else dy * alpha
    if kind in (MAX, DETERMINISTIC_MAX):
        return kernels.max_pool_image(x, y if alpha == 1 else _reduce(x, windows, kind), scaled, windows)
    return kernels.mean_pool_image(scaled, windows, kind == MEAN)


@traceable
def pool_along(
    x: Array,
    v: Array,
    window: PerAxis = 2,
    padding: PerAxis = 0,
    stride: PerAxis = None,
    mode: int | None = None,
    op: str | None = None,
    alpha: float = 1,
) -> Array:
    """The change of `pool(x, ...)` when `x` moves along `v`: the linear map whose transpose is `poolx`.

    >>> import numpy as np
    >>> pool_along(np.array([[[3.0, 1.0, 2.0, 4.0]]]), np.array([[[0.1, 0.2, 0.3, 0.4]]])).tolist()
    [[[0.1, 0.4]]]
    """
    windows = windows_of("pool_along", x, window, padding, stride)
    kind = mode_of("pool_along", mode, op)
    maximum = kind in (MAX, DETERMINISTIC_MAX)
    change = kernels.max_pool_winners(x, v, windows) if maximum else _reduce(v, windows, kind)
    return change if alpha == 1 else change * alpha


def _reduce(x: Array, windows: Windows, kind: int) -> Array:
    if kind in (MAX, DETERMINISTIC_MAX):
        return kernels.max_pool(x, windows)
    return kernels.mean_pool(x, windows, kind == MEAN)


def windows_of(op: str, x: Array, window: PerAxis, padding: PerAxis, stride: PerAxis) -> Windows:
    """One window a spatial axis, all options checked."""
    space = spatial(op, "x", x)
    axes = len(space)
    sizes = per_axis(op, "window", window, axes, least=1)
    steps = sizes if stride is None else per_axis(op, "stride", stride, axes, least=1)
    borders = per_axis(op, "padding", padding, axes, least=0)
    if min(space) < 1:
        raise ShapeError(
            "KN210",
            f"{op}: `x` has shape {x.shape}; expected at least one element along every spatial axis",
            help="leave out the images that are empty",
        )
    for size, border in zip(sizes, borders, strict=True):
        if border >= size:
            raise ArgumentError(
                "KN310",
                f"{op}: `padding` is {padding!r}; expected less than the `window`, which is {window!r}",
                help=f"pass padding={size // 2}",
            )
    return tuple(
        Window(axis, length, min(size, length + 2 * border), step, border)
        for axis, (length, size, step, border) in enumerate(
            zip(space, sizes, steps, borders, strict=True), start=2
        )
    )


def mode_of(function: str, mode: int | None, op: str | None) -> int:
    """The mode, said in one of the two ways."""
    if op is None and mode in (None, *range(4)):
        return mode or MAX
    if mode is None and op in OPS:
        return OPS[op]
    raise ArgumentError(
        "KN313",
        f'{function}: `mode` is {mode!r} and `op` is {op!r}; expected one of them: mode 0 to 3, or op "max" or "mean"',
        help='pass mode=0 or op="max" for the maximum, mode=1 or op="mean" for the mean',
    )


def _check_result(op: str, dy: Array, shape: tuple[int, ...]) -> None:
    if dy.shape != shape:
        raise ShapeError(
            "KN213",
            f"{op}: `dy` has shape {dy.shape}; expected {shape}, the shape of the result of pool",
            help="pass the cotangent of the result, with the same options as for pool",
        )


rule(pool, x=lambda g, y, x, *args, **options: poolx(x, y, g, *args, **options))

# Which element wins a window does not change when they all move a little: nothing flows back into the places of maxima.
rule(
    poolx,
    x=lambda g, z, x, y, dy, *args, **options: np.zeros_like(x),
    y=lambda g, z, x, y, dy, *args, **options: np.zeros_like(y),
    dy=lambda g, z, x, y, dy, *args, **options: pool_along(x, g, *args, **options),
)
rule(
    pool_along,
    x=lambda g, z, x, v, *args, **options: np.zeros_like(x),
    v=lambda g, z, x, v, *args, **options: poolx(x, pool(x, *args, **options), g, *args, **options),
)

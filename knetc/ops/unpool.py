"""The way back from a pooled image to one that pools to it."""

from __future__ import annotations

import math
from typing import Any

from knetc.backends.numpy import pool as kernels
from knetc.backends.numpy.pool import Window
from knetc.errors import ArgumentError, ShapeError
from knetc.ops.pool import MEAN, MEAN_INSIDE, mode_of, pool
from knetc.ops.registry import linear, traceable
from knetc.ops.windows import per_axis, spatial

Array = Any
PerAxis = Any  # an int, or a tuple of one int a spatial axis


@traceable
def unpool(
    x: Array,
    window: PerAxis = 2,
    padding: PerAxis = 0,
    stride: PerAxis = None,
    mode: int = 0,
    alpha: float = 1,
) -> Array:
    """Copy every element of the images `x` to the whole of its window: `pool(unpool(x, ...), ...)` is `x`.

    Arguments:
        x: images, shape (N, C, *space), in 1, 2 or 3 spatial dimensions.
        window, padding, stride: of the pooling that this undoes; each an int, or one per axis.
        mode: that of the pooling, 0 to 3. What mode 1, the mean with the padding, takes for zeros outside the image
            is made up for by the elements inside.
        alpha: the factor of the pooling; the result is divided by it.

    Returns an array of shape (N, C, *result) with `result = (space - 1) * stride + window - 2 * padding`. Between
    windows that are further apart than their size stand zeros; where windows overlap, their elements add up, and
    the result does not pool to `x`.

    Raises `ShapeError` (KN210 for `x`, KN217 where the padding leaves nothing), `ArgumentError` (KN310, KN313, KN317)
    for options.

    >>> import numpy as np
    >>> unpool(np.array([[[1.0, 2.0]]])).tolist()
    [[[1.0, 1.0, 2.0, 2.0]]]
    >>> x = np.random.default_rng(0).normal(size=(2, 3, 4, 4))
    >>> np.array_equal(pool(unpool(x, window=3), window=3), x)
    True
    """
    windows = _windows(x, window, padding, stride)
    factor = _factor(alpha)
    y = kernels.fill_windows(x, windows, make_up=_transposed(mode) == MEAN_INSIDE)
    return y if factor == 1 else y / factor


@traceable
def fold_windows(
    y: Array,
    window: PerAxis = 2,
    padding: PerAxis = 0,
    stride: PerAxis = None,
    mode: int = 0,
    alpha: float = 1,
) -> Array:
    """The sums of the windows of `y`, weighed as `unpool` weighs its copies: the transpose of `unpool`.

    >>> import numpy as np
    >>> fold_windows(np.array([[[1.0, 2.0, 3.0, 4.0]]])).tolist()
    [[[3.0, 7.0]]]
    """
    sizes = per_axis("fold_windows", "window", window, len(spatial("fold_windows", "y", y)), least=1)
    return pool(y, window, padding, stride, mode=_transposed(mode), alpha=math.prod(sizes) / alpha)


def _windows(x: Array, window: PerAxis, padding: PerAxis, stride: PerAxis) -> tuple[Window, ...]:
    """One window a spatial axis of the result, all options checked."""
    places = spatial("unpool", "x", x)
    axes = len(places)
    sizes = per_axis("unpool", "window", window, axes, least=1)
    steps = sizes if stride is None else per_axis("unpool", "stride", stride, axes, least=1)
    pads = per_axis("unpool", "padding", padding, axes, least=0)
    if any(p >= n for p, n in zip(pads, sizes, strict=True)):
        raise ArgumentError(
            "KN310",
            f"unpool: `padding` is {padding!r}; expected less than the `window`, which is {window!r}",
            help="pass the padding of the pooling that this undoes",
        )
    each = zip(places, sizes, steps, pads, strict=True)
    lengths = tuple((n - 1) * s + size - 2 * p for n, size, s, p in each)
    if min(places) < 1 or min(lengths) < 1:
        raise ShapeError(
            "KN217",
            f"unpool: with `window`={window!r} and `padding`={padding!r} the result of images of {places} would have "
            f"the shape {lengths}",
            help="pass less padding, which unpooling takes away from its result",
        )
    return tuple(
        Window(axis, length, size, step, pad)
        for axis, (length, size, step, pad) in enumerate(
            zip(lengths, sizes, steps, pads, strict=True), start=2
        )
    )


def _transposed(mode: int) -> int:
    """The mode of pooling whose transpose unpools: mode 1, which counts the padding, needs larger copies."""
    return MEAN_INSIDE if mode_of("unpool", mode, None) == MEAN else MEAN


def _factor(alpha: float) -> float:
    if alpha == 0:
        raise ArgumentError(
            "KN317",
            f"unpool: `alpha` is {alpha!r}; expected the factor of a pooling that can be undone",
            help="pass the `alpha` of the pooling, which is 1 unless you said otherwise",
        )
    return alpha


linear(unpool, lambda g, x, *args, **options: fold_windows(g, *args, **options))
linear(fold_windows, lambda h, y, *args, **options: unpool(h, *args, **options))

"""Data go by in batches: `minibatch` cuts arrays into them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.rng import generator
from knetc.train.epochs import Epochs, checked_batchsize, order

Array = Any
Shape = tuple[int, ...]


class Minibatches(Epochs):
    """Batches of instances (the first axis) of arrays. Made by `minibatch`."""

    def __init__(
        self,
        arrays: tuple[Array, ...],
        batchsize: int,
        *,
        shuffle: bool,
        partial: bool,
        seed: int | None,
        dtypes: list[Any],
        shapes: list[Shape | None],
    ) -> None:
        super().__init__(len(arrays[0]), batchsize, shuffle, partial, seed)
        self.arrays = arrays
        self.dtypes = dtypes
        self.shapes = shapes

    def drawn(self, rng: np.random.Generator) -> list[Any]:
        """A slice for each batch, or with `shuffle` the indices of its instances."""
        spans = [slice(i, i + self.batchsize) for i in range(0, self.instances, self.batchsize)]
        if not self.shuffle:
            return spans
        instances = order(self.instances, self.shuffle, rng)
        return [instances[span] for span in spans]

    def batch(self, chosen: Any) -> Any:
        """A tuple of the instances of every array, or those of the only one."""
        parts = [
            _converted(_taken(array, chosen), dtype, shape)
            for array, dtype, shape in zip(self.arrays, self.dtypes, self.shapes, strict=True)
        ]
        return parts[0] if len(parts) == 1 else tuple(parts)

    def rand(self) -> Any:
        """A batch of instances that follow each other, from a random place on: a quick look at the data.

        It does not count as a step of the epoch.

        >>> batch = minibatch(np.arange(10), 3).rand()
        >>> np.diff(batch).tolist()
        [1, 1]
        """
        start = int(generator().integers(max(1, self.instances - self.batchsize + 1)))
        return self.batch(slice(start, start + self.batchsize))


def minibatch(
    *data: Any,
    batchsize: int | None = None,
    shuffle: bool = False,
    partial: bool = False,
    dtype: Any = None,
    shape: Any = None,
    seed: int | None = None,
) -> Minibatches:
    """Batches of `x`, or tuples of batches of several arrays: `minibatch(x, 100)`, `minibatch(x, y, 100)`.

    The first axis of every array is that of the instances. The result has a length and can be gone through
    again; its `rand()` gives a random batch.

    - `shuffle`: draw a new order for every epoch, determined by `seed` (by knetc's generator without one).
    - `partial`: keep a last batch that is smaller than `batchsize` (at least 1).
    - `dtype` and `shape`: convert the batches of the first array, and give each of its instances this shape,
      in which one size may be -1. A list has a dtype, or a shape, or None for each array.

    A batch that is neither shuffled nor converted is a view of the array. Raises `ArgumentError` (KN402) for
    an impossible batch size, `ShapeError` (KN403, KN404) for arrays that do not fit, and `ArgumentError`
    (KN438) for a seed that is none.

    >>> [batch.tolist() for batch in minibatch([1, 2, 3, 4, 5], 2, partial=True)]
    [[1, 2], [3, 4], [5]]
    >>> batches = minibatch(np.zeros((600, 784)), np.zeros(600), 100, shape=(1, 28, 28))
    >>> len(batches), [part.shape for part in batches.rand()]
    (6, [(100, 1, 28, 28), (100,)])
    """
    if batchsize is None and data and np.ndim(data[-1]) == 0:
        *arrays, batchsize = data
    else:
        arrays = list(data)
    arrays = [_array(values, i) for i, values in enumerate(arrays)]
    _check_lengths(arrays)
    size = checked_batchsize(batchsize, len(arrays[0]), partial)
    dtypes, shapes = (
        _for_each(option, len(arrays), name) for option, name in ((dtype, "dtype"), (shape, "shape"))
    )
    for i, array in enumerate(arrays):
        _check_shape(array, shapes[i], i)
    return Minibatches(
        tuple(arrays), size, shuffle=shuffle, partial=partial, seed=seed, dtypes=dtypes, shapes=shapes
    )


def _array(values: Any, i: int) -> Array:
    """Lists become arrays; arrays of any library stay what they are."""
    try:
        return np.asarray(values) if isinstance(values, (list, tuple)) else values
    except ValueError as error:
        raise ShapeError(
            "KN403",
            f"{_name(i)} is a list of different lengths",
            help="buckets(x, y, 100) batches such lists",
        ) from error


def _check_lengths(arrays: list[Array]) -> None:
    if not arrays:
        raise ShapeError("KN403", "there is no array", help="minibatch(x, y, 100)")
    for i, array in enumerate(arrays):
        if np.ndim(array) == 0:
            raise ShapeError(
                "KN403",
                f"{_name(i)} is a scalar; expected an array of instances",
                help="minibatch(x, y, 100)",
            )
        if len(array) != len(arrays[0]):
            raise ShapeError(
                "KN403",
                f"`x` has {len(arrays[0])} instances and {_name(i)} has {len(array)}",
                help="the first axis of both is that of the instances; transpose the one where it is not",
            )
    if len(arrays[0]) == 0:
        raise ShapeError("KN403", "`x` has no instances", help="check what the data were read from")


def _for_each(option: Any, n: int, name: str) -> list[Any]:
    """An option for each array: a list as it is, anything else for the first array."""
    options = option if isinstance(option, list) else [option] + [None] * (n - 1)
    if len(options) != n:
        raise ArgumentError(
            "KN404", f"`{name}` has {len(options)} entries for {n} arrays", help="give one for each, or None"
        )
    return options


def _check_shape(array: Array, shape: Shape | None, i: int) -> None:
    if shape is None:
        return
    size, known = math.prod(array.shape[1:]), math.prod(n for n in shape if n != -1)
    free = shape.count(-1)
    fits = known == size if free == 0 else free == 1 and known > 0 and size % known == 0
    if not fits:
        raise ShapeError(
            "KN404",
            f"`shape` is {shape}, but an instance of {_name(i)} has the shape {array.shape[1:]}",
            help="give the shape of one instance, as in shape=(1, 28, 28)",
        )


def _name(i: int) -> str:
    return f"`{'xyz'[i]}`" if i < 3 else f"array {i}"


def _taken(array: Array, chosen: Any) -> Array:
    return array[chosen if isinstance(chosen, slice) else array_module(array).asarray(chosen)]


def _converted(batch: Array, dtype: Any, shape: Shape | None) -> Array:
    batch = batch if dtype is None else batch.astype(dtype, copy=False)
    return batch if shape is None else batch.reshape(len(batch), *shape)

"""Data go by in batches: `minibatch` cuts arrays into them, `ncycle` goes over them several times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar, cast

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.rng import generator
from knetc.train.position import Around, skipping

Array = Any


@dataclass
class Minibatches:
    """Batches of instances (the first axis) of `x`, or of `x` and `y`. Made by `minibatch`."""

    x: Array
    y: Array | None
    batchsize: int
    shuffle: bool
    partial: bool
    seed: int
    epoch: int = field(default=0, init=False)

    def __len__(self) -> int:
        whole, rest = divmod(len(self.x), self.batchsize)
        return whole + bool(rest and self.partial)

    def __iter__(self) -> Iterator[Any]:
        return self.skipping(0)

    def skipping(self, n: int) -> Iterator[Any]:
        """The batches of an epoch after the first `n`."""
        order = self._order()
        self.epoch += 1
        for start in range(n * self.batchsize, len(self) * self.batchsize, self.batchsize):
            span = slice(start, start + self.batchsize)
            chosen = span if order is None else order[span]
            yield self.x[chosen] if self.y is None else (self.x[chosen], self.y[chosen])

    def place(self) -> dict[str, Any]:
        """How many instances there are, how they are divided, and what the order of the next epoch follows from."""
        split = {"batchsize": self.batchsize, "shuffle": self.shuffle, "partial": self.partial}
        return {"instances": len(self.x), **split, "seed": self.seed, "epoch": self.epoch}

    def restore(self, saved: Any) -> None:
        """Go through the epochs that come after this place. Raises `ArgumentError` (KN424) for other data."""
        own, free = self.place(), {"seed", "epoch"}
        if not isinstance(saved, dict) or saved.keys() != own.keys():
            raise _other_data("minibatches", "data of another kind")
        for name in own.keys() - free:
            if own[name] != saved[name]:
                raise _other_data(f"{name}={own[name]}", f"{name}={saved[name]}")
        self.seed, self.epoch = saved["seed"], saved["epoch"]

    def _order(self) -> Array | None:
        """The permutation of this epoch: another one in every epoch, the same ones under the same seed."""
        if not self.shuffle:
            return None
        order = np.random.default_rng((self.seed, self.epoch)).permutation(len(self.x))
        return array_module(self.x).asarray(order)


def minibatch(
    x: Array,
    y: Array | int | None = None,
    batchsize: int | None = None,
    *,
    shuffle: bool = False,
    partial: bool = False,
    dtype: Any = None,
    shape: tuple[int, ...] | None = None,
    seed: int | None = None,
) -> Minibatches:
    """Batches of `x`, or pairs of batches of `x` and `y`: `minibatch(x, y, 100)` or `minibatch(x, 100)`.

    The first axis of `x` and `y` is that of the instances. The result has a length and can be gone
    through again.

    - `shuffle`: draw a new order for every epoch, determined by `seed` (by knetc's generator without one).
    - `partial`: keep a last batch that is smaller than `batchsize` (at least 1).
    - `dtype` and `shape`: convert `x`, and give each of its instances this shape.

    Raises `ArgumentError` (KN402) for an impossible batch size and `ShapeError` (KN403, KN404) for arrays
    that do not fit.

    >>> [batch.tolist() for batch in minibatch([1, 2, 3, 4, 5], 2, partial=True)]
    [[1, 2], [3, 4], [5]]
    >>> len(minibatch(np.zeros((60000, 784)), np.zeros(60000), 100, shape=(1, 28, 28)))
    600
    """
    if batchsize is None and isinstance(y, int):
        y, batchsize = None, y
    x, y = _array(x), _array(y)
    _check_lengths(x, y)
    _check_batchsize(batchsize, len(x), partial)
    if dtype is not None:
        x = x.astype(dtype, copy=False)
    if shape is not None:
        x = _reshaped(x, shape)
    if seed is None:
        seed = int(generator().integers(2**32)) if shuffle else 0
    return Minibatches(x, y, int(batchsize or 0), shuffle, partial, seed)


@dataclass(frozen=True)
class Cycle(Around):
    """`data`, `n` times over. Made by `ncycle`."""

    within: ClassVar[str] = "data"

    data: Iterable[Any]
    n: int

    def __len__(self) -> int:
        return self.n * len(cast(Sized, self.data))

    def __iter__(self) -> Iterator[Any]:
        return self.skipping(0)

    def skipping(self, n: int) -> Iterator[Any]:
        """The rest after `n` items. Passes that are skipped are begun and ended, so that what follows is the same."""
        if n and not isinstance(self.data, Sized):
            yield from islice(self.skipping(0), n, None)
            return
        for _ in range(self.n):
            passed = min(n, len(cast(Sized, self.data))) if n else 0
            yield from skipping(self.data, passed)
            n -= passed


def ncycle(data: Iterable[Any], n: int) -> Cycle:
    """Go through `data` `n` times, lazily.

    Raises `ArgumentError` (KN405) if `n` is negative or if `data` is an iterator, which is empty after one
    pass.

    >>> list(ncycle([1, 2], 3))
    [1, 2, 1, 2, 1, 2]
    """
    if iter(data) is data:
        raise ArgumentError(
            "KN405",
            f"`data` is a {type(data).__name__}, which is empty after one pass",
            help="pass a list, or the result of minibatch",
        )
    if n < 0:
        raise ArgumentError("KN405", f"`n` is {n}; expected 0 or more passes", help="ncycle(data, 3)")
    return Cycle(data, n)


def _other_data(here: str, there: str) -> ArgumentError:
    return ArgumentError(
        "KN424",
        f"the data have {here}, those of the checkpoint {there}",
        help="go on with the same data, or start anew in another folder",
    )


def _array(values: Any) -> Any:
    """Lists become arrays; arrays of any library stay what they are."""
    return np.asarray(values) if isinstance(values, (list, tuple)) else values


def _check_lengths(x: Array, y: Array | None) -> None:
    if np.ndim(x) == 0:
        raise ShapeError(
            "KN403", "`x` is a scalar; expected an array of instances", help="minibatch(x, y, 100)"
        )
    if y is not None and len(x) != len(y):
        raise ShapeError(
            "KN403",
            f"`x` has {len(x)} instances and `y` has {len(y)}",
            help="the first axis of both is that of the instances; transpose the one where it is not",
        )


def _check_batchsize(batchsize: int | None, instances: int, partial: bool) -> None:
    if batchsize is None or batchsize < 1 or (batchsize > instances and not partial):
        raise ArgumentError(
            "KN402",
            f"`batchsize` is {batchsize}; expected 1 to {instances}, the number of instances",
            help="minibatch(x, y, 100), with partial=True to keep a batch that is not full",
        )


def _reshaped(x: Array, shape: tuple[int, ...]) -> Array:
    try:
        return x.reshape(len(x), *shape)
    except ValueError as error:
        raise ShapeError(
            "KN404",
            f"`shape` is {shape}, but an instance of `x` has the shape {x.shape[1:]}",
            help="give the shape of one instance, as in shape=(1, 28, 28)",
        ) from error

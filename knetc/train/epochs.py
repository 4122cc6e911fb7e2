"""Data that are divided into batches anew for every epoch, and how they go on after a run that was cut off."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.runtime.rng import generator

Array = Any


class Epochs(ABC):
    """Batches that are drawn anew for every epoch: `minibatch` and `buckets` return such.

    Each `for` begins the next epoch; `epoch` is how many have begun. The batches of an epoch depend on `seed`
    and its number alone. For `place`, `restore` and `skipping` see `position.py`.
    """

    def __init__(
        self, instances: int, batchsize: int, shuffle: bool, partial: bool, seed: int | None
    ) -> None:
        self.instances = instances
        self.batchsize = batchsize
        self.shuffle = shuffle
        self.partial = partial
        self.seed = _seed(seed, shuffle)
        self.epoch = 0

    def __len__(self) -> int:
        whole, rest = divmod(self.instances, self.batchsize)
        return whole + bool(rest and self.partial)

    def __iter__(self) -> Iterator[Any]:
        return self.skipping(0)

    def skipping(self, n: int) -> Iterator[Any]:
        """The batches of an epoch after the first `n`."""
        batches = self.drawn(np.random.default_rng((self.seed, self.epoch)))
        self.epoch += 1
        for chosen in batches[n : len(self)]:
            yield self.batch(chosen)

    @abstractmethod
    def drawn(self, rng: np.random.Generator) -> list[Any]:
        """The instances of each batch of an epoch: indices, or a slice."""

    @abstractmethod
    def batch(self, chosen: Any) -> Any:
        """The batch of these instances."""

    def place(self) -> dict[str, Any]:
        """How many instances there are, how they are divided, and what the order of the next epoch follows from."""
        names = ("instances", "batchsize", "shuffle", "partial", "seed", "epoch")
        return {name: getattr(self, name) for name in names}

    def restore(self, saved: Any) -> None:
        """Go through the epochs that come after this place. Raises `ArgumentError` (KN424) for other data."""
        own, free = self.place(), {"seed", "epoch"}
        if not isinstance(saved, dict) or saved.keys() != own.keys():
            raise _other_data(f"{type(self).__name__.lower()}", "data of another kind")
        for name in own.keys() - free:
            if own[name] != saved[name]:
                raise _other_data(f"{name}={own[name]}", f"{name}={saved[name]}")
        self.seed, self.epoch = saved["seed"], saved["epoch"]


def order(instances: int, shuffle: bool, rng: np.random.Generator) -> Array:
    """The instances in the order of an epoch.

    >>> order(3, False, np.random.default_rng(0)).tolist()
    [0, 1, 2]
    """
    return rng.permutation(instances) if shuffle else np.arange(instances)


def checked_batchsize(batchsize: Any, instances: int, partial: bool) -> int:
    """The batch size as an int. Raises `ArgumentError` (KN402) unless it is one from 1 to all instances.

    >>> checked_batchsize(np.int64(2), 5, partial=False)
    2
    """
    whole = isinstance(batchsize, (int, np.integer)) and not isinstance(batchsize, bool)
    if not whole or batchsize < 1 or (batchsize > instances and not partial):
        raise ArgumentError(
            "KN402",
            f"`batchsize` is {batchsize}; expected 1 to {instances}, the number of instances",
            help="minibatch(x, y, 100), with partial=True to keep a batch that is not full",
        )
    return int(batchsize)


def _other_data(here: str, there: str) -> ArgumentError:
    return ArgumentError(
        "KN424",
        f"the data have {here}, those of the checkpoint {there}",
        help="go on with the same data, or start anew in another folder",
    )


def _seed(seed: int | None, shuffle: bool) -> int:
    if seed is None:
        return int(generator().integers(2**32)) if shuffle else 0
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ArgumentError("KN438", f"`seed` is {seed}; expected an int of at least 0", help="seed=1")
    return int(seed)

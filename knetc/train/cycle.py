"""`ncycle` goes over data several times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, cast

import numpy as np

from knetc.errors import ArgumentError
from knetc.train.position import Around, place, restore, skipping


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
        length = _length(self.data)
        if n and length is None:
            yield from islice(self.skipping(0), n, None)
            return
        after: Any = None
        for i in range(self.n):
            passed = min(n, length or 0)
            n -= passed
            if i:  # somebody else may have gone through the data since, and moved them on
                restore(self.data, after)
            items = skipping(self.data, passed)
            first = list(islice(items, 1))  # with which the pass has begun
            after = place(self.data)
            yield from first
            yield from items


def ncycle(data: Iterable[Any], n: int) -> Cycle:
    """Go through `data` `n` times, lazily. What `minibatch` shuffles comes in another order each time.

    Raises `ArgumentError` (KN405) if `n` is negative or no int, or if `data` is an iterator, which is empty after one
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
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 0:
        raise ArgumentError("KN405", f"`n` is {n}; expected 0 or more passes", help="ncycle(data, 3)")
    return Cycle(data, n)


def _length(data: Iterable[Any]) -> int | None:
    """How many items there are; None where that is not known, also not to what stands within."""
    try:
        return len(cast(Sized, data))
    except TypeError:
        return None

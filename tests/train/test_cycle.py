from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.prefetch import prefetch


def test_ncycle_repeats_lazily_and_has_a_length():
    batches = minibatch(np.arange(6), 2)
    cycle = ncycle(batches, 3)
    assert len(cycle) == 9
    assert batches.epoch == 0
    assert [x.tolist() for x in cycle] == [[0, 1], [2, 3], [4, 5]] * 3


def test_a_cycle_can_be_gone_through_again():
    cycle = ncycle([1, 2], 2)
    next(iter(cycle))
    assert list(cycle) == list(cycle) == [1, 2, 1, 2]


class Unsized:
    """Data of the user's own, whose length nobody knows."""

    def __iter__(self):
        return iter([1, 2, 3])


@pytest.mark.parametrize("n", range(8))
@pytest.mark.parametrize(
    "data", [[1, 2, 3], prefetch([1, 2, 3]), Unsized(), prefetch(Unsized()), ncycle(Unsized(), 1)]
)
def test_the_first_items_can_be_skipped(n, data):
    assert list(ncycle(data, 2).skipping(n)) == [1, 2, 3, 1, 2, 3][n:]


def test_ncycle_of_an_iterator_is_refused():
    with pytest.raises(ArgumentError, match="KN405 `data` is a generator, which is empty after one pass"):
        ncycle((i for i in range(3)), 2)


def test_ncycle_wants_a_number_of_passes():
    assert list(ncycle([1], 0)) == []
    assert list(ncycle([1], np.int64(2))) == [1, 1]
    for n in (-1, 1.5, True, None):
        with pytest.raises(ArgumentError, match=f"KN405 `n` is {n}; expected 0 or more passes"):
            ncycle([1], n)

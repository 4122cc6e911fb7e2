from __future__ import annotations

import numpy as np
import pytest

from knetc.runtime.scatter import scatter_add

INDICES = [
    1, -1, slice(1, None), (0, 2), (slice(None), 1), ..., None, [0, 1, 1], np.array([2, 2]), np.array(1),
    (np.array([0, 0]), np.array([1, 1])), (slice(None), [0, 0]), np.arange(12).reshape(3, 4) % 2 == 0,
    (np.array([True, False, True]), [1, 1]), (np.int64(1), 2), np.array([], int),
]  # fmt: skip


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_it_is_the_transpose_of_indexing(index):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    read = x[index]
    g = rng.normal(size=read.shape)
    bar = scatter_add(np.zeros_like(x), index, g)
    assert np.sum(bar * x) == pytest.approx(np.sum(read * g), abs=1e-12)


def test_it_adds_to_what_is_there_and_returns_it():
    buffer = np.ones(3)
    assert scatter_add(buffer, [0, 0], 2.0) is buffer
    assert buffer.tolist() == [5, 1, 1]

"""Calls of the ops for embeddings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from knetc.ops.embed import embed, unembed
from tests.ops.checker import Case, case

rng = np.random.default_rng(24)
IDS = [
    np.array([2, 0, 2, 4]),
    np.array([[1, 1], [1, 3]], np.uint8),
    np.array(3),
    np.zeros((2, 0), int),
    1,
    [4, 4],
]


def embeddings() -> Iterator[Case]:
    for ids in IDS:
        yield case(embed, rng.normal(size=(5, 3)), ids)
        yield case(unembed, rng.normal(size=(*np.shape(ids), 3)), (5, 3), ids)
    yield case(embed, rng.normal(size=(1, 1)), np.array([0, 0, 0]))
    yield case(embed, np.zeros((3, 0)), np.array([1, 1]))

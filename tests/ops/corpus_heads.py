"""Calls of the operations that part sequences into heads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from knetc.ops.heads import join_heads, split_heads
from tests.ops.checker import Case, case

rng = np.random.default_rng(0)


def heads() -> Iterator[Case]:
    for shape, parts in [((3, 4), 2), ((2, 3, 6), 3), ((2, 2, 1, 4), 4), ((2, 3, 5), 1), ((0, 3, 4), 2)]:
        yield case(split_heads, rng.uniform(-2, 2, shape), parts)
    for shape in [(2, 3, 4), (2, 3, 1, 4), (1, 3, 4), (2, 2, 0, 4)]:
        yield case(join_heads, rng.uniform(-2, 2, shape))

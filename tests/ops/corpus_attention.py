"""Calls of the ops for attention and positions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc.ops.attention import attention, attention_weights
from knetc.ops.position import rotary, unrotary
from tests.ops.checker import Case, case

rng = np.random.default_rng(25)
SHAPES = [
    # q, k, v
    ((3, 4), (5, 4), (5, 2)),
    ((2, 3, 4), (2, 3, 4), (2, 3, 4)),
    ((2, 2, 3, 1), (2, 2, 5, 1), (2, 2, 5, 3)),
    ((2, 2, 3, 2), (2, 1, 4, 2), (4, 3)),
    ((1, 2), (1, 2), (3, 1, 2)),
    ((3, 2), (1, 2), (1, 2)),
    ((2, 0, 3), (2, 4, 3), (2, 4, 2)),
    ((2, 3), (0, 3), (0, 4)),
    ((2, 0), (3, 0), (3, 2)),
]


def some(*shape: int) -> Any:
    return rng.normal(size=shape)


def attentions() -> Iterator[Case]:
    for q, k, v in SHAPES:
        yield case(attention, some(*q), some(*k), some(*v))
        yield case(attention, some(*q), some(*k), some(*v), mask=rng.random((q[-2], k[-2])) < 0.6, scale=1.7)
    q, k, v = some(2, 2, 3, 4), some(2, 2, 3, 4), some(2, 2, 3, 5)
    keys = np.array([[True, True, False], [False, False, False]])
    yield case(attention, q, k, v, causal=True)
    yield case(attention, q, k, v, causal=True, mask=keys[:, None, None, :])
    yield case(attention, q, k, v, mask=np.array([[False], [True], [True]]), scale=-0.3)
    for seen in (None, rng.random((3, 4)) < 0.5, np.zeros((1, 4), bool), np.array(True)):
        yield case(attention_weights, some(2, 3, 2), some(4, 2), seen, 0.7, constant=(3,))
    yield case(attention_weights, some(2, 3), some(0, 3), None, -1.3, constant=(3,))


def rotations() -> Iterator[Case]:
    for function in (rotary, unrotary):
        for shape in ((3, 4), (2, 3, 2), (2, 1, 5, 6), (0, 2), (2, 0)):
            yield case(function, some(*shape))
        yield case(function, some(4, 6), base=10.0, start=7)

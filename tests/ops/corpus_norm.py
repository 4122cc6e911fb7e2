"""Calls of normalisations, none with a scale of 1 or a bias of 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc import ops
from knetc.backends.numpy.norm import Statistics
from knetc.ops.normalise import normalise_along, normalise_back
from tests.ops.checker import Case, case

rng = np.random.default_rng(5)
EPS = 0.1  # large enough to be noticed


def some(*shape: int, low: float = -2.0, high: float = 2.0) -> Any:
    return rng.uniform(low, high, shape)


def norms() -> Iterator[Case]:
    yield from batches()
    for axis, lengths in ((-1, (4,)), (1, (3,)), ((0, 2), (2, 4)), (None, (2, 3, 4))):
        x, scale, bias = some(2, 3, 4), some(*lengths), some(*lengths)
        yield case(ops.layernorm, x, scale, bias, axis=axis, eps=EPS)
        yield case(ops.rmsnorm, x, scale, axis=axis, eps=EPS)
    yield case(ops.layernorm, some(2, 3))
    yield case(ops.layernorm, some(2, 3), some(3))
    yield case(ops.layernorm, some(2, 3), None, some(3))
    yield case(ops.layernorm, some(0, 3), some(3), some(3))
    yield case(ops.rmsnorm, some(4))
    yield case(ops.rmsnorm, some(3, 1), some(1))
    for groups in (1, 2, 4):
        yield case(ops.groupnorm, some(2, 4, 3, 2), groups, some(4), some(4), eps=EPS)
    yield case(ops.groupnorm, some(2, 4), 2, some(4), some(4))
    yield case(ops.groupnorm, some(2, 4, 3), 2)


def batches() -> Iterator[Case]:
    for shape in ((5, 3), (4, 3, 2), (2, 3, 2, 4), (2, 3, 2, 2, 2), (3, 1, 4)):
        params, mean, var = some(2 * shape[1]), some(shape[1]), some(shape[1], low=0.5)
        known = ops.BatchNormMoments(0.3, mean, var)
        yield case(ops.batchnorm, some(*shape), None, params, training=True, eps=EPS)
        yield case(ops.batchnorm, some(*shape), known, params, training=False, eps=EPS)
        yield case(ops.batchnorm, some(*shape), None, params.reshape(2, -1), training=True)
    yield case(ops.batchnorm, some(5, 3), None, (some(3), some(3)), training=True)
    yield case(ops.batchnorm, some(5, 3), None, None, training=True)
    yield case(ops.batchnorm, some(5, 3), ops.BatchNormMoments(), None, training=False)
    yield case(ops.batchnorm, some(0, 3), ops.BatchNormMoments(), some(6), training=False)


def derivatives() -> Iterator[Case]:
    """The ops that the derivatives are made of, which have derivatives in turn."""
    for scale, axes, options in (
        (some(1, 3, 1), (0, 2), {"eps": EPS}),
        (some(1, 3, 1), (0, 2), {"eps": EPS, "centred": False}),
        (some(1, 1, 2), (2,), {"eps": EPS}),
        (some(1, 3, 2), (1, 2), {"eps": EPS, "centred": False}),
        (some(1, 3, 2), (2,), {"eps": EPS}),
        (some(1, 3, 1), (), {"known": Statistics(0.3, 1.7, ())}),
        (None, (0, 2), {"eps": EPS}),
    ):
        g, x = some(4, 3, 2), some(4, 3, 2)
        yield case(normalise_back, g, x, scale, axes, **options)
        moves = (
            some(4, 3, 2),
            *((None, None) if scale is None else (some(*scale.shape), some(*scale.shape))),
        )
        yield case(normalise_along, *moves, x, scale, axes, constant=(3, 4), **options)

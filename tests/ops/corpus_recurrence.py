"""Calls of the recurrent layer: every type, with and against time, of equal and of different lengths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc.ops.recurrence import recurrence
from knetc.ops.rnn_arguments import GATES
from tests.ops.checker import Case, case

rng = np.random.default_rng(1)
SIZE, WIDTH = 3, 2
LENGTHS = [
    # shape of x less the last axis, batch sizes
    ((3, 2), None),
    ((1, 1), None),
    ((6,), (3, 2, 1)),
    ((7,), [4, 1, 1, 1]),
]


def some(*shape: int) -> Any:
    return rng.uniform(-1.5, 1.5, shape)


def recurrences() -> Iterator[Case]:
    for rnn_type, gates in GATES.items():
        rows = gates * SIZE
        for shape, sizes in LENGTHS:
            batch = shape[1] if sizes is None else sizes[0]
            h, c = some(batch, SIZE), some(batch, SIZE) if rnn_type == "lstm" else None
            weights = some(rows, WIDTH), some(rows, SIZE), some(rows), some(rows)
            options = {"rnn_type": rnn_type, "batch_sizes": sizes}
            yield case(recurrence, some(*shape, WIDTH), *weights, h, c, **options)
            yield case(recurrence, some(*shape, WIDTH), *weights, h, c, reverse=True, **options)
            yield case(recurrence, some(*shape, SIZE), None, *weights[1:], h, c, reverse=True, **options)
            yield case(recurrence, some(*shape, WIDTH), *weights, None, None, **options)

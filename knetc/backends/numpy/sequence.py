"""Sequences of different lengths, packed: the rows of all of them at step 0, then those at step 1, and so on.

Longer sequences come first, so that the sequences which are still running at step t are the first `sizes[t]`. The
states of all sequences then stay in one array of which every step works on the first few rows, in either direction of
time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Array = Any


@dataclass(frozen=True)
class Steps:
    """How many sequences run at each step, and in which direction of time they are read."""

    sizes: tuple[int, ...]
    reverse: bool = False

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """The first row of each step, and the end of the last."""
        return (0, *itertools.accumulate(self.sizes))

    @property
    def order(self) -> range:
        """The steps in the order in which they are taken."""
        steps = range(len(self.sizes))
        return steps[::-1] if self.reverse else steps

    def rows(self, step: int) -> slice:
        """Where the rows of a step lie."""
        return slice(self.offsets[step], self.offsets[step + 1])

    def blocks(self, limit: int, *, back: bool = False) -> Iterator[range]:
        """All steps in the order in which they are taken (`back`: the other one), in runs of at most `limit` rows.

        A step with more rows is a run of its own.
        """
        order = self.order[::-1] if back else self.order
        first = rows = 0
        for i, step in enumerate(order):
            if i > first and rows + self.sizes[step] > limit:
                yield order[first:i]
                first, rows = i, 0
            rows += self.sizes[step]
        yield order[first:]

    def span(self, block: range) -> slice:
        """Where the rows of a run of steps lie."""
        return slice(self.offsets[min(block)], self.offsets[max(block) + 1])

    def before(self, step: int, states: Array, first: Array, out: Array) -> None:
        """Write the states before a step, given the packed states after all steps and those before the first."""
        last = step + 1 if self.reverse else step - 1
        running = min(self.sizes[last], len(out)) if 0 <= last < len(self.sizes) else 0
        if running:
            start = self.offsets[last]
            out[:running] = states[start : start + running]
        out[running:] = first[running : len(out)]

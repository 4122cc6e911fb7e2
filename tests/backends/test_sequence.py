from __future__ import annotations

import numpy as np
import pytest

from knetc.backends.numpy.sequence import Steps

SIZES = (4, 3, 3, 1)


def test_rows_lie_step_by_step():
    assert [Steps(SIZES).rows(t) for t in range(4)] == [slice(0, 4), slice(4, 7), slice(7, 10), slice(10, 11)]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("limit", [1, 6, 7, 100])
def test_blocks_are_all_steps_in_order_and_no_larger_than_the_limit(reverse, limit):
    steps = Steps(SIZES, reverse)
    for back in (False, True):
        blocks = list(steps.blocks(limit, back=back))
        order = [t for block in blocks for t in block]

        assert order == list(steps.order)[:: -1 if back else 1]
        for block in blocks:
            rows = steps.span(block)
            assert rows.stop - rows.start == sum(SIZES[t] for t in block)
            assert rows.stop - rows.start <= limit or len(block) == 1


def test_states_before_a_step_are_those_after_the_last_one_or_the_first():
    states = np.arange(11.0)[:, None]
    first = -np.arange(1.0, 5.0)[:, None]

    def before(t, reverse):
        out = np.zeros((SIZES[t], 1))
        Steps(SIZES, reverse).before(t, states, first, out)
        return out.ravel().tolist()

    assert before(0, reverse=False) == [-1, -2, -3, -4]
    assert before(1, reverse=False) == [0, 1, 2]
    assert before(3, reverse=False) == [7]
    assert before(3, reverse=True) == [-1]
    assert before(2, reverse=True) == [10, -2, -3]
    assert before(0, reverse=True) == [4, 5, 6, -4]

from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops import accuracy, nll, zeroone

SCORES = np.random.default_rng(0).normal(size=(5, 3))
LABELS = np.argmax(SCORES, axis=1)
LABELS[1] = (LABELS[1] + 1) % 3


def test_zeroone_is_the_rest():
    assert accuracy(SCORES, LABELS) == 0.8
    assert zeroone(SCORES, LABELS) == 0.2
    assert zeroone(SCORES, LABELS, average=False) == (1, 5)


def test_masked_instances_are_neither_right_nor_wrong():
    masked = np.where(np.arange(5) < 3, LABELS, -1)
    assert zeroone(SCORES, masked, average=False) == (1, 3)
    assert zeroone(SCORES, np.where(masked < 0, 9, masked), ignore_index=9) == 1 / 3


def test_classes_may_lie_along_any_axis():
    assert zeroone(SCORES.T, LABELS, axis=0) == 0.2


def test_a_model_is_measured_over_all_batches_together():
    batches = [(SCORES[:2], LABELS[:2]), (SCORES[2:], LABELS[2:])]
    assert zeroone(lambda x: x, data=batches) == 0.2
    assert zeroone(lambda x: x, data=batches, average=False) == (1, 5)


def test_all_but_the_last_item_of_a_batch_go_to_the_model():
    batches = [(SCORES[:2], 2.0, LABELS[:2]), (SCORES[2:], 3.0, LABELS[2:])]
    assert accuracy(lambda x, factor: factor * x, data=batches) == 0.8
    plain = [(factor * x, y) for x, factor, y in batches]
    assert nll(lambda x, factor: factor * x, data=batches) == nll(lambda x: x, data=plain)


class TestBadInput:
    def test_messages_name_the_function(self):
        with pytest.raises(ShapeError, match="KN214 zeroone: `labels` has 2 elements"):
            zeroone(SCORES, [0, 1])
        with pytest.raises(ArgumentError, match="KN320 zeroone: `labels` contains 3; expected 0 to 2"):
            zeroone(SCORES, [0, 1, 3, 1, 1])
        with pytest.raises(DtypeError, match="KN340 zeroone: `labels` has dtype float64"):
            zeroone(SCORES, LABELS * 1.0)
        with pytest.raises(ArgumentError, match="KN321 zeroone: all instances are masked"):
            zeroone(SCORES, [-1] * 5)
        with pytest.raises(ArgumentError, match="KN322 zeroone: the first argument is a model"):
            zeroone(lambda x: x, LABELS)

    def test_an_empty_batch_has_no_average(self):
        for f in (accuracy, zeroone, nll):
            with pytest.raises(ArgumentError, match=f"KN321 {f.__name__}: .* there are none"):
                f(np.zeros((0, 3)), [])
            assert f(np.zeros((0, 3)), [], average=False) == (0, 0)

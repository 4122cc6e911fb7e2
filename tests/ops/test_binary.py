from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops import bce, logistic, nll
from knetc.ops.binary import bcex
from tests.ops.checker import case, cotangents

rng = np.random.default_rng(0)
SCORES = rng.normal(size=6)
LABELS = np.array([0, 1, 1, 0, 1, 0])
WEIGHT = rng.uniform(0.5, 2.0, 6)
P = 1 / (1 + np.exp(-SCORES))
LOSSES = -np.log(np.where(LABELS == 1, P, 1 - P))


def test_both_are_the_mean_negative_log_probability():
    assert bce(SCORES, LABELS) == pytest.approx(LOSSES.mean(), rel=1e-12)
    assert logistic(SCORES, 2 * LABELS - 1) == pytest.approx(LOSSES.mean(), rel=1e-12)
    both = np.stack([np.zeros(6), SCORES], axis=1)
    assert bce(SCORES, LABELS) == pytest.approx(nll(both, LABELS), rel=1e-12)


def test_without_average_total_and_count_are_returned():
    for total, count in (bce(SCORES, LABELS, average=False), logistic(SCORES, 2 * LABELS - 1, average=False)):
        assert total == pytest.approx(LOSSES.sum(), rel=1e-12)
        assert count == 6
        assert isinstance(count, int)


def test_weights_count_the_instances():
    total, count = bce(SCORES, LABELS, average=False, weight=WEIGHT)
    assert total == pytest.approx((LOSSES * WEIGHT).sum(), rel=1e-12)
    assert count == pytest.approx(WEIGHT.sum(), rel=1e-12)
    assert bce(SCORES, LABELS, weight=WEIGHT) == pytest.approx(total / count, rel=1e-12)
    used = np.arange(6) < 4
    assert logistic(SCORES, 2 * LABELS - 1, weight=used) == pytest.approx(LOSSES[:4].mean(), rel=1e-12)


def test_labels_of_any_kind_mean_the_same():
    for labels in (LABELS.tolist(), LABELS == 1, LABELS.astype(np.uint8), LABELS.astype(np.float32)):
        assert bce(SCORES, labels) == bce(SCORES, LABELS)
    assert logistic(SCORES, 2.0 * LABELS - 1) == logistic(SCORES, (2 * LABELS - 1).astype(np.int8))


def test_labels_in_between_are_probabilities():
    soft = rng.uniform(size=6)
    expected = -np.mean(soft * np.log(P) + (1 - soft) * np.log(1 - P))
    assert bce(SCORES, soft) == pytest.approx(expected, rel=1e-12)


def test_large_scores_neither_overflow_nor_lose_the_tail():
    scores = np.array([1e4, -1e4, 50.0, -50.0])
    with np.errstate(over="raise"):
        assert bce(scores, [1, 0, 1, 0], average=False)[0] == pytest.approx(2 * np.exp(-50), rel=1e-12)
        slopes = bcex(4.0, scores, [0, 1, 1, 0])
    np.testing.assert_allclose(slopes, [1, -1, -np.exp(-50), np.exp(-50)], rtol=1e-12)


@pytest.mark.parametrize("f", [bce, logistic])
@pytest.mark.parametrize("weight", [None, WEIGHT])
def test_gradients_of_both_orders(f, weight):
    labels = LABELS if f is bce else 2 * LABELS - 1
    v = rng.normal(size=6)
    assert knetc.gradcheck(lambda s: f(s, labels, weight=weight) ** 2, SCORES)
    assert knetc.gradcheck(lambda s: f(s, labels, average=False, weight=weight)[0] ** 2, SCORES)
    g = knetc.grad(lambda s: f(s, labels, weight=weight) ** 2)
    assert knetc.gradcheck(lambda s: np.sum(g(s) * v), SCORES, rtol=1e-5)


def test_float32_stays_float32():
    scores = SCORES.astype(np.float32)
    for labels in (LABELS, rng.uniform(size=6)):
        assert bce(scores, labels, weight=WEIGHT).dtype == np.float32
        assert bcex(1.0, scores, labels, weight=WEIGHT).dtype == np.float32


def test_a_gradient_is_printed_as_what_it_is():
    def loss(s, y):
        return logistic(s, y) + bce(s, (y + 1) / 2)

    gradient = knetc.grad(loss)
    gradient(SCORES, 2 * LABELS - 1)
    assert "bcex(1.0, s, y, low=-1)" in gradient.source
    assert "check_scalar" not in gradient.source


def test_the_cotangent_of_the_count_is_ignored():
    pullback = case(bce, SCORES, LABELS).op.pullbacks["scores"]
    assert not pullback([None, 1.0], None, SCORES, LABELS, average=False).any()
    _, bars = cotangents(case(bce, SCORES, LABELS), like=np.ones_like)
    np.testing.assert_allclose(bars[0], (P - LABELS) / 6, rtol=1e-12)


@pytest.mark.parametrize("f", [bce, logistic])
class TestBadInput:
    def test_labels_have_the_shape_of_the_scores(self, f):
        with pytest.raises(
            ShapeError, match=rf"KN224 {f.__name__}: `labels` has shape \(6,\); expected \(6, 1\)"
        ):
            f(SCORES[:, None], np.ones(6, int))
        with pytest.raises(
            ShapeError, match=rf"KN224 {f.__name__}: `labels` has shape \(5,\); expected \(6,\)"
        ):
            f(SCORES, np.ones(5, int))

    def test_weights_have_the_shape_of_the_scores(self, f):
        with pytest.raises(
            ShapeError, match=rf"KN224 {f.__name__}: `weight` has shape \(2,\); expected \(6,\)"
        ):
            f(SCORES, np.ones(6, int), weight=[1, 2])

    @pytest.mark.parametrize("wrong", [-0.5, 2, np.nan])
    def test_labels_are_in_range(self, f, wrong):
        labels = np.where(np.arange(6) == 2, wrong, 1)
        with pytest.raises(ArgumentError, match=f"KN333 {f.__name__}: `labels` contains {wrong}"):
            f(SCORES, labels)

    def test_labels_are_numbers(self, f):
        with pytest.raises(DtypeError, match=f"KN340 {f.__name__}: `labels` has dtype <U1"):
            f(SCORES, list("abcdef"))

    @pytest.mark.parametrize("scores", [LABELS, LABELS == 1, SCORES.tolist(), 1.5])
    def test_scores_are_floats(self, f, scores):
        with pytest.raises(
            DtypeError, match=f"KN334 {f.__name__}: `scores` is of .*; expected an array of floats"
        ):
            f(scores, np.ones(6, int))

    @pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
    def test_weights_are_not_negative(self, f, wrong):
        with pytest.raises(ArgumentError, match=f"KN331 {f.__name__}: `weight` contains {wrong}"):
            f(SCORES, np.ones(6, int), weight=np.where(np.arange(6) == 2, wrong, 1))

    def test_an_average_over_nothing_is_an_error(self, f):
        with pytest.raises(ArgumentError, match=f"KN321 {f.__name__}: all instances"):
            f(SCORES, np.ones(6, int), weight=np.zeros(6))
        with pytest.raises(ArgumentError, match=f"KN321 {f.__name__}: all instances"):
            f(np.zeros(0), [])
        assert f(np.zeros(0), [], average=False) == (0, 0)


def test_labels_of_the_other_loss_are_told():
    with pytest.raises(ArgumentError, match="labels of -1 and 1 belong to logistic"):
        bce(SCORES, 2 * LABELS - 1)
    with pytest.raises(ArgumentError, match=r"pass 2 \* labels - 1 to logistic"):
        logistic(SCORES, LABELS)
    with pytest.raises(ArgumentError, match="KN333 logistic: `labels` contains False; expected -1 or 1"):
        logistic(SCORES, LABELS == 1)

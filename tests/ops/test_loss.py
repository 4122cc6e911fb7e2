from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops import accuracy, logsoftmax, nll
from knetc.ops.loss import nllx
from tests.ops.checker import case, cotangents

rng = np.random.default_rng(0)
SCORES = rng.normal(size=(4, 3))
LABELS = np.array([0, 2, 1, 1])
PICKED = -logsoftmax(SCORES)[np.arange(4), LABELS]


def test_the_loss_is_the_mean_negative_log_probability_of_the_labels():
    assert nll(SCORES, LABELS) == pytest.approx(PICKED.mean(), rel=1e-12)


def test_without_average_total_and_count_are_returned():
    total, count = nll(SCORES, LABELS, average=False)
    assert total == pytest.approx(PICKED.sum(), rel=1e-12)
    assert count == 4


def test_masked_labels_do_not_count():
    masked = np.array([0, -1, 1, -1])
    assert nll(SCORES, masked) == pytest.approx(PICKED[[0, 2]].mean(), rel=1e-12)
    assert nll(SCORES, np.array([0, 7, 1, 7]), ignore_index=7) == nll(SCORES, masked)
    assert accuracy(SCORES, masked, average=False)[1] == 2


def test_masked_instances_get_no_gradient():
    _, bars = cotangents(case(nll, SCORES, [0, -1, 1, -1]))
    assert not bars[0][[1, 3]].any()
    assert bars[0][[0, 2]].all()


def test_weights_count_the_instances_of_a_class():
    weight = np.array([0.5, 2.0, 3.0])
    factors = weight[LABELS]
    assert nll(SCORES, LABELS, weight=weight) == pytest.approx(
        (PICKED * factors).sum() / factors.sum(), rel=1e-12
    )
    assert nll(SCORES, LABELS, weight=weight, average=False)[1] == pytest.approx(factors.sum())


@pytest.mark.parametrize("weight", [None, np.array([0.5, 2.0, 3.0])])
@pytest.mark.parametrize("smoothing", [0.1, 1.0])
def test_smoothing_gives_a_part_of_the_probability_to_all_classes(smoothing, weight):
    labels, used = np.array([0, -1, 1, 1]), np.array([True, False, True, True])
    factors = np.ones(3) if weight is None else weight
    spread = np.full((4, 3), smoothing / 3)
    spread[np.arange(4), labels] += 1 - smoothing
    losses = -np.sum(spread * factors * logsoftmax(SCORES), axis=1)[used]
    total, count = nll(SCORES, labels, smoothing=smoothing, weight=weight, average=False)
    assert total == pytest.approx(losses.sum(), rel=1e-12)
    assert count == pytest.approx(factors[labels[used]].sum())
    assert nll(SCORES, labels, smoothing=smoothing, weight=weight) == pytest.approx(total / count, rel=1e-12)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize("weight", [None, np.array([0.5, 2.0, 3.0])])
def test_gradients_of_both_orders(smoothing, weight):
    labels, v = np.array([0, -1, 1, 1]), rng.normal(size=(3, 4))

    def loss(x):
        return np.exp(nll(x, labels, axis=0, smoothing=smoothing, weight=weight))

    assert knetc.gradcheck(loss, SCORES.T)
    g = knetc.grad(loss)
    assert knetc.gradcheck(lambda x: np.sum(g(x) * v), SCORES.T, rtol=1e-5)


def test_smoothing_reaches_a_model_over_data():
    batches = [(SCORES[:3], LABELS[:3]), (SCORES[3:], LABELS[3:])]
    expected = nll(SCORES, LABELS, smoothing=0.2)
    assert nll(lambda x: x, data=batches, smoothing=0.2) == pytest.approx(expected, rel=1e-12)


def test_float32_stays_float32_with_smoothing_and_weights():
    options = {"smoothing": 0.1, "weight": np.array([0.5, 2.0, 3.0])}
    scores = SCORES.astype(np.float32)
    assert nll(scores, LABELS, **options).dtype == np.float32
    assert nllx(1.0, scores, LABELS, **options).dtype == np.float32


def test_classes_may_lie_along_any_axis_and_labels_have_any_shape():
    assert nll(SCORES.T, LABELS, axis=0) == nll(SCORES, LABELS)
    assert nll(SCORES.reshape(2, 2, 3), LABELS.reshape(2, 2)) == nll(SCORES, LABELS)
    assert nll(SCORES, LABELS.reshape(2, 2).tolist()) == nll(SCORES, LABELS)
    assert accuracy(SCORES.T, LABELS, axis=0) == accuracy(SCORES, LABELS)


def test_labels_may_be_unsigned():
    assert nll(SCORES, LABELS.astype(np.uint8)) == nll(SCORES, LABELS)


def test_the_gradient_keeps_the_tail_of_a_certain_prediction():
    _, bars = cotangents(case(nll, np.array([[0.0, -50.0]]), [0]), like=np.ones_like)
    np.testing.assert_allclose(bars[0], [[-np.exp(-50), np.exp(-50)]], rtol=1e-12)


def test_the_cotangent_of_the_count_is_ignored():
    pullback = case(nll, SCORES, LABELS).op.pullbacks["scores"]
    only_total = pullback([2.0, None], None, SCORES, LABELS, average=False)
    np.testing.assert_allclose(only_total, 8 * pullback(1.0, None, SCORES, LABELS), rtol=1e-12)
    assert not pullback([None, 1.0], None, SCORES, LABELS, average=False).any()


def test_the_first_of_equal_scores_is_the_prediction():
    assert accuracy(np.zeros((2, 3)), [0, 1]) == 0.5


def test_a_model_is_measured_over_all_batches_together():
    batches = [(SCORES[:3], LABELS[:3]), (SCORES[3:], LABELS[3:])]
    assert nll(lambda x: x, data=batches) == pytest.approx(nll(SCORES, LABELS), rel=1e-12)
    assert accuracy(lambda x: x, data=batches) == accuracy(SCORES, LABELS)
    assert accuracy(lambda x: x, data=batches, average=False) == accuracy(SCORES, LABELS, average=False)


def test_a_batch_that_is_masked_whole_counts_nothing_in_a_data_set():
    batches = [(SCORES, LABELS), (SCORES, [-1, -1, -1, -1])]
    assert nll(lambda x: x, data=batches) == pytest.approx(nll(SCORES, LABELS), rel=1e-12)


@pytest.mark.parametrize("f", [nll, accuracy])
class TestBadInput:
    def test_the_number_of_labels_must_fit(self, f):
        with pytest.raises(
            ShapeError, match=rf"KN214 {f.__name__}: `labels` has 3 elements, .* \(4, 3\) .* has 4 instances"
        ):
            f(SCORES, [0, 1, 2])

    @pytest.mark.parametrize("wrong", [3, -2])
    def test_labels_must_be_in_range(self, f, wrong):
        with pytest.raises(
            ArgumentError, match=rf"KN320 {f.__name__}: `labels` contains {wrong}; expected 0 to 2"
        ):
            f(SCORES, [0, 1, wrong, 1])

    def test_labels_must_be_ints(self, f):
        with pytest.raises(
            DtypeError, match=rf"KN340 {f.__name__}: `labels` has dtype float64; expected ints"
        ):
            f(SCORES, LABELS.astype(float))

    def test_an_average_over_nothing_is_an_error(self, f):
        with pytest.raises(ValueError, match=f"KN321 {f.__name__}: all instances are masked"):
            f(SCORES, [-1, -1, -1, -1])
        with pytest.raises(ValueError, match=f"KN321 {f.__name__}: all instances are masked"):
            f(lambda x: x, data=[])

    def test_nothing_has_a_total_of_nothing(self, f):
        assert f(SCORES, [-1, -1, -1, -1], average=False) == (0, 0)

    def test_a_model_needs_data(self, f):
        with pytest.raises(
            ArgumentError,
            match=rf"KN322 {f.__name__}: the first argument is a model, with no labels and no data",
        ):
            f(lambda x: x)

    def test_data_need_a_model(self, f):
        with pytest.raises(
            ArgumentError, match=rf"KN322 {f.__name__}: the first argument is no model, with labels and data"
        ):
            f(SCORES, LABELS, data=[])

    def test_the_axis_must_exist(self, f):
        with pytest.raises(ArgumentError, match=rf"KN324 {f.__name__}: `axis` is 2"):
            f(SCORES, LABELS, axis=2)


def test_there_is_one_weight_a_class():
    with pytest.raises(ShapeError, match=r"KN215 nll: `weight` has shape \(2,\); expected \(3,\)"):
        nll(SCORES, LABELS, weight=np.ones(2))


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_weights_are_not_negative(wrong):
    with pytest.raises(
        ArgumentError, match=f"KN331 nll: `weight` contains {wrong}; expected numbers from 0 on"
    ):
        nll(SCORES, LABELS, weight=[1.0, wrong, 1.0])


def test_weights_of_0_leave_nothing_to_average_over():
    with pytest.raises(ArgumentError, match="KN321 nll: all instances are masked, have the weight 0"):
        nll(SCORES, LABELS, weight=np.zeros(3))


@pytest.mark.parametrize("smoothing", [-0.1, 1.5, np.nan])
def test_smoothing_is_a_part_of_a_whole(smoothing):
    with pytest.raises(ArgumentError, match=f"KN331 nll: `smoothing` is {smoothing}; expected the part"):
        nll(SCORES, LABELS, smoothing=smoothing)

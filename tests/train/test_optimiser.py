from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.optim import SGD, Adam, AdamW, Momentum
from knetc.train.update import update


def test_gclip_limits_the_norm_of_each_array():
    a, b = np.zeros(2), np.zeros(2)
    update([a, b], [np.array([3.0, 4.0]), np.array([0.3, 0.4])], SGD(lr=1.0, gclip=1.0))
    np.testing.assert_allclose(a, [-0.6, -0.8], rtol=1e-12)
    np.testing.assert_allclose(b, [-0.3, -0.4], rtol=1e-12)


def test_clip_norm_limits_the_norm_of_all_arrays_together():
    a, b = np.zeros((1, 1)), np.zeros(2)
    update([a, b], [np.array([[3.0]]), np.array([0.0, 4.0])], SGD(lr=1.0, clip_norm=2.5))
    np.testing.assert_allclose([*a[0], *b], [-1.5, 0.0, -2.0], rtol=1e-12)


def test_clip_norm_leaves_short_gradients_alone():
    a = np.zeros(2)
    update([a], [np.array([0.3, 0.4])], SGD(lr=1.0, clip_norm=0.6))
    assert a.tolist() == [-0.3, -0.4]


def test_both_clips_apply_the_global_one_first():
    a, b = np.zeros(1), np.zeros(1)
    update([a, b], [np.array([30.0]), np.array([40.0])], SGD(lr=1.0, clip_norm=5.0, gclip=3.5))
    np.testing.assert_allclose([*a, *b], [-3.0, -3.5], rtol=1e-12)


def test_l2_is_the_gradient_of_half_the_sum_of_squares_after_clipping():
    w = np.array([2.0, -4.0])
    update(w, np.array([3.0, 4.0]), SGD(lr=0.5, l2=0.25, gclip=1.0))
    np.testing.assert_allclose(w, [2 - 0.5 * (0.6 + 0.5), -4 - 0.5 * (0.8 - 1.0)], rtol=1e-12)


def test_decay_does_not_go_through_the_moments():
    w, plain = np.array([2.0]), np.array([2.0])
    update(w, np.array([3.0]), Adam(lr=0.5, decay=0.25))
    update(plain, np.array([3.0]), Adam(lr=0.5))
    np.testing.assert_allclose(w, plain - 0.5 * 0.25 * 2.0, rtol=1e-12)


def test_l2_and_decay_are_the_same_for_sgd_and_differ_for_momentum():
    for cls, same in ((SGD, True), (Momentum, False)):
        a, b = np.array([2.0]), np.array([2.0])
        ours, theirs = cls(lr=0.5, l2=0.25), cls(lr=0.5, decay=0.25)
        for _ in range(2):
            update(a, np.ones(1), ours)
            update(b, np.ones(1), theirs)
        assert bool(np.allclose(a, b, rtol=1e-12)) is same


def test_adamw_decays_without_being_told():
    assert AdamW().decay == 0.01
    assert Adam().decay == 0.0


def test_the_learning_rate_may_be_a_function_of_the_step():
    w, optimiser = np.zeros(1), SGD(lr=lambda step: 2.0**step)
    for _ in range(4):
        update(w, np.ones(1), optimiser)
    assert w.tolist() == [-15.0]
    assert optimiser.steps == 4


def test_a_step_is_one_of_the_whole_model():
    a, b = np.zeros(1), np.zeros(1)
    update([a, b], [np.ones(1), np.ones(1)], SGD(lr=lambda step: 1.0 + step))
    assert a.tolist() == b.tolist() == [-1.0]


@pytest.mark.parametrize("rate", [-1.0, math.nan, math.inf, None, "1"])
def test_a_schedule_must_give_rates_and_nothing_moves_if_not(rate):
    w, optimiser = np.ones(1), SGD(lr=lambda _: rate)
    with pytest.raises(ArgumentError, match=r"KN407 `lr` is .*; expected 0 or more"):
        update(w, np.ones(1), optimiser)
    assert w.tolist() == [1.0]


def test_a_rate_that_is_set_to_nonsense_is_noticed():
    w, optimiser = np.ones(1), SGD()
    optimiser.lr = -0.5
    with pytest.raises(ArgumentError, match=r"KN407 `lr` is -0.5"):
        update(w, np.ones(1), optimiser)

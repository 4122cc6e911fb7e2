from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.optim import SGD
from knetc.train.schedule import constant, cosine, exponential, joined, one_cycle, step_decay, warmup
from knetc.train.update import update


def rates(schedule, steps):
    return [schedule(step) for step in range(steps)]


def test_constant_stays():
    assert rates(constant(0.3), 3) == [0.3, 0.3, 0.3]


def test_step_decay_falls_after_every_so_many_steps():
    assert rates(step_decay(8.0, 3, 0.25), 7) == [8.0, 8.0, 8.0, 2.0, 2.0, 2.0, 0.5]


def test_exponential_falls_by_the_same_factor():
    assert rates(exponential(8.0, 0.5), 4) == [8.0, 4.0, 2.0, 1.0]


def test_cosine_goes_from_the_rate_to_the_final_one_and_stays_there():
    found = rates(cosine(0.9, 10, final=0.1), 14)
    expected = [0.1 + 0.4 * (1 + math.cos(math.pi * t / 10)) for t in range(11)]
    np.testing.assert_allclose(found, [*expected, 0.1, 0.1, 0.1], rtol=1e-12)


def test_cosine_warms_up_within_its_steps():
    found = rates(cosine(0.9, 10, final=0.1, warmup=3), 12)
    np.testing.assert_allclose(found[:4], [0.225, 0.45, 0.675, 0.9], rtol=1e-12)
    np.testing.assert_allclose(found[3:], rates(cosine(0.9, 7, final=0.1), 9), rtol=1e-12)


def test_one_cycle_rises_to_the_rate_and_falls_far_below():
    found = rates(one_cycle(2.0, 21, rise=0.3, div=10, final_div=100), 25)
    assert found[0] == pytest.approx(0.2, rel=1e-12)
    assert max(found) == pytest.approx(2.0, rel=0.02)  # the peak, at step 5.3, lies between two steps
    assert found[20:] == [pytest.approx(0.002, rel=1e-12)] * 5
    assert found[:6] == sorted(found[:6])
    assert found[6:] == sorted(found[6:], reverse=True)


def test_warmup_goes_before_any_schedule():
    found = rates(warmup(exponential(0.8, 0.5), 3), 6)
    np.testing.assert_allclose(found, [0.2, 0.4, 0.6, 0.8, 0.4, 0.2], rtol=1e-12)


def test_warmup_takes_a_number():
    np.testing.assert_allclose(rates(warmup(0.9, 2), 4), [0.3, 0.6, 0.9, 0.9], rtol=1e-12)


def test_schedules_are_joined():
    first = joined(0.5, 2, joined(exponential(8.0, 0.5), 3, 1.0))
    assert rates(first, 7) == [0.5, 0.5, 8.0, 4.0, 2.0, 1.0, 1.0]


def test_an_optimiser_follows_its_schedule_and_a_later_change_of_it():
    w, optimiser = np.zeros(1), SGD(step_decay(1.0, 2, 0.5))
    seen = []
    for step in range(6):
        if step == 4:
            optimiser.lr = constant(8.0)
        update(w, np.ones(1), optimiser)
        seen.append(w[0])
    assert np.diff([0.0, *seen]).tolist() == [-1.0, -1.0, -0.5, -0.5, -8.0, -8.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: constant(-1.0), "`lr` is -1.0; expected 0 or more"),
        (lambda: constant(None), "`lr` is None"),
        (lambda: step_decay(0.1, 0), "`every` is 0; expected a number of steps, at least 1"),
        (lambda: step_decay(0.1, 10, -0.5), "`factor` is -0.5"),
        (lambda: exponential(0.1, math.nan), "`factor` is nan"),
        (lambda: cosine(0.1, 2.5), "`steps` is 2.5; expected a number of steps, at least 1"),
        (lambda: cosine(0.1, 10, final=-0.1), "`final` is -0.1"),
        (lambda: cosine(0.1, 10, warmup=10), "`warmup` is 10; expected 0 to 9, fewer than `steps`"),
        (
            lambda: one_cycle(0.1, 10, rise=0.1),
            "`rise` is 0.1; expected a part of the steps between 0.1 and 1",
        ),
        (lambda: one_cycle(0.1, 10, rise=1.0), "`rise` is 1.0"),
        (lambda: one_cycle(0.1, 10, div=0.5), "`div` is 0.5; expected 1 or more"),
        (lambda: one_cycle(0.1, 10, final_div=math.inf), "`final_div` is inf"),
        (lambda: warmup(0.1, -1), "`steps` is -1"),
        (lambda: joined(0.1, 0, 0.2), "`steps` is 0"),
    ],
)
def test_options_have_their_ranges(make, message):
    with pytest.raises(ArgumentError, match=f"KN414 {message}"):
        make()

from __future__ import annotations

import pytest

from knetc.errors import ArgumentError
from knetc.train.checkpoint import load, save
from knetc.train.optim import SGD
from knetc.train.plateau import ReduceOnPlateau
from knetc.train.schedule import exponential, warmup


def rates(plateau, losses):
    return [plateau(0) for _ in plateau.watch(losses)]


def test_the_rate_falls_after_so_many_values_that_are_not_better():
    losses = [3.0, 4.0, 2.0, 2.0, 5.0, 2.5, 2.0, 1.0, 1.0]
    assert rates(ReduceOnPlateau(1.0, 0.5, 3), losses) == [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]


def test_the_rate_falls_again_and_again_but_not_below_the_minimum():
    assert rates(ReduceOnPlateau(1.0, 0.1, 1, minimum=0.05), [1.0] * 4) == [1.0, 0.1, 0.05, 0.05]


def test_a_small_improvement_is_none():
    assert rates(ReduceOnPlateau(1.0, 0.5, 2, min_delta=0.5), [3.0, 2.6, 2.51, 1.9]) == [1.0, 1.0, 0.5, 0.5]


def test_more_may_be_better():
    assert rates(ReduceOnPlateau(1.0, 0.5, 1, mode="max"), [1.0, 2.0, 1.5, 3.0]) == [1.0, 1.0, 0.5, 0.5]


def test_what_is_measured_now_and_then_counts_instead_of_the_values():
    measured = iter([2.0, 3.0, 1.0])
    plateau = ReduceOnPlateau(1.0, 0.5, 1, measure=lambda: next(measured), every=2)
    assert rates(plateau, [9.0] * 6) == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5]


def test_it_scales_a_schedule_and_is_one():
    plateau = ReduceOnPlateau(exponential(1.0, 0.5), 0.1, 1)
    plateau.report(1.0)
    plateau.report(1.0)
    assert [plateau(0), plateau(1)] == [0.1, 0.05]
    optimiser = SGD(warmup(plateau, 1))
    assert optimiser.rate == 0.05


def test_a_nan_is_no_improvement():
    assert rates(ReduceOnPlateau(1.0, 0.5, 2), [1.0, float("nan"), float("nan")]) == [1.0, 1.0, 0.5]


def test_its_state_is_saved_with_the_optimiser(tmp_path):
    optimiser = SGD(ReduceOnPlateau(1.0, 0.5, 2))
    list(optimiser.lr.watch([1.0, 1.0, 1.0, 1.0]))
    save(tmp_path / "run", optimiser)
    again = load(tmp_path / "run", into=SGD(ReduceOnPlateau(1.0, 0.5, 2)))
    assert again.rate == 0.5
    again.lr.report(1.0)
    assert again.rate == 0.25


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lr": -1.0}, "KN407 `lr` is -1.0"),
        ({"minimum": -1.0}, "KN407 `minimum` is -1.0"),
        ({"factor": 1.0}, "KN419 `factor` is 1.0; expected more than 0, and less than 1"),
        ({"patience": 0}, "KN419 `patience` is 0; expected a number of values, at least 1"),
        ({"every": 0.5}, "KN419 `every` is 0.5"),
        ({"min_delta": -0.1}, "KN419 `min_delta` is -0.1"),
        ({"mode": "low"}, "KN419 `mode` is 'low'; expected 'min' or 'max'"),
    ],
)
def test_options_have_their_ranges(options, message):
    with pytest.raises(ArgumentError, match=message):
        ReduceOnPlateau(**{"lr": 1.0, **options})


def test_values_must_be_numbers():
    with pytest.raises(ArgumentError, match="KN420 a loss to watch is a tuple; expected a number"):
        list(ReduceOnPlateau(1.0).watch([(1.0, 2.0)]))

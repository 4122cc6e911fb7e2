from __future__ import annotations

import itertools

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.nn.norm import BatchNorm
from knetc.runtime.frozen import frozen
from knetc.train.checkpoint import load, save
from knetc.train.loops import sgd
from knetc.train.minimize import run
from knetc.train.progress import progress
from knetc.train.render import Quiet
from knetc.train.stopping import EarlyStopping, converge


def knet(values, alpha):
    """Knet's loop, as it stands in its documentation."""
    mean, slope, passed = np.inf, 0.0, []
    for x in values:
        if mean == np.inf:
            mean = x
        p = x - mean
        mean = alpha * x + (1 - alpha) * mean
        slope = alpha * p + (1 - alpha) * slope
        if slope > 0.0:
            break
        passed.append(x)
    return passed


@pytest.mark.parametrize("alpha", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_converge_stops_where_knet_does(alpha, seed):
    noise = np.random.default_rng(seed).standard_normal(400)
    values = (np.exp(-np.arange(400) / 40) + 0.05 * noise).tolist()
    found = list(converge(values, alpha))
    assert found == knet(values, alpha)
    assert 0 < len(found) < 400


def test_converge_passes_falling_values_on_to_the_end():
    assert list(converge([3.0, 2.0, 1.0])) == [3.0, 2.0, 1.0]
    assert list(converge([1.0, 1.0, 1.0])) == [1.0, 1.0, 1.0]
    assert list(converge([])) == []


def test_converge_ends_an_endless_training():
    w, rng = {"w": np.array(3.0)}, np.random.default_rng(0)
    data = (rng.standard_normal() for _ in itertools.count())
    run(converge(sgd(lambda w, x: (w["w"] - 1 + 0.1 * x) ** 2, data, lr=0.1, params=w)))
    assert abs(float(w["w"]) - 1) < 0.2


@pytest.mark.parametrize("alpha", [0.0, 1.5, "0.1", None])
def test_alpha_is_a_part_of_one(alpha):
    with pytest.raises(ArgumentError, match="KN419 `alpha` is .*; expected more than 0, and at most 1"):  # noqa: RUF043
        converge([1.0], alpha)


def test_converge_wants_numbers():
    with pytest.raises(ArgumentError, match="KN420 a loss to watch is a str"):
        list(converge(["high"]))


def test_early_stopping_waits_for_so_many_values():
    stop = EarlyStopping(2)
    assert list(stop.watch([5.0, 4.0, 4.5, 3.0, 3.0, 3.0, 1.0])) == [5.0, 4.0, 4.5, 3.0, 3.0, 3.0]
    assert (stop.stopped, stop.best.value) == (True, 3.0)


def test_early_stopping_lets_improving_values_pass():
    stop = EarlyStopping(1)
    assert list(stop.watch([3.0, 2.0, 1.0])) == [3.0, 2.0, 1.0]
    assert not stop.stopped


def test_early_stopping_measures_every_so_many_values_and_puts_the_best_weights_back():
    w, measured = {"w": np.zeros(1)}, []

    def steps():
        for step in range(100):
            w["w"] += 1
            yield float(step)

    def measure():
        measured.append(abs(float(w["w"][0]) - 5))
        return measured[-1]

    stop = EarlyStopping(2, measure=measure, every=3, model=w)
    assert len(list(stop.watch(steps()))) == 12
    assert measured == [2.0, 1.0, 4.0, 7.0]
    assert w["w"].tolist() == [6.0]


def test_the_best_weights_can_be_had_at_any_time():
    w = [np.zeros(1)]
    stop = EarlyStopping(9, model=w)
    for loss in stop.watch([2.0, 1.0, 3.0]):
        w[0] += loss
    stop.restore()
    assert w[0].tolist() == [2.0]  # as it was when the loss of 1.0 came by


def test_early_stopping_is_saved_whole(tmp_path):
    w = [np.zeros(1)]
    stop = EarlyStopping(3, model=w)
    list(stop.watch([1.0, 2.0, 2.0]))
    save(tmp_path / "stop", stop)
    again = load(tmp_path / "stop", into=EarlyStopping(3, model=[np.ones(1)]))
    assert (again.best.waited, again.best.value, again.seen) == (2, 1.0, 3)
    assert list(again.watch([2.0, 2.0])) == [2.0]


def test_watchers_compose_and_keep_the_length():
    inner, outer = EarlyStopping(9), EarlyStopping(2)
    loop = progress(outer.watch(inner.watch([1.0, 1.0, 1.0, 1.0])), renderer=Quiet())
    assert len(loop) == 4
    assert list(loop) == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"patience": 0}, "`patience` is 0; expected a number of values, at least 1"),
        ({"patience": None}, "`patience` is None"),
        ({"every": 0}, "`every` is 0; expected a number of values, at least 1"),
        ({"min_delta": -1}, "`min_delta` is -1; expected 0 or more"),
        ({"mode": "least"}, "`mode` is 'least'; expected 'min' or 'max'"),
    ],
)
def test_options_have_their_ranges(options, message):
    with pytest.raises(ArgumentError, match=f"KN419 {message}"):
        EarlyStopping(**{"patience": 3, **options})


class Normed:
    """A model with running moments, a frozen array and tied weights."""

    def __init__(self):
        self.w = np.eye(3)
        self.tied = (self.w,)
        self.norm = BatchNorm(3)
        self.seen = frozen(np.zeros(1))

    def __call__(self, x):
        return self.norm(x @ self.w)


def test_the_best_model_comes_back_with_its_running_moments_and_constants():
    model, rng = Normed(), np.random.default_rng(0)
    test = rng.standard_normal((4, 3))
    answers = []

    def steps():
        for step in range(9):
            model.w += 0.1
            model.norm.moments.mean = np.full(3, float(step))
            model.norm.moments.var = np.full(3, 1.0 + step)
            model.seen += 1
            yield float(step)

    def measure():
        answers.append(model(test))
        return float(len(answers))

    stop = EarlyStopping(2, measure=measure, model=model)
    assert len(list(stop.watch(steps()))) == 3
    np.testing.assert_array_equal(model(test), answers[0])
    assert not np.allclose(answers[0], answers[2])
    assert model.seen.tolist() == [1.0]
    assert model.tied[0] is model.w


def test_moments_that_there_were_none_of_are_none_again():
    model = BatchNorm(3)
    model.moments.mean = model.moments.var = None
    stop = EarlyStopping(2, model=model)
    model.moments.mean = np.ones(3)
    stop.restore()
    assert model.moments.mean is None


def test_read_only_arrays_are_left_alone():
    fixed = np.ones(2)
    fixed.flags.writeable = False
    stop = EarlyStopping(2, model={"fixed": fixed, "w": np.zeros(2)})
    list(stop.watch([1.0, 2.0, 3.0]))
    assert stop.model["fixed"] is fixed

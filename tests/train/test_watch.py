from __future__ import annotations

import operator

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.ema import EMA
from knetc.train.minimize import minimize
from knetc.train.optim import SGD
from knetc.train.plateau import ReduceOnPlateau
from knetc.train.progress import progress
from knetc.train.render import Quiet
from knetc.train.resume import checkpointed
from knetc.train.stopping import EarlyStopping, converge
from knetc.train.watch import Best, Watched


def test_values_pass_through_and_are_seen_first():
    seen = []
    for value in Watched([1, 2], seen.append):
        assert seen[-1] == value
    assert seen == [1, 2]


def test_only_true_ends_the_loop_after_its_value():
    assert list(Watched([1, 2, 3], lambda value: value)) == [1, 2, 3]
    assert list(Watched([1, 2, 3], lambda value: value == 2)) == [1, 2]


def test_the_length_is_known_if_it_was():
    assert len(Watched([1, 2], print)) == 2
    assert operator.length_hint(Watched(iter(()), print), -1) in (-1, 0)


def test_nothing_is_taken_before_it_is_asked_for():
    iterator = iter([1, 2])
    Watched(iterator, print)
    assert next(iterator) == 1


def test_the_first_value_is_the_best_so_far_in_both_modes():
    for mode in ("min", "max"):
        best = Best(1, mode=mode)
        assert best.report(5.0)
        assert (best.value, best.is_overdue) == (5.0, False)


class Crash(Exception):
    pass


def watched(batches):
    """A training with everything around it that remembers something, and the EMA."""
    w = {"w": np.array([3.0, -1.0])}
    plateau = ReduceOnPlateau(0.2, 0.5, 2)
    stop, ema = EarlyStopping(5, model=w), EMA(w, 0.8)
    loop = minimize(lambda w, x: np.mean((w["w"] - x) ** 2), batches, SGD(plateau), params=w)
    return converge(stop.watch(ema.watch(plateau.watch(loop))), 0.3), w, ema


def data():
    return ncycle(minibatch(np.random.default_rng(0).standard_normal((12, 2)), 3, shuffle=True, seed=1), 10)


@pytest.mark.parametrize("crash", [1, 4, 7])
def test_what_watches_goes_on_from_a_checkpoint_as_if_nothing_had_happened(tmp_path, crash):
    loop, _, ema = watched(data())
    whole = list(loop)
    assert 8 < len(whole) < 40  # something ends it
    broken, _, _ = watched(data())
    first = []
    with pytest.raises(Crash):
        for loss in checkpointed(broken, tmp_path, every=1):
            first.append(loss)
            if len(first) == crash + 1:
                raise Crash
    again, _, other = watched(data())
    rest = list(checkpointed(again, tmp_path, every=1))
    assert first[:crash] + rest == whole
    np.testing.assert_array_equal(other.averages["['w']"], ema.averages["['w']"])


def test_a_loop_that_was_stopped_stays_so(tmp_path):
    def loop():
        w = {"w": np.array([3.0])}
        training = minimize(lambda w, x: np.sum(w["w"] * 0 + x), [1.0] * 9, SGD(), params=w)
        return EarlyStopping(2).watch(training)

    assert len(list(checkpointed(loop(), tmp_path))) == 3
    assert list(checkpointed(loop(), tmp_path)) == []


@pytest.mark.parametrize(
    ("watch", "name"),
    [
        (lambda loop: EMA({"w": np.ones(1)}).watch(loop), "EMA.watch"),
        (lambda loop: EarlyStopping(2).watch(loop), "EarlyStopping.watch"),
        (lambda loop: ReduceOnPlateau(0.1).watch(loop), "ReduceOnPlateau.watch"),
        (converge, "converge"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda loop: loop, lambda loop: progress(loop, renderer=Quiet())])
def test_what_remembers_is_refused_around_checkpoints(tmp_path, watch, name, wrap):
    loop, _, _ = watched(data())
    with pytest.raises(ArgumentError, match=f"KN425 `{name}` stands around `checkpointed`"):
        watch(wrap(checkpointed(loop, tmp_path)))

from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.frozen import frozen
from knetc.train.checkpoint import load, save
from knetc.train.ema import EMA
from knetc.train.loops import sgd
from knetc.train.minimize import run
from knetc.train.progress import progress
from knetc.train.render import Quiet


def weights():
    rng = np.random.default_rng(0)
    return {"w": rng.standard_normal((2, 3)), "b": [rng.standard_normal(3).astype(np.float32)], "n": 3}


def loss(w, x):
    return np.sum((w["w"] - x) ** 2) + np.sum(w["b"][0] ** 2)


def test_the_average_follows_its_formula():
    w, rng = weights(), np.random.default_rng(1)
    ema, expected = EMA(w, 0.75), [w["w"].copy(), w["b"][0].copy()]
    for _ in range(5):
        for i, array in enumerate((w["w"], w["b"][0])):
            np.add(array, rng.standard_normal(array.shape), out=array, casting="same_kind")
            expected[i] = 0.75 * expected[i] + 0.25 * array
        ema.update()
    with ema:
        np.testing.assert_allclose(w["w"], expected[0], rtol=1e-12)
        np.testing.assert_allclose(w["b"][0], expected[1], rtol=1e-5)
    assert w["b"][0].dtype == np.float32


def test_the_weights_come_back_after_the_block_whatever_happens():
    w = weights()
    ema = EMA(w, 0.5)
    w["w"] += 1
    ema.update()
    own, array = w["w"].copy(), w["w"]
    with pytest.raises(ZeroDivisionError), ema:
        assert w["w"] is array
        assert not np.array_equal(array, own)
        1 / 0
    np.testing.assert_array_equal(w["w"], own)
    with ema:
        np.testing.assert_allclose(w["w"], own - 0.5, rtol=1e-12)


def test_it_composes_with_a_training_loop():
    w = weights()
    ema = EMA(w, 0.5)
    loop = progress(ema.watch(sgd(loss, [1.0] * 4, 0.1, params=w)), renderer=Quiet())
    seen = [w["w"].copy() for _ in loop]
    expected = weights()["w"]
    for array in seen:
        expected = (expected + array) / 2
    with ema:
        np.testing.assert_allclose(w["w"], expected, rtol=1e-12)
    assert ema.updates == 4


def test_the_decay_may_depend_on_the_number_of_updates():
    w = {"w": np.zeros(1)}
    ema = EMA(w, lambda n: n / (n + 1))  # the mean of all
    for value in (3.0, 5.0, 1.0):
        w["w"][:] = value
        ema.update()
    with ema:
        np.testing.assert_allclose(w["w"], 3.0, rtol=1e-12)


def test_tied_weights_are_averaged_once_and_frozen_ones_not_at_all():
    w = np.ones(2)
    ema = EMA({"a": w, "b": w, "c": frozen(np.ones(2))}, 0.5)
    assert len(ema.averages) == 1
    w += 2
    ema.update()
    with ema:
        assert w.tolist() == [2.0, 2.0]
    assert w.tolist() == [3.0, 3.0]


def test_it_goes_on_from_a_checkpoint(tmp_path):
    w = weights()
    ema = EMA(w, 0.9)
    run(ema.watch(sgd(loss, [1.0] * 3, 0.1, params=w)))
    save(tmp_path / "run", {"w": w, "ema": ema})
    run(ema.watch(sgd(loss, [1.0] * 3, 0.1, params=w)))
    other = weights()
    again = EMA(other, 0.5)
    load(tmp_path / "run", into={"w": other, "ema": again})
    run(again.watch(sgd(loss, [1.0] * 3, 0.1, params=other)))
    np.testing.assert_array_equal(again.averages["['w']"], ema.averages["['w']"])
    assert again.updates == 6


@pytest.mark.parametrize("decay", [1.0, -0.1, float("nan"), "0.9"])
def test_a_decay_is_a_part_of_one(decay):
    for given in (decay, lambda _: decay):
        with pytest.raises(ArgumentError, match="KN417 `decay` is .*; expected 0 to 1, 1 excluded"):  # noqa: RUF043
            EMA(weights(), given).update()


def test_there_must_be_something_to_average():
    with pytest.raises(
        ArgumentError, match="KN417 there is nothing to average: the list holds no float array"
    ):
        EMA([1, 2])


def test_with_does_not_nest_and_nothing_is_averaged_inside():
    w = weights()
    ema = EMA(w)
    with ema:
        with pytest.raises(ArgumentError, match="KN417 the model has the averages already"), ema:
            pass
        with pytest.raises(ArgumentError, match="KN417 inside `with ema` the model has the averages"):
            ema.update()
    ema.update()


def test_a_model_that_has_changed_is_refused():
    w = weights()
    ema = EMA(w)
    w["b"].append(np.zeros(2))
    with pytest.raises(
        ShapeError, match=r"KN417 `\['b'\]\[1\]` is not the array that the average began with"
    ):
        ema.update()

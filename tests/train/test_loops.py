from __future__ import annotations

import inspect

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError
from knetc.train import loops
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.minimize import run

RNG = np.random.default_rng(0)
X = RNG.standard_normal((40, 3))
Y = X @ np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 2.0]]) + 0.5
NAMES = "sgd momentum nesterov adagrad rmsprop adadelta adam adamw lion".split()


class Linear:
    def __init__(self):
        self.w = np.zeros((3, 2))
        self.b = np.zeros(2)

    def __call__(self, x, y):
        return np.mean((x @ self.w + self.b - y) ** 2)


def optimiser_of(name):
    return getattr(knetc, "SGD" if name == "sgd" else "AdamW" if name == "adamw" else name.capitalize())


@pytest.mark.parametrize("name", NAMES)
def test_every_loop_lowers_the_loss(name):
    options = {"adadelta": {"eps": 1e-2}, "adagrad": {"lr": 0.5}}.get(name, {"lr": 0.05})
    losses = list(getattr(knetc, name)(Linear(), ncycle(minibatch(X, Y, 10), 20), **options))
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("name", NAMES)
def test_a_loop_has_the_defaults_of_its_optimiser(name):
    assert getattr(loops, name)(Linear(), []).optimiser == optimiser_of(name)()


@pytest.mark.parametrize("name", NAMES)
def test_a_loop_hands_every_option_on(name):
    own = [p for p in inspect.signature(optimiser_of(name)).parameters if p != "lr"]
    options = {option: 0.125 + i / 64 for i, option in enumerate(own)}
    assert getattr(loops, name)(Linear(), [], 0.3, **options).optimiser == optimiser_of(name)(0.3, **options)


def test_a_second_loop_takes_its_own_rate():
    model = Linear()
    run(loops.momentum(model, [(X, Y)], 0.5))
    before = model.w.copy()
    run(loops.momentum(model, [(X, Y)], 0.0))
    np.testing.assert_array_equal(model.w, before)


@pytest.mark.parametrize(
    ("name", "option", "meant"),
    [("momentum", "gama", "gamma"), ("adam", "learning_rate", "lr"), ("adamw", "weight_decay", "decay")],
)
def test_an_option_that_no_optimiser_has_is_refused(name, option, meant):
    with pytest.raises(ArgumentError, match=f"KN305 {name} has no option `{option}`") as error:
        getattr(loops, name)(Linear(), [], **{option: 0.9})
    assert f"did you mean `{meant}`?" in str(error.value)


def test_the_signature_tells_all_hyperparameters():
    parameters = inspect.signature(loops.adam).parameters
    assert parameters["lr"].default == 0.001
    assert {"beta1", "beta2", "eps", "gclip", "clip_norm", "l2", "decay", "params"} <= parameters.keys()

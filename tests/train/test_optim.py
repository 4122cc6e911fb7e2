from __future__ import annotations

import copy
import math

import numpy as np
import pytest

from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.frozen import frozen
from knetc.train.optim import SGD, Adam, Momentum
from knetc.train.update import clipped, update

STEPS = 5
OPTIMISERS = [SGD(), Momentum(), Adam()]


def gradients(dtype=np.float64):
    rng = np.random.default_rng(0)
    return [rng.standard_normal((3, 2)).astype(dtype) for _ in range(STEPS)]


def start(dtype=np.float64):
    return np.random.default_rng(1).standard_normal((3, 2)).astype(dtype)


def trained(optimiser, w):
    for g in gradients(w.dtype):
        update([w], [g], optimiser)
    return w


def reference_sgd(w, lr=0.1):
    for g in gradients():
        w = w - lr * g
    return w


def reference_momentum(w, lr=0.05, gamma=0.95):
    v = 0
    for g in gradients():
        v = gamma * v - lr * g
        w = w + v
    return w


def reference_adam(w, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = v = 0
    for t, g in enumerate(gradients(), start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w


@pytest.mark.parametrize(
    ("optimiser", "reference"),
    [
        (SGD(), reference_sgd(start())),
        (SGD(lr=0.3), reference_sgd(start(), 0.3)),
        (Momentum(), reference_momentum(start())),
        (Momentum(lr=0.3, gamma=0.5), reference_momentum(start(), 0.3, 0.5)),
        (Adam(), reference_adam(start())),
        (Adam(0.3, 0.8, 0.9, 0.1), reference_adam(start(), 0.3, 0.8, 0.9, 0.1)),
    ],
)
def test_updates_follow_the_formula(optimiser, reference):
    np.testing.assert_allclose(trained(optimiser, start()), reference, rtol=1e-12)


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=repr)
def test_float32_stays_float32_in_place(optimiser):
    w = start(np.float32)
    state = {name: value for name, value in optimiser.init(w).items() if isinstance(value, np.ndarray)}
    assert trained(copy.deepcopy(optimiser), w) is w
    assert w.dtype == np.float32
    assert all(value.dtype == np.float32 for value in state.values())


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=repr)
def test_gradients_are_not_touched(optimiser):
    g = np.full((2, 2), 7.0)
    g.flags.writeable = False
    update([np.ones((2, 2))], [g], copy.deepcopy(optimiser))


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=repr)
@pytest.mark.parametrize("shape", [(), (0,), (1, 3)])
def test_any_shape_can_be_updated(optimiser, shape):
    w = np.ones(shape, np.float32)
    update({"w": w}, {"w": np.full(shape, 2.0, np.float32)}, copy.deepcopy(optimiser))
    assert (w < 1).all()


def test_tied_weights_get_the_sum_of_their_gradients_in_one_update():
    w, alone = start(), start()
    optimiser, other = Adam(), Adam()
    for g in gradients():
        update({"a": w, "b": [w]}, {"a": g, "b": [2 * g]}, optimiser)
        update([alone], [3 * g], other)
    np.testing.assert_allclose(w, alone, rtol=1e-12)


def test_a_changed_learning_rate_takes_effect_and_the_state_lives_on():
    w, optimiser = np.array([1.0]), Momentum(lr=0.5, gamma=0.5)
    update([w], [np.ones(1)], optimiser)
    optimiser.lr = 0.25
    update([w], [np.ones(1)], optimiser)
    assert w.tolist() == [1 - 0.5 - (0.25 + 0.25)]


def test_every_array_has_its_own_state():
    a, b, optimiser = np.array([1.0]), np.array([1.0]), Momentum(lr=0.5, gamma=0.5)
    update([a], [np.ones(1)], optimiser)
    update([b], [np.ones(1)], optimiser)
    assert a.tolist() == b.tolist() == [0.5]


def test_frozen_arrays_stay():
    w = {"w": np.ones(2), "table": frozen(np.ones(2))}
    update(w, {"w": np.ones(2), "table": np.ones(2)}, SGD(lr=0.5))
    assert w["w"].tolist() == [0.5, 0.5]
    assert w["table"].tolist() == [1.0, 1.0]


def test_integers_and_python_floats_are_constants():
    w = {"w": np.ones(2), "n": np.arange(2), "eps": 0.5}
    update(w, {"w": np.ones(2), "n": None, "eps": 1.0}, SGD(lr=0.5))
    assert w["n"].tolist() == [0, 1]
    assert w["eps"] == 0.5


def test_gclip_limits_the_norm_of_each_array():
    a, b = np.zeros(2), np.zeros(2)
    update([a, b], [np.array([3.0, 4.0]), np.array([0.3, 0.4])], SGD(lr=1.0, gclip=1.0))
    np.testing.assert_allclose(a, [-0.6, -0.8], rtol=1e-12)
    np.testing.assert_allclose(b, [-0.3, -0.4], rtol=1e-12)


def test_clipping_keeps_float32():
    assert clipped(np.full(3, 9, np.float32), 1.0).dtype == np.float32


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(lr=-1.0), "`lr` is -1.0; expected 0 or more"),
        (lambda: SGD(lr=math.nan), "`lr` is nan"),
        (lambda: Momentum(gamma=1.0), "`gamma` is 1.0; expected 0 to 1, 1 excluded"),
        (lambda: Adam(beta2=-0.1), "`beta2` is -0.1"),
        (lambda: Adam(eps=-1e-8), "`eps` is -1e-08"),
        (lambda: Adam(gclip=-1), "`gclip` is -1"),
    ],
)
def test_hyperparameters_have_their_ranges(make, message):
    with pytest.raises(ArgumentError, match=f"KN407 {message}"):
        make()


def test_a_gradient_must_match_in_shape():
    with pytest.raises(ShapeError, match=r"KN410 `.*w.*` has the shape \(2,\), its gradient has \(3,\)"):
        update({"w": np.ones(2)}, {"w": np.ones(3)}, SGD())


def test_a_gradient_must_match_in_structure():
    with pytest.raises(ShapeError, match=r"KN410 `.*w.*` has the shape \(2,\), its gradient is missing"):
        update({"w": np.ones(2)}, {"v": np.ones(2)}, SGD())

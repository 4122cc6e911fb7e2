from __future__ import annotations

import copy
import dataclasses
import math

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, Momentum, Nesterov, Rmsprop
from knetc.train.scratch import scratch
from knetc.train.update import update

CLASSES = [SGD, Momentum, Nesterov, Adagrad, Rmsprop, Adadelta, Adam, AdamW, Lion]
GRADIENTS = [0.5, -2.0, 0.25, 0.0, 3.0]
KNET = [
    (SGD(), [0.95, 1.15, 1.125, 1.125, 0.825]),
    (Momentum(), [0.975, 1.05125, 1.1111875, 1.168128125, 1.07222171875]),
    (Nesterov(), [0.95125, 1.1236875, 1.168128125, 1.22222171875, 0.9811106328125]),
    (
        Adagrad(),
        [0.9500000999997, 0.998507219300247, 0.992487927343847, 0.992487927343847, 0.951376606298283],
    ),
    (
        Rmsprop(),
        [0.968377855834875, 0.99914705019088, 0.995125766636943, 0.995125766636943, 0.967887526805342],
    ),
    (
        Adadelta(),
        [0.996837785583488, 1.00118916326695, 1.00040595051659, 1.00040595051659, 0.995444497581455],
    ),
    (Adam(), [0.99900000002, 0.999559503510201, 0.999911908278568, 1.00020057682128, 0.999890567056934]),
    (AdamW(), [0.99899000002, 0.9995395136102, 0.999881922983432, 1.00016059270691, 0.999840581336641]),
    (Lion(), [0.9999, 1.0, 0.9999, 1.0, 0.9999]),
]
"""The weight after each gradient, from 1.0, by the formulas of Knet (and of the papers of the last two)."""


def start(dtype=np.float64):
    return np.random.default_rng(1).standard_normal((3, 2)).astype(dtype)


def trained(optimiser, w, steps=5):
    rng = np.random.default_rng(0)
    for _ in range(steps):
        update([w], [rng.standard_normal(w.shape).astype(w.dtype)], optimiser)
    return w


@pytest.mark.parametrize(("optimiser", "expected"), KNET)
def test_the_defaults_and_formulas_are_knets(optimiser, expected):
    w, seen = np.array([1.0]), []
    for g in GRADIENTS:
        update(w, np.array([g]), optimiser)
        seen.append(w[0])
    np.testing.assert_allclose(seen, expected, rtol=1e-13)


def reference_nesterov(w, gs, lr, gamma):
    v = 0
    for g in gs:
        w = w - gamma * v
        v = gamma * v - lr * g
        w = w + (1 + gamma) * v
    return w


def reference_adadelta(w, gs, lr, rho, eps):
    squares = delta = 0
    for g in gs:
        squares = rho * squares + (1 - rho) * g**2
        dw = g * np.sqrt(delta + eps) / np.sqrt(squares + eps)
        delta = rho * delta + (1 - rho) * dw**2
        w = w - lr * dw
    return w


def reference_adam(w, gs, lr, beta1, beta2, eps, decay):
    m = v = 0
    for t, g in enumerate(gs, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        w = w - lr * decay * w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w


def reference_rmsprop(w, gs, lr, rho, eps):
    squares = 0
    for g in gs:
        squares = rho * squares + (1 - rho) * g**2
        w = w - lr * g / np.sqrt(squares + eps)
    return w


def reference_adagrad(w, gs, lr, eps):
    squares = 0
    for g in gs:
        squares = squares + g**2
        w = w - lr * g / np.sqrt(squares + eps)
    return w


def reference_lion(w, gs, lr, beta1, beta2):
    m = 0
    for g in gs:
        w = w - lr * np.sign(beta1 * m + (1 - beta1) * g)
        m = beta2 * m + (1 - beta2) * g
    return w


@pytest.mark.parametrize(
    ("make", "reference", "options"),
    [
        (Nesterov, reference_nesterov, (0.3, 0.5)),
        (Adagrad, reference_adagrad, (0.3, 0.1)),
        (Rmsprop, reference_rmsprop, (0.3, 0.7, 0.1)),
        (Adadelta, reference_adadelta, (0.3, 0.7, 0.1)),
        (Adam, lambda *args: reference_adam(*args, 0.0), (0.3, 0.8, 0.9, 0.1)),
        (lambda *args: AdamW(*args, decay=0.2), lambda *a: reference_adam(*a, 0.2), (0.3, 0.8, 0.9, 0.1)),
        (Lion, reference_lion, (0.3, 0.6, 0.7)),
    ],
)
def test_matrices_follow_the_formula_under_all_hyperparameters(make, reference, options):
    rng = np.random.default_rng(0)
    expected = reference(start(), [rng.standard_normal((3, 2)) for _ in range(5)], *options)
    np.testing.assert_allclose(trained(make(*options), start()), expected, rtol=1e-12)


@pytest.mark.parametrize("cls", CLASSES)
def test_float32_stays_float32_in_place(cls):
    w, optimiser = start(np.float32), cls(lr=np.float64(0.01), decay=0.1, l2=0.1, clip_norm=1.0)
    assert trained(optimiser, w) is w
    assert w.dtype == np.float32
    state = optimiser.memory["[0]"]
    assert all(value.dtype == np.float32 for value in state.values() if isinstance(value, np.ndarray))


@pytest.mark.parametrize("cls", CLASSES)
def test_an_update_of_float32_is_that_of_float64(cls):
    single, double = trained(cls(), start(np.float32)), trained(cls(), start(np.float32).astype(np.float64))
    np.testing.assert_allclose(single, double, rtol=2e-5, atol=1e-6)  # Adadelta's roots are of 1e-6


@pytest.mark.parametrize("cls", CLASSES)
def test_gradients_are_not_touched(cls):
    g = np.full((2, 2), 7.0)
    g.flags.writeable = False
    update([np.ones((2, 2))], [g], cls(l2=0.5, gclip=1.0))
    assert (g == 7.0).all()


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("shape", [(), (0,), (1, 3)])
def test_any_shape_can_be_updated(cls, shape):
    w = np.ones(shape, np.float32)
    update({"w": w}, {"w": np.full(shape, 2.0, np.float32)}, cls())
    assert (w < 1).all()


@pytest.mark.parametrize("cls", CLASSES)
def test_how_memory_lies_does_not_matter(cls):
    straight, turned, part = start(), np.asfortranarray(start()), np.zeros((6, 4))[::2, ::2]
    part[...] = start()
    for w in (turned, part):
        np.testing.assert_allclose(trained(cls(), w), trained(cls(), straight.copy()), rtol=1e-14)


@pytest.mark.parametrize("cls", CLASSES)
def test_a_complex_array_moves_as_its_real_and_imaginary_parts(cls):
    w = np.array([1 + 2j, -3 + 0.5j, 1j]).repeat(2)[::2]
    parts = np.stack([w.real, w.imag], -1)
    ours, theirs = cls(), cls()
    for k in (1, -2, 3):
        g = k * np.array([1 - 1j, 0.25j, 2 + 3j])
        update(w, g, ours)
        update(parts, np.stack([g.real, g.imag], -1), theirs)
    np.testing.assert_allclose(np.stack([w.real, w.imag], -1), parts, rtol=1e-14)


@pytest.mark.parametrize("cls", CLASSES)
def test_a_clone_has_the_hyperparameters_and_no_memory(cls):
    optimiser = cls(lr=0.3, gclip=2.0, clip_norm=3.0, l2=0.1, decay=0.2)
    trained(optimiser, start())
    clone = optimiser.clone()
    assert clone == optimiser
    assert (clone.memory, clone.steps) == ({}, 0)
    np.testing.assert_array_equal(trained(clone, start()), trained(dataclasses.replace(optimiser), start()))


@pytest.mark.parametrize("cls", CLASSES)
def test_the_buffers_are_used_again(cls):
    w, optimiser = start(), cls()
    trained(optimiser, w, 1)
    before = {name: id(value) for name, value in optimiser.memory["[0]"].items() if name != "t"}
    buffer = scratch(w).base
    trained(optimiser, w, 3)
    assert {name: id(value) for name, value in optimiser.memory["[0]"].items() if name != "t"} == before
    assert scratch(w).base is buffer


def test_a_changed_learning_rate_takes_effect_and_the_state_lives_on():
    w, optimiser = np.array([1.0]), Momentum(lr=0.5, gamma=0.5)
    update([w], [np.ones(1)], optimiser)
    optimiser.lr = 0.25
    update([w], [np.ones(1)], optimiser)
    assert w.tolist() == [1 - 0.5 - (0.25 + 0.25)]


def test_a_copy_goes_on_where_the_original_was():
    w, optimiser = start(), Adam(lr=0.1)
    trained(optimiser, w)
    twin, other = copy.deepcopy(optimiser), w.copy()
    np.testing.assert_array_equal(trained(optimiser, w), trained(twin, other))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(lr=-1.0), "`lr` is -1.0; expected 0 or more"),
        (lambda: SGD(lr=math.nan), "`lr` is nan"),
        (lambda: SGD(lr="fast"), "`lr` is 'fast'"),
        (lambda: Momentum(gamma=1.0), "`gamma` is 1.0; expected 0 to 1, 1 excluded"),
        (lambda: Nesterov(gamma=-0.1), "`gamma` is -0.1"),
        (lambda: Adagrad(eps=0.0), "`eps` is 0.0; expected more than 0"),
        (lambda: Rmsprop(rho=1.0), "`rho` is 1.0"),
        (lambda: Rmsprop(eps=-1.0), "`eps` is -1.0"),
        (lambda: Adadelta(rho=2), "`rho` is 2"),
        (lambda: Adadelta(eps=0), "`eps` is 0"),
        (lambda: Adam(beta2=-0.1), "`beta2` is -0.1"),
        (lambda: Adam(eps=-1e-8), "`eps` is -1e-08"),
        (lambda: Adam(gclip=-1), "`gclip` is -1"),
        (lambda: AdamW(decay=-0.01), "`decay` is -0.01"),
        (lambda: AdamW(clip_norm=math.inf), "`clip_norm` is inf"),
        (lambda: Lion(beta1=True), "`beta1` is True"),
        (lambda: SGD(l2=None), "`l2` is None"),
    ],
)
def test_hyperparameters_have_their_ranges(make, message):
    with pytest.raises(ArgumentError, match=f"KN407 {message}"):
        make()

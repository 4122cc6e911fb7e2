"""Whole models on arrays of a device: the numbers are those of numpy, and nothing comes back to the host unasked.

The stand-in checks it everywhere; tests marked `gpu` run the same on cupy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import knetc
from examples.lenet import Chain, Conv, Dense, identity
from knetc import SGD, Adam, Momentum, accuracy, minibatch, nll, relu, rnn_forward
from knetc.nn import RNN
from knetc.runtime.tree import leaves
from knetc.train.update import update
from tests.backends.strict import StrictArray
from tests.peers.programs import PROGRAMS as COMPARED


def on_the_stand_in(x):
    return StrictArray(x.copy())


def on_cupy(x):
    import cupy

    return cupy.asarray(x)


GPU = pytest.param(on_cupy, id="cupy", marks=pytest.mark.gpu)
DEVICES = pytest.mark.parametrize("device", [pytest.param(on_the_stand_in, id="stand-in"), GPU])
WAYS_BACK = ("get", "__float__", "__int__", "__bool__", "__array__")


@pytest.fixture
def back(monkeypatch):
    """The ways by which values have come back from the stand-in, in their order."""
    taken: list[str] = []
    for name in (*WAYS_BACK, "__getattr__"):
        monkeypatch.setattr(StrictArray, name, noting(name, getattr(StrictArray, name), taken))
    return taken


def noting(name, method, taken):
    def noted(*args: Any, **options: Any) -> Any:
        if name != "__getattr__" or args[1] in ("item", "tolist"):
            taken.append(name)
        return method(*args, **options)

    return noted


def moved(tree, to):
    """A copy of containers and objects with their arrays moved."""
    match tree:
        case np.ndarray():
            return to(tree)
        case dict():
            return {key: moved(value, to) for key, value in tree.items()}
        case list() | tuple():
            return type(tree)(moved(value, to) for value in tree)
        case Chain() | Conv() | Dense():
            copy = object.__new__(type(tree))
            copy.__dict__.update(moved(vars(tree), to))
            return copy
        case _:
            return tree


def assert_same(on_device, on_host):
    """Equal leaf by leaf, on the device and in their dtypes."""
    for (path, a), (name, b) in zip(leaves(on_device), leaves(on_host), strict=True):
        assert path == name
        assert not isinstance(a, np.ndarray), path
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a.get(), b, rtol=1e-12, atol=1e-14, err_msg=path)


# ---- the models, in float64


def mlp(params, x, y):
    for layer in params["hidden"]:
        x = np.tanh(x @ layer["w"] + layer["b"])
    w, b = params["last"]
    return nll(x @ w + b, y)


def mlp_params():
    rng = np.random.default_rng(0)
    return {
        "hidden": [
            {"w": rng.normal(size=(5, 7)), "b": rng.normal(size=7)},
            {"w": rng.normal(size=(7, 6)), "b": rng.normal(size=6)},
        ],
        "last": (rng.normal(size=(6, 3)), rng.normal(size=3)),
    }


def rows():
    rng = np.random.default_rng(1)
    return rng.normal(size=(12, 5)), rng.integers(0, 3, 12)


def lenet():
    model = Chain(Conv(3, 3, 1, 4), Conv(3, 3, 4, 6), Dense(24, 8), Dense(8, 5, identity))
    rng = np.random.default_rng(0)
    for layer in model.layers:
        layer.w = rng.normal(size=layer.w.shape) / 3
        layer.b = rng.normal(size=layer.b.shape) / 3
    return model


def images():
    rng = np.random.default_rng(1)
    return rng.normal(size=(12, 1, 14, 14)), rng.integers(0, 5, 12)


def call(model, x, y):
    return model(x, y)


MODELS = pytest.mark.parametrize(
    ("loss", "model", "data"),
    [pytest.param(mlp, mlp_params, rows, id="mlp"), pytest.param(call, lenet, images, id="lenet")],
)
OPTIMISERS = pytest.mark.parametrize("optimiser", [SGD(0.1), Momentum(0.05), Adam(0.01)], ids=repr)


# ---- what they do


@MODELS
@DEVICES
def test_a_model_has_the_loss_of_numpy(loss, model, data, device):
    value, _ = knetc.value_and_grad(loss)(moved(model(), device), *moved(data(), device))
    expected, _ = knetc.value_and_grad(loss)(model(), *data())

    np.testing.assert_allclose(float(value), expected, rtol=1e-12)


@MODELS
@DEVICES
def test_a_model_has_the_gradient_of_numpy(loss, model, data, device):
    gradient = knetc.grad(loss)(moved(model(), device), *moved(data(), device))

    assert_same(gradient, knetc.grad(loss)(model(), *data()))


@MODELS
@OPTIMISERS
@DEVICES
def test_a_model_trains_as_on_numpy(loss, model, data, optimiser, device):
    trained, expected = moved(model(), device), model()
    train(loss, trained, moved(data(), device), fresh(optimiser))
    train(loss, expected, data(), fresh(optimiser))

    assert_same(trained, expected)


def fresh(optimiser):
    return replace(optimiser)


def train(loss, model, data, optimiser):
    gradient = knetc.grad(loss)
    for _ in range(2):
        for x, y in minibatch(*data, 4, shuffle=True, seed=3):
            update(model, gradient(model, x, y), optimiser)


@MODELS
@OPTIMISERS
def test_a_step_of_training_brings_nothing_back(loss, model, data, optimiser, back):
    trained, batch = moved(model(), on_the_stand_in), moved(data(), on_the_stand_in)
    value, gradient = knetc.value_and_grad(loss)(trained, *batch)
    update(trained, gradient, fresh(optimiser))

    assert back == []
    assert isinstance(value, StrictArray)


def test_the_training_loop_brings_back_one_number_a_step(back):
    batches = minibatch(*moved(rows(), on_the_stand_in), 4)
    list(knetc.adam(mlp, batches, params=moved(mlp_params(), on_the_stand_in)))

    assert back == ["__float__"] * 3


@DEVICES
def test_the_accuracy_is_that_of_numpy(device):
    x, y = images()
    batches = minibatch(x, y, 4)
    on_device = minibatch(device(x), device(y), 4)

    assert accuracy(moved(lenet(), device), data=on_device) == accuracy(lenet(), data=batches)


@DEVICES
def test_the_loss_over_all_batches_is_that_of_numpy(device):
    x, y = images()
    batches = minibatch(x, y, 4)
    on_device = minibatch(device(x), device(y), 4)

    np.testing.assert_allclose(
        nll(moved(lenet(), device), data=on_device), nll(lenet(), data=batches), rtol=1e-12
    )


@DEVICES
def test_clipped_updates_are_those_of_numpy(device):
    trained, expected = moved(mlp_params(), device), mlp_params()
    train(mlp, trained, moved(rows(), device), SGD(0.1, gclip=0.01))
    train(mlp, expected, rows(), SGD(0.1, gclip=0.01))

    assert_same(trained, expected)


@DEVICES
def test_batches_of_a_device_stay_there(device):
    x, y = rows()
    for a, b in zip(
        minibatch(device(x), device(y), 4, shuffle=True, seed=1),
        minibatch(x, y, 4, shuffle=True, seed=1),
        strict=True,
    ):
        assert_same(a[0], b[0])
        np.testing.assert_array_equal(a[1].get(), b[1])


# ---- the loss, which does not wait for the labels


def two_scores():
    return np.log([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])


@DEVICES
def test_a_label_out_of_range_makes_the_loss_of_a_device_nan(device):
    assert np.isnan(float(nll(device(two_scores()), device(np.array([0, 3])))))


@DEVICES
def test_a_masked_instance_counts_for_nothing_even_if_it_is_infinite(device):
    scores = two_scores()
    scores[1] = np.inf
    gradient = knetc.grad(lambda s, y: nll(s, y, ignore_index=-1))(device(scores), device(np.array([2, -1])))

    assert_same(gradient, np.array([[0.5, 0.25, -0.75], [0.0, 0.0, 0.0]]))


@DEVICES
def test_weights_and_masks_go_together(device):
    x, y = rows()
    y[::3] = -1
    weight = np.array([0.5, 2.0, 3.0])

    def loss(x, y, weight):
        return nll(x[:, :3], y, weight=weight)

    gradient = knetc.grad(loss)(device(x), device(y), device(weight))

    assert_same(gradient, knetc.grad(loss)(x, y, weight))


# ---- control flow and containers


def rnn(params, xs):
    h = 0.1 * xs[0]
    for x in xs:
        h = np.tanh(x @ params["wx"] + h @ params["wh"])
    return np.sum(h * h)


def unused_and_reused(params, x):
    w = params["w"]
    return np.sum((x @ w) ** 2) + np.sum(w[0] * w[1:]) + params["scale"] * np.mean(w)


def branches(w, x):
    total = 0.0
    for i in range(len(w)):
        row = w[i] * x
        if i % 2:
            total = total + np.sum(row)
        else:
            total = total + np.max(row)
    return total


def lookup(w, index):
    return np.sum(w[index] ** 2)


def stays_in_a_list(w, x):
    outputs = []
    for i in range(3):
        outputs += [np.tanh(x * w[i])]
    return np.sum(np.concatenate(outputs) ** 2)


def packed_network(params, x, h):
    y, h, _c = rnn_forward(params, x, h, num_layers=2, bidirectional=True, batch_sizes=(3, 2, 1))
    return np.sum(y * y) + np.sum(h)


def gated_network(params, x, h):
    y, h, _c = rnn_forward(params, x, h, rnn_type="gru")
    return np.sum(y * y) + np.sum(h)


def square(n=4):
    return np.random.default_rng(n).normal(size=(n, n))


def cube(*shape):
    return np.random.default_rng(0).normal(size=(*shape, 4))


PROGRAMS = [
    (rnn, ({"wx": square(), "wh": square()}, [square(), square() / 2])),
    (unused_and_reused, ({"w": square(), "unused": square(3), "scale": np.array(0.7)}, square())),
    (branches, (square(), square()[0])),
    (lookup, (square(), np.array([0, 2, 2, 1]))),
    (stays_in_a_list, (square(), square()[1])),
    (
        packed_network,
        (RNN(4, 4, num_layers=2, bidirectional=True, dtype=float).params, square(6)[:, 2:], cube(4, 3)),
    ),
    (gated_network, (RNN(4, 4, "gru", dtype=float).params, cube(5, 3), cube(1, 3))),
]


@pytest.mark.parametrize(("function", "args"), PROGRAMS, ids=[f.__name__ for f, _ in PROGRAMS])
@DEVICES
def test_a_program_has_the_gradient_of_numpy(function, args, device):
    assert_same(knetc.grad(function)(*moved(args, device)), knetc.grad(function)(*args))


ON_THE_HOST = {"volume"}  # it calls np.eye, which makes an array of numpy
MOVABLE = [name for name, (_, *args) in COMPARED.items() if leaves(args) and name not in ON_THE_HOST]


@pytest.mark.parametrize("name", MOVABLE)
@DEVICES
def test_a_program_that_peers_run_has_the_gradient_of_numpy(name, device):
    function, *args = COMPARED[name]

    assert_same(knetc.grad(function)(*moved(args, device)), knetc.grad(function)(*args))


@pytest.mark.parametrize(("function", "args"), PROGRAMS, ids=[f.__name__ for f, _ in PROGRAMS])
def test_a_program_brings_nothing_back(function, args, back):
    knetc.grad(function)(*moved(args, on_the_stand_in))

    assert back == []


@pytest.mark.parametrize(
    "activation",
    [relu, knetc.sigm, knetc.elu, knetc.selu, knetc.tanh, knetc.gelu, knetc.swish, knetc.softplus],
)
@DEVICES
def test_an_activation_has_the_gradient_of_numpy(activation, device):
    def loss(x):
        return np.sum(activation(x) ** 2)

    assert_same(knetc.grad(loss)(device(square())), knetc.grad(loss)(square()))

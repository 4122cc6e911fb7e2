from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError
from knetc.nn import Chain, Dropout, Linear, Residual, Sequential
from knetc.testing import gradcheck

rng = np.random.default_rng(0)


def classifier():
    knetc.seed(1)
    return Chain(Linear(4, 8, activation=np.tanh), Residual(Linear(8, 8), np.tanh), Linear(8, 3))


def test_a_chain_calls_one_layer_after_the_other():
    first, last = Linear(4, 3), Linear(3, 2)
    x = rng.normal(size=(5, 4))

    np.testing.assert_array_equal(Chain(first, np.tanh, last)(x), last(np.tanh(first(x))))
    np.testing.assert_array_equal(Chain()(x), x)


def test_with_labels_a_chain_is_its_loss():
    model, x, y = classifier(), rng.normal(size=(5, 4)), rng.integers(0, 3, 5)

    assert model(x, y) == knetc.nll(model(x), y)


def test_a_chain_takes_another_loss():
    model = Chain(Linear(4, 1), loss=lambda x, y: np.mean((x - y) ** 2))
    x, y = rng.normal(size=(5, 4)), rng.normal(size=(5, 1))

    assert model(x, y) == np.mean((model(x) - y) ** 2)
    assert model[:1].loss is model.loss


def test_parts_of_a_chain_are_its_layers():
    model = classifier()

    assert (len(model), model[0], model[-1]) == (3, model.layers[0], model.layers[2])
    assert model[1:].layers == model.layers[1:]
    assert list(model) == list(model.layers)
    assert Sequential is Chain


def test_a_residual_adds_what_goes_past():
    layer, short, x = Linear(4, 4), Linear(4, 4), rng.normal(size=(5, 4))

    np.testing.assert_array_equal(Residual(layer, np.tanh)(x), np.tanh(layer(x)) + x)
    np.testing.assert_array_equal(
        Residual(layer, shortcut=short, activation=knetc.relu)(x), knetc.relu(layer(x) + short(x))
    )


def test_gradients_are_those_of_differences():
    x, y = rng.normal(size=(5, 4)), rng.integers(0, 3, 5)

    gradcheck(lambda model, x: model(x, y), classifier(), x)
    gradcheck(lambda layer, x: layer(x), Residual(Linear(4, 4), shortcut=Linear(4, 4), activation=np.tanh), x)


def test_a_chain_is_trained_as_it_is():
    model, x = classifier(), rng.normal(size=(60, 4)).astype(np.float32)
    y = np.argmax(x[:, :3], axis=1)
    knetc.run(knetc.adam(model, [(x, y)] * 150, lr=0.02))

    assert knetc.accuracy(model, data=[(x, y)]) > 0.95


def test_dropout_drops_in_gradients_only():
    model = Chain(Dropout(0.5), loss=lambda x, _: np.sum(x))
    x = np.ones(1000)
    value, gradient = knetc.value_and_grad(lambda x: model(x, 0))(x)

    assert model(x, 0) == 1000
    assert set(gradient) == {0.0, 2.0}
    assert value == gradient.sum()


def test_a_chain_is_saved_and_loaded(tmp_path):
    path, model, other = tmp_path / "model.safetensors", classifier(), classifier()
    x = rng.normal(size=(5, 4))
    for layer in (model[0], model[1][0] if isinstance(model[1], Chain) else model[1].layers[0]):
        layer.w += 1
    assert not np.array_equal(model(x), other(x))
    knetc.save(path, model)
    knetc.load(path, into=other)

    np.testing.assert_array_equal(model(x), other(x))


@pytest.mark.parametrize(
    ("layers", "what"),
    [(([Linear(1, 1)],), "0 is a list"), ((np.tanh, 3), "1 is a int"), ((Linear,), "0 is the class Linear")],
)
@pytest.mark.parametrize("cls", [Chain, Residual])
def test_what_cannot_be_called_is_no_layer(cls, layers, what):
    with pytest.raises(
        ArgumentError, match=f"KN349 {cls.__name__}: layer {what}; expected layers and functions"
    ):
        cls(*layers)


def test_the_activation_of_a_residual_is_a_function():
    with pytest.raises(
        ArgumentError, match="KN347 Residual: `activation` is 'relu'; expected a function or a layer"
    ):
        Residual(np.tanh, activation="relu")


@pytest.mark.parametrize("p", [-0.1, 1.5, float("nan")])
def test_dropout_is_a_probability(p):
    with pytest.raises(ArgumentError, match=r"KN323 Dropout: `p` is .*expected a probability from 0 to 1"):
        Dropout(p)


def test_the_loop_over_layers_calls_each_once():
    model = classifier()
    gradient = knetc.value_and_grad(Chain.__call__)
    gradient(model, rng.normal(size=(5, 4)).astype(np.float32), np.zeros(5, int))

    assert "    for layer in layers:\n        x, layer_back = call(layer, x)\n" in gradient.source
    assert "record" not in gradient.source

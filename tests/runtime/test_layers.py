from __future__ import annotations

import sys
from functools import partial

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, Refusal, ShapeError
from knetc.runtime.layers import children, is_layer, path_to, running


class Dense:
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return knetc.conv4(self.w, x)


class Model:
    def __init__(self, first, *layers, **named):
        self.first, self.layers, self.named, self.size = first, layers, named, 3

    def __call__(self, x):
        for layer in (self.first, *self.layers, *self.named.values()):
            x = layer(x)
        return x


def filters(inputs):
    return Dense(np.ones((2, inputs, 1, 1)))


def test_layers_are_objects_that_can_be_called():
    assert is_layer(filters(1))
    assert is_layer(partial(np.sum, axis=0))
    assert not any(map(is_layer, [np.tanh, len, Dense, np.ones(3), [filters(1)], None, 3.0, lambda x: x]))


def test_children_have_the_paths_by_which_they_are_reached():
    model = Model(filters(1), np.tanh, [filters(2)], last=filters(3))
    found = children(model)

    assert [path for path, _ in found] == ["first", "layers[0]", "layers[1][0]", "named['last']"]
    for path, layer in found:
        assert eval(f"model.{path}") is layer


def test_a_function_in_an_attribute_is_no_layer():
    assert children(Model(np.tanh)) == []


def test_a_path_leads_through_layers_of_layers():
    inner = filters(1)
    model = Model(np.tanh, Model(filters(1), inner))

    assert path_to(inner, model) == "layers[0].layers[0]"
    assert path_to(model, model) == ""
    assert path_to(filters(1), model) is None


def test_layers_that_refer_to_each_other_have_paths():
    a, b = Model(np.tanh), Model(np.tanh)
    a.first, b.first = b, a

    assert path_to(b, a) == "first"
    assert path_to(filters(1), a) is None


MISFIT = "KN211 conv4: `x` of shape (1, 2, 4, 4) has 2 channels, but `w` of shape (2, 3, 1, 1) expects 3"


def calls():
    """A model whose second layer does not fit, called in several ways."""
    model, x = Model(filters(1), filters(3)), np.ones((1, 1, 4, 4))
    loss = lambda model, x: np.sum(model(x))  # noqa: E731
    return {
        "plainly": lambda: model(x),
        "in a gradient": lambda: knetc.grad(loss)(model, x),
        "in training": lambda: list(knetc.sgd(loss, [x], params=model)),
        "over data": lambda: knetc.accuracy(model, data=[(x, [0])]),
    }


@pytest.mark.parametrize("way", calls())
def test_an_error_of_an_op_tells_the_layer_and_its_path(way):
    with pytest.raises(ShapeError) as caught:
        calls()[way]()

    assert MISFIT in str(caught.value)
    assert "\nlayer: `layers[0]` of Model, Dense\nhelp: " in str(caught.value)


def test_an_error_of_numpy_tells_the_layer_where_it_tells_the_line():
    class Product:
        def __init__(self, w):
            self.w = w

        def __call__(self, x):
            return x @ self.w

    model = Model(Product(np.ones((3, 2))), Product(np.ones((3, 2))))
    with pytest.raises(ValueError, match="matmul") as caught:
        knetc.grad(lambda model, x: np.sum(model(x)))(model, np.ones((4, 3)))

    assert caught.value.__notes__[0].endswith(
        "shapes: `x` is (4, 2), `w` is (3, 2)\nlayer: `layers[0]` of Model, Product"
    ) or caught.value.__notes__[0].endswith("\nlayer: `layers[0]` of Model, Product")


def test_errors_without_a_layer_have_no_such_line():
    with pytest.raises(ShapeError) as caught:
        knetc.conv4(np.ones((2, 3, 1, 1)), np.ones((1, 1, 4, 4)))

    assert "layer:" not in str(caught.value)
    assert caught.value.layer == ""


def test_what_can_be_called_without_holding_arrays_is_no_part_of_a_model():
    class Caller:
        def __init__(self, function):
            self.function = function

        def __call__(self):
            self.function()

    with pytest.raises(ArgumentError) as caught:
        Caller(lambda: knetc.dropout(np.ones(3), 2.0, drop=True))()

    assert caught.value.layer == ""


def test_the_search_costs_nothing_where_the_compiler_refuses():
    assert Refusal("KN101", "no").layer == ""


def test_without_frames_nothing_runs():
    assert running([]) == ""
    assert running([sys._getframe()]) == ""


def test_a_layer_whose_text_fails_does_not_hide_the_error():
    class Mute(Dense):
        def __repr__(self):
            message = "no text"
            raise RuntimeError(message)

    with pytest.raises(ShapeError, match="KN211") as caught:
        Mute(np.ones((2, 3, 1, 1)))(np.ones((1, 1, 4, 4)))

    assert caught.value.layer == ""

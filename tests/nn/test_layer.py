from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError
from knetc.nn import Chain, Dropout, Linear, Residual, parameters
from knetc.nn.layer import described


class Own:
    """A layer of a user: nothing is inherited."""

    def __init__(self):
        self.w, self.body = np.ones((2, 3), np.float32), Chain(Linear(3, 4), np.tanh)

    def __call__(self, x):
        return self.body(x * self.w)


def test_a_layer_shows_its_sizes_and_its_parameters():
    assert repr(Linear(784, 64, activation=knetc.relu)) == "Linear(784 -> 64, relu)  50,240 parameters"
    assert repr(Linear(1, 1, bias=False)) == "Linear(1 -> 1)  1 parameter"
    assert repr(Dropout(0.25)) == "Dropout(0.25)"


def test_layers_in_layers_are_shown_below_with_their_paths():
    model = Chain(Own(), Residual(Linear(4, 4, activation=knetc.sigm), activation=knetc.relu))

    assert repr(model) == (
        "Chain  42 parameters\n"
        "  layers[0]: Own(w: 2 x 3)  22 parameters\n"
        "    body: Chain  16 parameters\n"
        "      layers[0]: Linear(3 -> 4)  16 parameters\n"
        "      layers[1]: tanh\n"
        "  layers[1]: Residual(relu)  20 parameters\n"
        "    layers[0]: Linear(4 -> 4, sigm)  20 parameters"
    )


def test_a_layer_that_refers_to_itself_has_a_text():
    layer = Own()
    layer.body = Chain(layer)

    assert described(layer).count("\n") == 2


def test_a_frozen_layer_is_marked_and_has_no_parameters():
    layer = knetc.frozen(Linear(3, 2))

    assert repr(layer) == "Linear(3 -> 2)  frozen"
    assert parameters(Chain(layer, Linear(2, 5))) == 15


def test_shared_parameters_count_once():
    layer = Linear(3, 3)

    assert parameters(Chain(layer, layer)) == 12


@pytest.mark.parametrize("size", [0, -1, 2.0, True, "3", None])
def test_a_size_is_a_positive_int(size):
    message = rf"KN346 Linear: `outputs` is {size!r}; expected an int of at least 1\nhelp: pass the number of outputs"
    with pytest.raises(ArgumentError, match=message):
        Linear(3, size)


def test_a_gradient_of_a_layer_has_a_text():
    gradient = knetc.grad(lambda layer, x: np.sum(layer(x)))(Chain(Linear(3, 2), knetc.relu), np.ones((1, 3)))
    assert "gradient of a Chain" in repr(gradient)

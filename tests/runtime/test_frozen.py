from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError
from knetc.runtime.frozen import FrozenArray, frozen, is_frozen


class Layer:
    def __init__(self):
        self.w = np.ones(3)


@dataclass(frozen=True)
class Fixed:
    w: float = 1.0


def test_a_frozen_array_shares_the_memory_of_the_array():
    w = np.zeros(3)
    frozen(w)[0] = 5.0
    assert w.tolist() == [5.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "result",
    [
        lambda w: w + 1,
        np.tanh,
        lambda w: w @ np.ones(3),
        lambda w: w.sum(axis=0),
        lambda w: np.where(w > 0, w, 0),
        lambda w: np.concatenate([w, w]),
        np.asarray,
    ],
)
def test_what_is_computed_from_a_frozen_array_is_not_frozen(result):
    assert not is_frozen(result(frozen(np.ones((3, 3)))))


def test_arithmetic_with_a_frozen_0d_array_gives_a_scalar():
    assert type(frozen(np.array(1.0)) + 1) is np.float64


def test_an_update_in_place_keeps_the_mark():
    w = frozen(np.ones(3))
    w *= 2
    assert is_frozen(w)
    assert w.tolist() == [2.0, 2.0, 2.0]


def test_a_deep_copy_of_a_frozen_array_is_frozen():
    assert is_frozen(copy.deepcopy({"w": frozen(np.ones(3))})["w"])


def test_an_object_is_marked_itself():
    layer = Layer()
    assert frozen(layer) is layer
    assert is_frozen(layer)
    assert not is_frozen(Layer())


def test_a_deep_copy_of_a_frozen_object_is_frozen():
    assert is_frozen(copy.deepcopy(frozen(Layer())))


def test_a_frozen_dataclass_can_be_marked():
    assert is_frozen(frozen(Fixed()))


def test_the_items_of_containers_are_frozen():
    tree = frozen({"a": [np.ones(2), Layer()], "b": (np.ones(2), 1.0, None)})
    assert all(is_frozen(leaf) for leaf in (*tree["a"], tree["b"][0]))
    assert isinstance(tree["b"][0], FrozenArray)


def test_constants_stay_as_they_are():
    assert frozen(0.5) == 0.5
    assert not is_frozen(0.5)


def test_an_object_that_takes_no_attributes_is_refused():
    with pytest.raises(ArgumentError, match=r"KN409 `value` \(a object\) cannot be frozen"):
        frozen(object())


class Power:
    """A parameter beside a setting, which no rule has to know."""

    def __init__(self, setting):
        self.w, self.setting, self.both = np.array([1.0, 2.0]), setting, 3.0

    def __call__(self, x):
        return np.sum(self.w * x**self.setting) * self.both


def compiled(model, x):
    return model(x)


def recorded(model, x):
    return sum(map(model, (part for part in [x])))


@pytest.mark.parametrize("number", [2.5, np.float32(2.5), np.float64(2.5)])
def test_a_frozen_number_is_that_number(number):
    setting = frozen(number)

    assert setting == 2.5
    assert isinstance(setting, float)
    assert is_frozen(setting)
    assert is_frozen(copy.deepcopy(setting))
    assert type(setting + 1) is float
    assert frozen(setting) == setting


@pytest.mark.parametrize("function", [compiled, recorded])
def test_a_frozen_number_has_no_derivative(function):
    x = np.array([3.0, 4.0])
    gradient = knetc.grad(function, wrt=("model", "x"))
    found, x_bar = gradient(Power(frozen(2.0)), x)

    assert ("tape" in gradient.source) == (function is recorded)
    assert not hasattr(found, "setting")
    assert found.both == 41
    assert found.w.tolist() == [27.0, 48.0]
    assert x_bar.tolist() == [18.0, 48.0]
    assert gradient(Power(2.0), x)[0].setting > 0  # an ordinary number has one


def test_a_frozen_number_stays_frozen_when_it_is_loaded(tmp_path):
    knetc.save(tmp_path / "model.safetensors", Power(frozen(2.0)))
    model = Power(frozen(1.0))
    knetc.load(tmp_path / "model.safetensors", into=model)

    assert model.setting == 2.0
    assert is_frozen(model.setting)
    assert not is_frozen(model.both)

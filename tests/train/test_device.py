from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from knetc.backends import is_device_array, register
from knetc.errors import ArgumentError, PackageError
from knetc.runtime.frozen import frozen, is_frozen
from knetc.train.device import to_device, to_host
from knetc.train.optim import Adam
from knetc.train.update import update


class DeviceArray:
    """An array of another memory, which does not become one of numpy by itself."""

    def __init__(self, values):
        self.values = np.array(values)
        self.shape, self.dtype = self.values.shape, self.values.dtype

    def copy(self):
        return DeviceArray(self.values)

    def __array__(self, *_, **__):
        raise TypeError("implicit conversion")


DEVICE = SimpleNamespace(ndarray=DeviceArray, asarray=DeviceArray, asnumpy=lambda array: array.values.copy())
register(DeviceArray, DEVICE)


class Layer:
    def __init__(self, w):
        self.w, self.f, self.name, self.labels = w, np.tanh, "layer", np.array(["a"])


class Slotted:
    __slots__ = ("empty", "w")

    def __init__(self, w):
        self.w = w


class Items(list):
    """A list with an attribute."""


def test_a_model_goes_to_the_device_and_back_exactly():
    w, b = np.arange(6, dtype=np.float32).reshape(2, 3).T, np.array(3)
    model = [Layer(w), {"s": Slotted(b)}]
    there = to_device(model, DEVICE)
    assert type(there[0].w) is type(there[1]["s"].w) is DeviceArray
    back = to_host(there)
    np.testing.assert_array_equal(back[0].w, w)
    assert (back[0].w.dtype, back[1]["s"].w.dtype, back[1]["s"].w.shape) == (np.float32, b.dtype, ())
    assert model[0].w is w


@pytest.mark.parametrize("copied", [to_host, lambda value: to_device(value, DEVICE)])
def test_everything_but_code_is_copied(copied):
    model = [Layer(np.ones(2))]
    found = copied(model)
    assert found is not model
    assert found[0] is not model[0]
    assert found[0].f is np.tanh
    assert found[0].name == "layer"


@pytest.mark.parametrize("make", [np.ones, lambda n: DeviceArray(np.ones(n))])
def test_arrays_that_are_where_they_should_be_are_copied_too(make):
    w = make(2)
    copied = to_host(w) if isinstance(w, np.ndarray) else to_device(w, DEVICE)
    assert type(copied) is type(w)
    assert copied is not w


def test_tied_arrays_and_cycles_stay_so():
    w = np.ones(2)
    model = {"a": w, "b": [w]}
    model["self"] = model
    there = to_device(model, DEVICE)
    assert there["a"] is there["b"][0]
    assert there["self"] is there


def test_containers_of_ones_own_are_gone_through():
    items = Items([np.ones(1)])
    items.w = np.ones(2)
    there = to_device((items, {1: frozenset([3])}), DEVICE)
    assert type(there[0]) is Items
    assert is_device_array(there[0][0])
    assert is_device_array(there[0].w)


def test_arrays_of_strings_stay():
    assert type(to_device(Layer(np.ones(1)), DEVICE).labels) is np.ndarray


def test_integers_and_truth_values_go_too():
    there = to_device([np.arange(3), np.array([True])], DEVICE)
    assert [array.dtype.kind for array in there] == ["i", "b"]
    assert all(map(is_device_array, there))


def test_a_frozen_array_stays_frozen_on_the_host_and_is_refused_on_the_device():
    model = {"w": frozen(np.ones(2))}
    assert is_frozen(to_host(model)["w"])
    with pytest.raises(ArgumentError, match=r"KN409 a frozen array of the shape \(2,\) cannot leave numpy"):
        to_device(model, DEVICE)


def test_a_frozen_object_goes_and_stays_frozen():
    there = to_device(frozen(Layer(np.ones(2))), DEVICE)
    assert is_frozen(there)
    assert is_device_array(there.w)


def test_the_memory_of_an_optimiser_goes_with_it():
    w, optimiser = {"w": np.ones(2)}, Adam()
    update(w, {"w": np.ones(2)}, optimiser)
    model, moved = to_device((w, optimiser), DEVICE)
    assert is_device_array(model["w"])
    assert [is_device_array(value) for value in next(iter(moved.memory.values())).values()].count(True) == 2
    assert moved.steps == 1


def test_without_cupy_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(PackageError, match="KN426 this needs the package `cupy`") as caught:
        to_device(np.ones(2))
    assert caught.value.help == "pip install 'knetc[cupy]'"


@pytest.mark.gpu
def test_a_model_goes_to_the_gpu_and_back_exactly():
    w = np.random.default_rng(0).standard_normal((3, 4)).astype(np.float32)
    there = to_device({"w": w})
    assert is_device_array(there["w"])
    np.testing.assert_array_equal(to_host(there)["w"], w)

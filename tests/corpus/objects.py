"""Objects: attributes, methods, callable objects called through run-time dispatch, and objects that hold objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.corpus.case import at, matrix, vector


@dataclass
class Scale:
    """A layer of one array, with an attribute of its class and one that is no number."""

    w: Any
    b: Any = 0.3
    name: str = "scale"
    factor = 1.5

    def __call__(self, x):
        return self.scaled(x) * self.factor + self.b

    def scaled(self, x):
        return self.w * x

    @staticmethod
    def squared(x):
        return x * x

    def loss(self, x):
        return np.sum(self(x) ** 2)


@dataclass
class Chain:
    """Layers, one after the other."""

    layers: list[Any]
    last: Any = None

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x if self.last is None else self.last(x)


class Dense:
    """A matrix, a bias and an activation function."""

    __slots__ = ("activation", "b", "w")

    def __init__(self, w, b, activation=np.tanh):
        self.w = w
        self.b = b
        self.activation = activation

    def __call__(self, x):
        return self.activation(self.w @ x + self.b)


class Bent(Dense):
    """A subclass that uses the attributes of its base."""

    __slots__ = ()

    def __call__(self, x):
        return self.w @ x * x[0] + self.b


def doubled(t):
    return 2.5 * t


@at(Scale(vector(3), 0.4))
def attributes(p):
    return np.sum(p.w * p.b * p.factor + p.w)


@at(Scale(vector(3)), vector(3))
def callable_object(layer, x):
    return np.sum(layer(x) * x)


@at(Scale(vector(3)), vector(3))
def method(layer, x):
    return np.sum(layer.scaled(x) * layer.squared(x))


@at(Scale(vector(3)), vector(3))
def object_under_another_name(layer, x):
    same = layer
    w = same.w
    return np.sum(w * layer.w * x)


@at(Chain([Dense(matrix(3, 2), vector(3)), Dense(matrix(2, 3), vector(2), doubled)]), vector(2))
@at(
    Chain([Scale(vector(2)), Dense(matrix(2, 2), 0.1), Scale(0.7)], last=Bent(matrix(2, 2), vector(2))),
    vector(2),
)
def layers_in_a_list(model, x):
    return np.sum(model(x) ** 2)


@at(Chain([Scale(vector(3)), Scale(vector(3))]), vector(3))
def layer_used_twice(model, x):
    first = model.layers[0]
    return np.sum(first(first(x)) * model(x))


@at([Scale(vector(3)), Scale(vector(3))], vector(3))
def list_of_objects(layers, x):
    for layer in layers:
        x = layer(x) + layer.w
    return np.sum(x)


@at({"a": Scale(vector(3)), "f": np.tanh}, vector(3))
def object_in_a_dict(parts, x):
    return np.sum(parts["f"](parts["a"](x)))


@at(Scale(vector(3)), vector(3))
def attribute_in_a_loop(layer, x):
    for i in range(3):
        x = x * layer.w + layer.b * i
    return np.sum(x)


@at(Chain([Scale(vector(3))]), vector(3))
def attribute_that_is_none(model, x):
    if model.last is not None:
        x = model.last(x)
    return np.sum(model.layers[0](x))


@at(Scale(Scale(vector(3), 0.2), 0.4), vector(3))
def object_in_an_object(outer, x):
    return np.sum(outer.w(x) * outer.w.w) * outer.b


def twice(layer, x):
    return layer(layer(x))


@at(Scale(vector(3)), vector(3))
def object_through_a_function(layer, x):
    return np.sum(twice(layer, x)) + twice(doubled, x)[0]


bound = Scale(vector(3), 0.4)
at(vector(3))(bound.loss)


@at(vector(3))
def object_of_the_module(x):
    return bound.loss(x) * np.sum(bound.scaled(x))

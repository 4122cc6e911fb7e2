"""Methods that are called directly: the code holds as long as the classes and the objects are what they were."""

from __future__ import annotations

import pytest

import knetc


class Base:
    def __init__(self, w):
        self.w = w

    def step(self, x):
        return x * self.w


class Layer(Base):
    def __call__(self, x):
        return self.step(x) * self.w


class Model:
    def __init__(self, layer):
        self.layer = layer

    def loss(self, x):
        return self.layer(x) + self.layer.step(x)


class Cube:
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return x**3 * self.w

    def step(self, x):
        return x * 0.0


loss = knetc.grad(Model.loss, wrt="x")


def test_the_adjoints_of_methods_stand_in_the_text():
    assert loss(Model(Layer(2.0)), 1.0) == 6.0
    assert "Layer_call_forward(self.layer, x)" in loss.source
    assert "call_method" not in loss.source


def test_an_object_of_another_class_in_an_attribute_is_seen():
    model = Model(Layer(2.0))
    assert loss(model, 1.0) == 6.0
    model.layer = Cube(2.0)
    assert loss(model, 1.0) == 6.0
    assert loss(model, 2.0) == 24.0


def test_a_method_that_is_replaced_is_seen(monkeypatch):
    assert loss(Model(Layer(2.0)), 1.0) == 6.0
    monkeypatch.setattr(Base, "step", lambda self, x: x * x * self.w)
    assert loss(Model(Layer(2.0)), 1.0) == 12.0


def test_a_method_of_a_subclass_that_hides_an_inherited_one_is_seen(monkeypatch):
    assert loss(Model(Layer(2.0)), 1.0) == 6.0
    monkeypatch.setattr(Layer, "step", lambda self, x: x * 3.0, raising=False)
    assert loss(Model(Layer(2.0)), 1.0) == 9.0


def test_an_attribute_that_hides_a_method_later_is_seen():
    model = Model(Layer(2.0))
    assert loss(model, 1.0) == 6.0
    model.layer.step = lambda x: x * 5.0
    assert loss(model, 1.0) == 15.0


class Shared:
    def __init__(self, layer):
        self.one, self.other = layer, layer

    def loss(self, x):
        return self.one(x) * self.other(2.0 * x)

    def recorded(self, x):
        def terms():
            yield self.loss(x)

        return sum(terms())


@pytest.mark.parametrize("function", [Shared.loss, Shared.recorded])
def test_the_gradients_of_all_places_of_an_object_are_its_gradient_together(function):
    # (w w x) (w w 2 x) by w, where w = 0.5 and x = 3
    gradient = knetc.grad(function)(Shared(Layer(0.5)), 3.0)
    assert gradient.one.w + gradient.other.w == 9.0

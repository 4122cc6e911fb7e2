"""Methods that are called directly: the code holds as long as the classes and the objects are what they were."""

from __future__ import annotations

import numpy as np
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


def test_what_flows_back_to_a_parent_is_part_of_its_gradient():
    n = Child(2.0).add(Child(3.0).add(Child(5.0))).add(Child(7.0))
    found = knetc.grad(lambda n, x: n.kids[0].kids[0].up(x) + n.kids[1].up(x))(n, 1.0)
    inner, other = found.kids
    assert (found.w, inner.w, inner.kids[0].w, other.w) == (22.0, 10.0, 6.0, 2.0)


class Child:
    def __init__(self, w):
        self.w, self.kids, self.parent = w, [], None

    def add(self, kid):
        self.kids.append(kid)
        kid.parent = self
        return self

    def up(self, x):
        return x * self.w if self.parent is None else self.parent.up(x * self.w)


MODEL = Model(Layer(2.0))


def of_a_global(x):
    return MODEL.layer(x)


def of_a_default(x, model=MODEL):
    return model.layer(x)


def of_a_callee(x):
    return of_a_default(x) * 1.0


def test_a_part_of_a_global_or_of_a_default_that_is_replaced_is_seen(monkeypatch):
    for function in (of_a_global, of_a_default, of_a_callee):
        gradient = knetc.grad(function)
        monkeypatch.setattr(MODEL, "layer", Layer(2.0))
        assert gradient(2.0) == 4.0
        monkeypatch.setattr(MODEL, "layer", Cube(2.0))
        assert gradient(2.0) == 24.0
        monkeypatch.setattr(MODEL, "layer", np.sqrt)
        assert gradient(4.0) == 0.25


class Named(Base):
    forward = Base.step

    def loss(self, x):
        return self.forward(x) + self.step(x)


def test_a_method_is_known_by_the_name_by_which_it_is_called(monkeypatch):
    gradient = knetc.grad(Named.loss, wrt="x")
    assert gradient(Named(2.0), 1.0) == 4.0
    kept = gradient.source
    assert gradient(Named(3.0), 1.0) == 6.0
    assert gradient.source is kept
    monkeypatch.setattr(Named, "forward", lambda self, x: x * x * self.w)
    assert gradient(Named(2.0), 1.0) == 6.0


def test_the_two_sweeps_are_made_anew_when_a_method_is_replaced(monkeypatch):
    model = Model(Layer(2.0))
    assert loss.backward(loss.forward(model, 1.0)[1], 1.0) == 6.0
    monkeypatch.setattr(Base, "step", lambda self, x: x * x * self.w)
    assert loss.backward(loss.forward(model, 1.0)[1], 1.0) == 12.0

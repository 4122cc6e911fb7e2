from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.checkpoint import load, save
from knetc.train.groups import Groups
from knetc.train.minimize import minimize, run
from knetc.train.optim import SGD, Adam, AdamW, Momentum
from knetc.train.schedule import cosine
from knetc.train.update import update


class Layer:
    def __init__(self, scale):
        self.w = np.full((2, 2), scale)
        self.b = np.full(2, scale)


class Model:
    def __init__(self):
        self.layers = [Layer(1.0), Layer(2.0)]
        self.b = np.full(1, 3.0)

    def __call__(self, x):
        for layer in self.layers:
            x = x @ layer.w + layer.b
        return np.sum(x * x) + np.sum(self.b**2)


def ones(model):
    gradient = Model()
    for layer in gradient.layers:
        layer.w[:], layer.b[:] = 1.0, 1.0
    gradient.b[:] = 1.0
    return gradient


def moved(choice, default=None):
    """Which arrays a choice moves."""
    model, before = Model(), Model()
    update(model, ones(model), Groups(default, (choice(model), SGD(1.0))))
    pairs = {
        f"{i}{name}": (getattr(model.layers[i], name), getattr(before.layers[i], name))
        for i in (0, 1)
        for name in "wb"
    } | {"b": (model.b, before.b)}
    return sorted(name for name, (a, b) in pairs.items() if not np.array_equal(a, b))


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (lambda m: "layers[0]", ["0b", "0w"]),
        (lambda m: "layers[1].w", ["1w"]),
        (lambda m: "*.b", ["0b", "1b"]),
        (lambda m: "*b", ["0b", "1b", "b"]),
        (lambda m: "b", ["b"]),
        (lambda m: "layers*w", ["0w", "1w"]),
        (lambda m: m.layers[1], ["1b", "1w"]),
        (lambda m: m.layers, ["0b", "0w", "1b", "1w"]),
        (lambda m: m.b, ["b"]),
        (lambda m: [m.b, m.layers[0].w], ["0w", "b"]),
        (lambda m: lambda path, w: w.ndim < 2, ["0b", "1b", "b"]),
    ],
)
def test_a_part_is_chosen_by_path_by_object_or_by_a_function(choice, expected):
    assert moved(choice) == expected


def test_the_first_choice_that_fits_counts_and_the_rest_has_the_default():
    model = Model()
    groups = Groups(SGD(0.5), ("layers[0].b", None), ("layers[0]", SGD(0.25)), (model.b, Momentum(2.0)))
    update(model, ones(model), groups)
    assert [model.layers[0].b[0], model.layers[0].w[0, 0]] == [1.0, 0.75]
    assert [model.layers[1].b[0], model.layers[1].w[0, 0], model.b[0]] == [1.5, 1.5, 1.0]


def test_groups_train_as_separate_optimisers_do():
    model, other, x = Model(), Model(), np.ones((1, 2)) / 8
    groups = Groups(
        Adam(0.01), (lambda _, w: w.ndim < 2, AdamW(0.02, decay=0.3)), ("layers[0]", Momentum(0.001))
    )
    run(minimize(model, [x] * 5, groups))
    adam, adamw, momentum = Adam(0.01), AdamW(0.02, decay=0.3), Momentum(0.001)
    from knetc.api import grad

    for _ in range(5):
        g = grad(Model.__call__)(other, x)
        update([other.layers[1].w], [g.layers[1].w], adam)
        biases = [other.layers[0].b, other.layers[1].b, other.b]
        update(biases, [g.layers[0].b, g.layers[1].b, g.b], adamw)
        update([other.layers[0].w], [g.layers[0].w], momentum)
    for a, b in zip(model.layers, other.layers, strict=True):
        np.testing.assert_allclose(a.w, b.w, rtol=1e-12)
        np.testing.assert_allclose(a.b, b.b, rtol=1e-12)
    np.testing.assert_allclose(model.b, other.b, rtol=1e-12)


def test_clip_norm_is_that_of_all_groups_without_the_frozen_parts():
    w = {"a": np.zeros(1), "b": np.zeros(1), "c": np.zeros(1)}
    gradient = {"a": np.array([3.0]), "b": np.array([4.0]), "c": np.array([100.0])}
    update(w, gradient, Groups(SGD(1.0), ("['b']", SGD(2.0)), ("['c']", None), clip_norm=1.0))
    np.testing.assert_allclose([w["a"][0], w["b"][0], w["c"][0]], [-0.6, -1.6, 0.0], rtol=1e-12)


def test_an_optimiser_of_two_choices_counts_one_step():
    shared, w = SGD(lambda step: 1.0 + step), [np.zeros(1), np.zeros(1)]
    groups = Groups(None, ("[0]", shared), ("[1]", shared))
    update(w, [np.ones(1), np.ones(1)], groups)
    assert (w[0][0], w[1][0], shared.steps) == (-1.0, -1.0, 1)


@pytest.mark.parametrize(
    "choice",
    [
        lambda m: "*b",
        lambda m: m.layers[0],
        lambda m: m.b,
        lambda m: [m.b],
        lambda m: lambda path, _: "0" in path,
    ],
)
def test_groups_are_saved_whole(tmp_path, choice):
    def start():
        model = Model()
        return model, Groups(Adam(cosine(0.01, 9)), (choice(model), Momentum(0.01)), clip_norm=1.0)

    (model, optimiser), x = start(), np.ones((1, 2)) / 8
    run(minimize(model, [x] * 3, optimiser))
    save(tmp_path / "run", [model, optimiser])
    run(minimize(model, [x] * 3, optimiser))
    other, again = load(tmp_path / "run", into=list(start()))
    run(minimize(other, [x] * 3, again))
    np.testing.assert_array_equal(other.layers[0].w, model.layers[0].w)
    np.testing.assert_array_equal(other.layers[1].b, model.layers[1].b)
    np.testing.assert_array_equal(other.b, model.b)


def test_it_shows_its_optimisers():
    shown = repr(Groups(SGD(0.5), ("*b", None), (np.ones(1), SGD(0.25))))
    assert shown.startswith("Groups(SGD(lr=0.5, ")
    assert "(*b, None), (ndarray, SGD(lr=0.25, " in shown


def test_a_clone_remembers_nothing():
    groups = Groups(Adam(0.01), ("b", None), clip_norm=2.0)
    run(minimize(Model(), [np.ones((1, 2))], groups))
    clone = groups.clone()
    assert (clone.default, clone.choices, clone.clip_norm) == (groups.default, groups.choices, 2.0)
    assert clone.default.memory == {}


def test_a_choice_that_fits_nothing_is_refused_and_nothing_moves():
    model = Model()
    with pytest.raises(
        ArgumentError, match=r"KN418 `layer\[0\]` fits none of the arrays(.|\n)*paths are layers\[0\].w"
    ):
        update(model, ones(model), Groups(SGD(), ("layer[0]", None)))
    with pytest.raises(ArgumentError, match="KN418 `ndarray of choice 0` fits none"):
        update(model, ones(model), Groups(SGD(), (np.ones(2), None)))
    assert model.b[0] == 3.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Groups(0.1), "KN418 the optimiser of a group is 0.1; expected one such as"),
        (lambda: Groups(SGD, ("*", None)), "KN418 the optimiser of a group is <class"),
        (lambda: Groups(SGD(), ("*", 0.1)), "KN418 the optimiser of a group is 0.1"),
        (lambda: Groups(SGD(), "*"), r"KN418 a choice is '\*'; expected a pair"),
        (lambda: Groups(SGD(), clip_norm=-1), "KN407 `clip_norm` is -1"),
    ],
)
def test_choices_are_pairs_with_an_optimiser(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()

from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.frozen import frozen
from knetc.train.optim import SGD, Adam
from knetc.train.update import update


class Layer:
    def __init__(self, w, n=0):
        self.w = w
        self.n = n


def test_without_an_optimiser_it_is_sgd():
    w = np.array([1.0])
    update(w, np.array([2.0]))
    assert w.tolist() == [0.8]


def test_tied_weights_get_the_sum_of_their_gradients_in_one_update():
    rng = np.random.default_rng(0)
    w, alone = np.ones(3), np.ones(3)
    optimiser, other = Adam(), Adam()
    for _ in range(3):
        g = rng.standard_normal(3)
        update({"a": w, "b": [w]}, {"a": g, "b": [2 * g]}, optimiser)
        update([alone], [3 * g], other)
    np.testing.assert_allclose(w, alone, rtol=1e-12)


def test_an_object_is_updated_by_an_object_of_its_differentiable_attributes():
    layer, gradient = Layer(np.ones(2), 3), Layer(np.ones(2))
    del gradient.n
    update([layer], [gradient], SGD(lr=0.5))
    assert layer.w.tolist() == [0.5, 0.5]


def test_frozen_arrays_stay():
    w = {"w": np.ones(2), "table": frozen(np.ones(2))}
    update(w, {"w": np.ones(2), "table": np.ones(2)}, SGD(lr=0.5))
    assert w["w"].tolist() == [0.5, 0.5]
    assert w["table"].tolist() == [1.0, 1.0]


def test_integers_and_python_floats_are_constants():
    w = {"w": np.ones(2), "n": np.arange(2), "eps": 0.5}
    update(w, {"w": np.ones(2), "n": None, "eps": 1.0}, SGD(lr=0.5))
    assert w["n"].tolist() == [0, 1]
    assert w["eps"] == 0.5


def test_none_moves_nothing():
    w = [np.ones(2), [np.ones(2)], np.ones(2)]
    update(w, [None, None, np.ones(2)], SGD(lr=0.5))
    assert [w[0].tolist(), w[1][0].tolist(), w[2].tolist()] == [[1, 1], [1, 1], [0.5, 0.5]]


def test_each_part_may_have_its_own_optimiser():
    w = {"a": np.ones(1), "b": [np.ones(1), np.ones(1)]}
    update(w, {"a": np.ones(1), "b": [np.ones(1)] * 2}, {"a": SGD(0.5), "b": [SGD(0.25), SGD(0.125)]})
    assert [w["a"][0], w["b"][0][0], w["b"][1][0]] == [0.5, 0.75, 0.875]


def test_one_optimiser_for_all_is_a_clone_for_each():
    rng = np.random.default_rng(0)
    one, each, optimiser, clones = (
        [np.ones(2), np.ones(3)],
        [np.ones(2), np.ones(3)],
        Adam(),
        [Adam(), Adam()],
    )
    for _ in range(3):
        gradient = [rng.standard_normal(2), rng.standard_normal(3)]
        update(one, gradient, optimiser)
        update(each, gradient, clones)
    for a, b in zip(one, each, strict=True):
        np.testing.assert_array_equal(a, b)


def test_optimisers_must_match_the_model():
    with pytest.raises(
        ArgumentError, match=r"KN416 `optimiser` is for \[0\], but `model` holds \[0\], \[1\]"
    ):
        update([np.ones(1), np.ones(1)], [np.ones(1)] * 2, [SGD()])


MISMATCHES = [
    (
        [np.ones(1), np.ones(2)],
        [np.ones(1), np.ones(3)],
        r"`\[1\]` has the shape \(2,\), its gradient has \(3,\)",
    ),
    ([np.ones(1), np.ones(2)], [np.ones(1)], r"`\[1\]` has the shape \(2,\), its gradient is missing"),
    ([np.ones(1)], [np.ones(1), np.ones(2)], r"the gradient has `\[1\]`, which the model lacks"),
    ([np.ones(1), np.ones(2)], [np.ones(1), 3], r"`\[1\]` has the shape \(2,\), its gradient is a int"),
    (
        [np.ones(1), {"w": [np.ones(2)]}],
        [np.ones(1), {}],
        r"`\[1\]\['w'\]\[0\]` has .* its gradient is missing",
    ),
    (
        [np.ones(1), Layer([np.ones(2)])],
        [np.ones(1), Layer(0.5)],
        r"`\[1\].w\[0\]` has .* its gradient is missing",
    ),
]


@pytest.mark.parametrize(("w", "gradient", "message"), MISMATCHES)
def test_a_gradient_must_match_and_nothing_moves_if_not(w, gradient, message):
    with pytest.raises(ShapeError, match=f"KN410 {message}"):
        update(w, gradient, SGD())
    assert w[0].tolist() == [1.0]


def test_what_is_read_only_is_refused_before_anything_moves():
    w = [np.ones(1), np.broadcast_to(1.0, 3)]
    with pytest.raises(ArgumentError, match=r"KN412 `\[1\]` is read-only"):
        update(w, [np.ones(1), np.ones(3)], SGD())
    assert w[0].tolist() == [1.0]

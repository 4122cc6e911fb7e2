from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.loops import adam, sgd
from knetc.train.minimize import minimize, run
from knetc.train.optim import SGD, Adam
from knetc.train.progress import progress
from knetc.train.render import Quiet

RNG = np.random.default_rng(0)
X = RNG.standard_normal((40, 3))
TRUE = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 2.0]])
Y = X @ TRUE + 0.5


class Linear:
    def __init__(self):
        self.w = np.zeros((3, 2))
        self.b = np.zeros(2)

    def __call__(self, x, y):
        return np.mean((x @ self.w + self.b - y) ** 2)

    def loss(self, x, y):
        return np.sum((x @ self.w + self.b - y) ** 2)


def squares(w, x, y):
    return np.mean((x @ w["w"] + w["b"] - y) ** 2)


def distance(w, x):
    return np.sum((w - x) ** 2)


def test_an_object_learns():
    model = Linear()
    run(sgd(model, ncycle(minibatch(X, Y, 10), 200)))
    np.testing.assert_allclose(model.w, TRUE, atol=1e-6)  # where 800 steps have come
    np.testing.assert_allclose(model.b, [0.5, 0.5], atol=1e-6)


def test_a_loss_is_that_before_its_update():
    model = Linear()
    first = next(iter(sgd(model, [(X, Y)])))
    assert first == pytest.approx(np.mean(Y**2), rel=1e-12)
    assert type(first) is float


def test_a_step_follows_the_gradient():
    model = Linear()
    run(sgd(model, [(X, Y)], lr=0.5))
    np.testing.assert_allclose(model.w, 0.5 * 2 * X.T @ Y / Y.size, rtol=1e-6)


def test_a_method_can_be_minimised():
    model = Linear()
    run(sgd(model.loss, [(X, Y)] * 200, lr=0.005))
    np.testing.assert_allclose(model.w, TRUE, atol=1e-6)  # where 200 steps have come


def test_a_function_is_minimised_over_its_container():
    w = {"w": np.zeros((3, 2)), "b": np.zeros(2)}
    run(minimize(squares, [(X, Y)] * 300, SGD(lr=0.5), params=w))
    np.testing.assert_allclose(w["w"], TRUE, atol=1e-6)  # where 300 steps have come


def test_a_batch_that_is_no_tuple_is_one_argument():
    w = np.zeros(2)
    run(sgd(distance, [np.array([1.0, 2.0])] * 50, lr=0.25, params=w))
    np.testing.assert_allclose(w, [1.0, 2.0], rtol=1e-6)


def test_nothing_happens_until_a_loss_is_asked_for():
    model = Linear()
    losses = sgd(model, [(X, Y)])
    assert not model.w.any()
    list(losses)
    assert model.w.any()


def test_the_length_is_that_of_the_data():
    assert len(adam(Linear(), ncycle(minibatch(X, Y, 10), 3))) == 12


def test_the_data_may_have_no_length():
    assert len(list(sgd(Linear(), (batch for batch in [(X, Y)] * 3)))) == 3


def test_an_optimiser_goes_on_where_it_was():
    together, apart = Linear(), Linear()
    run(minimize(together, [(X, Y)] * 4, Adam(lr=0.1)))
    optimiser = Adam(lr=0.1)
    for _ in range(4):
        run(minimize(apart, [(X, Y)], optimiser))
    np.testing.assert_array_equal(together.w, apart.w)


def test_a_model_without_arrays_is_refused():
    class Empty:
        def __init__(self):
            self.n = np.arange(3)

        def __call__(self, x):
            return x

    with pytest.raises(
        ArgumentError, match="KN406 there is nothing to train: the Empty holds no float array"
    ):
        sgd(Empty(), [1.0])


def test_a_plain_function_needs_its_parameters_named():
    with pytest.raises(ArgumentError, match=r"KN406 `model` is the function squares(.|\n)*params=w"):
        sgd(squares, [(X, Y)])


def test_run_returns_the_last_loss():
    assert run(iter([3.0, 2.0])) == 2.0


def test_run_of_nothing_is_an_error():
    with pytest.raises(ArgumentError, match="KN408 `iterator` is empty"):
        run([])


def test_run_takes_any_wrapper_for_display():
    seen = []

    def watching(iterator):
        for value in iterator:
            seen.append(value)
            yield value

    assert run([2.0, 1.0], progress=watching) == 1.0
    assert seen == [2.0, 1.0]


def test_iterators_compose():
    loss = run(progress(adam(Linear(), ncycle(minibatch(X, Y, 10), 9), lr=0.1), renderer=Quiet()))
    assert 0 < loss < np.mean(Y**2)

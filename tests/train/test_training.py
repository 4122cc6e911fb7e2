from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.loops import adam, sgd
from knetc.train.minimize import minimize, run
from knetc.train.optim import SGD, Adam, Momentum
from knetc.train.resume import checkpointed
from knetc.train.training import _gradient

RNG = np.random.default_rng(0)
X = RNG.integers(-4, 5, (24, 3)).astype(float)  # small integers: every sum below is exact
Y = RNG.integers(-4, 5, (24, 2)).astype(float)


class Linear:
    def __init__(self):
        self.w = np.ones((3, 2))
        self.b = np.zeros(2)

    def __call__(self, x, y):
        return np.sum((x @ self.w + self.b - y) ** 2) / len(x)


class Table:
    """Rows of a table, so that gradients are sparse."""

    def __init__(self):
        self.w = np.ones((50, 4))

    def __call__(self, ids):
        from knetc import embed

        return np.sum(embed(self.w, ids) ** 2) / len(ids)


@pytest.mark.parametrize(
    "make", [lambda: SGD(0.25), lambda: Momentum(0.25), lambda: SGD(0.25, clip_norm=1e9)]
)
@pytest.mark.parametrize("k", [1, 2, 4, 8])
def test_k_batches_are_exactly_one_that_is_k_times_larger(k, make):
    accumulated, whole = Linear(), Linear()
    loss = run(minimize(accumulated, minibatch(X[:16], Y[:16], 16 // k), make(), accumulate=k))
    assert loss == run(minimize(whole, [(X[:16], Y[:16])], make()))
    np.testing.assert_array_equal(accumulated.w, whole.w)
    np.testing.assert_array_equal(accumulated.b, whole.b)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_so_it_is_over_many_steps(k):
    accumulated, whole = Linear(), Linear()
    losses = list(minimize(accumulated, ncycle(minibatch(X, Y, 12 // k), 9), Adam(0.1, l2=0.1), accumulate=k))
    expected = list(minimize(whole, ncycle(minibatch(X, Y, 12), 9), Adam(0.1, l2=0.1)))
    np.testing.assert_allclose(losses, expected, rtol=1e-10)
    np.testing.assert_allclose(accumulated.w, whole.w, rtol=1e-10)


def test_the_loops_accumulate_too_in_float32_and_adam():
    accumulated, whole = Linear(), Linear()
    for model in (accumulated, whole):
        model.w, model.b = model.w.astype(np.float32), model.b.astype(np.float32)
    x, y = X.astype(np.float32), Y.astype(np.float32)
    run(adam(accumulated, minibatch(x, y, 4), 0.01, accumulate=3))
    run(adam(whole, minibatch(x, y, 12), 0.01))
    np.testing.assert_allclose(accumulated.w, whole.w, rtol=1e-5)
    assert accumulated.w.dtype == np.float32


def test_sparse_gradients_accumulate():
    accumulated, whole, ids = Table(), Table(), np.array([1, 2, 1, 40])
    run(minimize(accumulated, [ids[:2], ids[2:]], SGD(0.5), accumulate=2))
    run(minimize(whole, [ids], SGD(0.5)))
    np.testing.assert_array_equal(accumulated.w, whole.w)


def test_what_remains_makes_a_smaller_group():
    model, whole = Linear(), Linear()
    training = minimize(model, minibatch(X, Y, 4), SGD(0.5**6), accumulate=4)
    assert len(training) == 2
    assert len(list(training)) == 2
    run(minimize(whole, [(X[:16], Y[:16]), (X[16:], Y[16:])], SGD(0.5**6)))
    np.testing.assert_array_equal(model.w, whole.w)


def test_the_loss_of_a_group_is_the_mean():
    loss = next(iter(minimize(Linear(), minibatch(X, Y, 4), SGD(0.0), accumulate=2)))
    assert loss == sum(list(minimize(Linear(), minibatch(X, Y, 4), SGD(0.0)))[:2]) / 2


def test_a_group_counts_one_step():
    optimiser = SGD(0.0)
    run(minimize(Linear(), minibatch(X, Y, 4), optimiser, accumulate=3))
    assert optimiser.steps == 2


def test_accumulation_goes_on_from_a_checkpoint(tmp_path):
    def losses(epochs, folder=None):
        data = ncycle(minibatch(X, Y, 4, shuffle=True, seed=3), epochs)
        loop = minimize(Linear(), data, Adam(0.1), accumulate=3)
        return list(loop if folder is None else checkpointed(loop, folder, every=1))

    first = losses(1, tmp_path)
    assert first + losses(3, tmp_path) == losses(3)


@pytest.mark.parametrize("accumulate", [0, -1, 1.5, None, True])
def test_accumulate_is_a_number_of_batches(accumulate):
    with pytest.raises(
        ArgumentError, match=r"KN407 `accumulate` is .*; expected a number of batches, at least 1"
    ):
        minimize(Linear(), [(X, Y)], SGD(), accumulate=accumulate)


@pytest.mark.parametrize("optimiser", [Adam, 0.1, None, "adam", [SGD()]])
def test_an_optimiser_is_an_object_that_updates(optimiser):
    with pytest.raises(ArgumentError, match=r"KN415 `optimiser` is .*; expected one such as Adam\(\)"):
        minimize(Linear(), [(X, Y)], optimiser)


@pytest.mark.parametrize(("batch", "items"), [((X,), 1), (X, 1), ((X, Y, Y), 3)])
def test_a_batch_has_an_item_for_each_argument(batch, items):
    model = Linear()
    with pytest.raises(
        ArgumentError, match=rf"KN415 a batch has {items} items, but `Linear.__call__` takes \(x, y\): "
    ):
        run(sgd(model, [batch]))
    assert model.w.tolist() == [[1, 1]] * 3


def test_a_type_error_of_the_model_stays_what_it_is():
    with pytest.raises(TypeError, match="NoneType"):
        run(sgd(lambda w, x: np.sum(w * x[0]), [None], params=np.ones(1)))


def test_data_without_a_batch_are_an_error():
    with pytest.raises(ArgumentError, match="KN421 there is no batch to train on: the list is empty"):
        list(sgd(Linear(), []))


def test_a_generator_that_is_spent_is_noticed():
    data = (batch for batch in [(X, Y)] * 2)
    assert len(list(sgd(Linear(), data, 0.001))) == 2
    with pytest.raises(ArgumentError, match="KN421 there is no batch to train on: the generator is empty"):
        list(sgd(Linear(), data))


def square(w, x):
    return np.sum((w["w"] - x) ** 2)


def test_a_second_loop_over_the_same_loss_compiles_nothing_anew():
    w = {"w": np.array(3.0)}
    list(minimize(square, [1.0], SGD(), params=w))
    known = _gradient.cache_info().hits
    list(minimize(square, [1.0], SGD(), params=w))
    assert _gradient.cache_info().hits == known + 1


def test_it_says_what_is_trained_and_how():
    training = minimize(square, [np.ones(1000)], SGD(), params={"w": np.array(3.0)})
    assert repr(training) == "<training of square by SGD>"


class Carrying:
    """A state in an attribute, which the loss rebinds; and an array that is kept for later."""

    def __init__(self):
        self.w = np.array([[0.5, 0.1], [-0.2, 0.3]])
        self.h = np.zeros(2)
        self.last = None
        self.history = []

    def __call__(self, x):
        for row in x:
            self.h = np.tanh(self.w @ self.h + row)
        self.last = self.h * 2.0
        self.history.append(self.h)
        return np.sum((self.h - 1) ** 2)


def by_hand(x, steps, lr):
    w, h, losses = np.array([[0.5, 0.1], [-0.2, 0.3]]), np.zeros(2), []
    for _ in range(steps):
        first = np.tanh(w @ h + x[0])
        second = np.tanh(w @ first + x[1])
        losses.append(np.sum((second - 1) ** 2))
        d2 = 2 * (second - 1) * (1 - second**2)
        d1 = (w.T @ d2) * (1 - first**2)
        w = w - lr * (np.outer(d2, first) + np.outer(d1, h))
        h = second
    return losses, w, h


def test_what_a_loss_puts_into_the_model_is_no_parameter():
    x = RNG.normal(size=(2, 2))
    model = Carrying()
    losses = list(sgd(model, [x, x, x], lr=0.5))
    expected, w, h = by_hand(x, 3, 0.5)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    np.testing.assert_allclose(model.w, w, rtol=1e-12)
    np.testing.assert_allclose(model.h, h, rtol=1e-12)
    assert len(model.history) == 3

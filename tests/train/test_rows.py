from __future__ import annotations

import copy

import numpy as np
import pytest

from knetc.runtime.rows import Rows
from knetc.train import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, Momentum, Nesterov, Rmsprop
from knetc.train.update import update

IDS = np.array([4, 1, 4])


def start():
    return np.random.default_rng(0).normal(size=(6, 2))


def rows(seed=0, ids=IDS):
    return Rows((6, 2), np.asarray(ids), np.random.default_rng(seed).normal(size=(len(ids), 2)))


ALL = [SGD(0.3), Momentum(0.3, 0.5), Nesterov(0.2), Adagrad(0.3), Rmsprop(0.3), Adadelta(rho=0.8), Lion(0.1),
       Adam(0.1, 0.8, eps=0.1), AdamW(0.1, decay=0.2), SGD(0.3, clip_norm=0.5), Adam(0.1, l2=0.3)]  # fmt: skip
WHOLE = [
    SGD(0.3),
    Adagrad(0.3),
    AdamW(0.1, decay=0.2),
    SGD(0.3, decay=0.1),
    Momentum(0.3, l2=0.1),
    SGD(clip_norm=0.5),
]


def both(optimiser, ids):
    """What becomes of a matrix whose gradients are rows, and of one whose gradients are arrays."""
    a, b, other = start(), start(), optimiser.clone()
    for seed in range(4):
        chosen = ids(seed)
        update([a], [rows(seed, chosen)], optimiser)
        update([b], [rows(seed, chosen).dense()], other)
    return a, b


@pytest.mark.parametrize("optimiser", WHOLE, ids=repr)
def test_what_lets_rows_without_gradient_rest_or_moves_all_does_as_in_the_whole(optimiser):
    a, b = both(optimiser.clone(), lambda seed: [seed, 5 - seed, seed])

    np.testing.assert_allclose(a, b, rtol=1e-12)
    assert (a != start()).all()


@pytest.mark.parametrize("optimiser", ALL, ids=repr)
def test_rows_that_are_touched_every_time_move_as_in_the_whole(optimiser):
    a, b = both(optimiser.clone(), lambda seed: IDS)

    np.testing.assert_allclose(a[[1, 4]], b[[1, 4]], rtol=1e-12)


@pytest.mark.parametrize("optimiser", [Momentum(), Adam()])
def test_rows_and_their_state_rest_while_they_are_not_touched(optimiser):
    w = start()
    update([w], [rows(ids=[0, 3, 5])], optimiser)
    state, before = copy.deepcopy(optimiser.memory["[0]"]), w.copy()
    update([w], [rows()], optimiser)
    after = optimiser.memory["[0]"]

    np.testing.assert_array_equal(w[[0, 2, 3, 5]], before[[0, 2, 3, 5]])
    assert (w[[1, 4]] != before[[1, 4]]).all()
    for name, part in state.items():
        if isinstance(part, np.ndarray):
            np.testing.assert_array_equal(after[name][[0, 2, 3, 5]], part[[0, 2, 3, 5]])
            assert after[name][[1, 4]].any()


@pytest.mark.parametrize("optimiser", [o for o in ALL if not o.decay and not o.l2], ids=repr)
def test_no_rows_move_nothing(optimiser):
    w = start()
    update([w], [Rows((6, 2), np.zeros(0, int), np.zeros((0, 2)))], optimiser.clone())

    np.testing.assert_array_equal(w, start())


def test_time_passes_for_all_rows():
    w, optimiser = start(), Adam()
    for _ in range(3):
        update([w], [rows()], optimiser)

    assert optimiser.memory["[0]"]["t"] == 3


def test_gclip_takes_the_norm_of_summed_rows():
    a, b = start(), start()
    update([a], [rows()], SGD(lr=1.0, gclip=0.1))
    update([b], [rows().dense()], SGD(lr=1.0, gclip=0.1))

    np.testing.assert_allclose(a, b, rtol=1e-14)
    np.testing.assert_allclose(np.linalg.norm(a - start()), 0.1, rtol=1e-12)


@pytest.mark.parametrize("second", [rows(1), rows(1).dense()])
def test_tied_arrays_get_the_sum_of_rows_and_whole(second):
    w, expected = start(), start() - 0.5 * (rows().dense() + np.asarray(second))
    update({"in": w, "out": w}, {"in": rows(), "out": second}, SGD(lr=0.5))

    np.testing.assert_allclose(w, expected, rtol=1e-12)


def test_float32_stays_float32_and_in_place():
    w = start().astype(np.float32)
    before, optimiser = w, Adam()
    update([w], [Rows((6, 2), IDS, np.ones((3, 2), np.float32))], optimiser)

    assert w is before
    assert w.dtype == optimiser.memory["[0]"]["m"].dtype == np.float32


def test_rows_that_became_an_array_are_one():
    g, w, whole = rows(), start(), start()
    g[0] = 1.0
    expected = np.array(g)
    update([w], [g], Momentum())
    update([whole], [expected], Momentum())

    np.testing.assert_array_equal(w, whole)


@pytest.mark.parametrize("optimiser", [SGD(0.5), Adam(0.1)])
def test_complex_rows_move_as_in_the_whole(optimiser):
    a, b = np.ones((3, 1), complex), np.ones((3, 1), complex)
    for method in (optimiser, other := optimiser.clone()):
        g = Rows((3, 1), np.array([2, 2]), np.full((2, 1), 1 + 2j))
        update([b if method is other else a], [g.dense() if method is other else g], method)

    np.testing.assert_array_equal(a, b)
    assert a[2] != 1

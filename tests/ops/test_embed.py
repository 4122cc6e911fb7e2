from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import knetc
from knetc import embed
from knetc.errors import ArgumentError, DtypeError, GradientError, ShapeError
from knetc.ops.embed import unembed
from knetc.runtime.rows import Rows
from knetc.testing import gradcheck
from knetc.train import SGD, Adam, minimize, run
from tests.backends.strict import module

IDS = np.array([[1, 2, 1], [5, 5, 0]])


def matrix(rows=6, size=3):
    return np.random.default_rng(0).normal(size=(rows, size))


def loss(w, ids):
    return np.sum(np.sin(embed(w, ids)) * 1.5)


# ---- values


@pytest.mark.parametrize(
    "ids", [IDS, IDS.astype(np.uint8), [1, 2], 4, np.int64(4), np.zeros((0, 2), int), []]
)
def test_the_result_has_a_row_for_each_id(ids):
    w = matrix()
    y = embed(w, ids)

    assert y.shape == (*np.shape(ids), 3)
    np.testing.assert_array_equal(y, w[np.asarray(ids, int)])
    assert not np.may_share_memory(y, w)


def test_float32_stays_float32():
    w = matrix().astype(np.float32)

    assert embed(w, IDS).dtype == knetc.grad(loss)(w, IDS).dtype == np.float32


# ---- gradients


def test_repeated_rows_get_the_sum():
    gradient = knetc.grad(loss)(matrix(), IDS)

    assert type(gradient) is np.ndarray
    np.testing.assert_allclose(gradient[5], 2 * 1.5 * np.cos(matrix()[5]), rtol=1e-12)
    assert not gradient[3:5].any()
    assert gradcheck(loss, matrix(), IDS)


def test_the_generated_code_reads():
    gradient = knetc.grad(loss)
    gradient(matrix(), IDS)

    assert "unembed(1.5 * np.cos(embed_out), w.shape, ids)" in gradient.source


def test_the_gradient_is_the_caller_s_own():
    def plain(w, ids, y):
        return np.sum(embed(w, ids) * y)

    y = np.ones((1, 3))
    gradient = knetc.grad(plain)(matrix(), [0], y)
    gradient += 1

    np.testing.assert_array_equal(y, 1)


def test_unembed_copies_what_may_change():
    g, ids = np.ones((2, 3)), np.array([0, 1])
    rows = unembed(g, (2, 3), ids)
    g[:], ids[:] = 5.0, 0

    np.testing.assert_array_equal(rows, np.ones((2, 3)))


# ---- cost


def bytes_of(call):
    """The most memory that a call holds at once."""
    tracemalloc.start()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


class Words:
    def __init__(self, rows):
        self.w = np.ones((rows, 8))

    def __call__(self, ids):
        return np.sum(np.tanh(embed(self.w, ids)) ** 2)


def in_a_loop(params, ids):
    total, w = 0.0, params["w"]
    for i in ids:
        total = total + np.sum(embed(w, i) ** 2)
    return total


@pytest.mark.parametrize("optimiser", [SGD, Adam])
@pytest.mark.parametrize("in_a_function", [False, True])
def test_a_step_of_training_costs_what_the_rows_cost_however_large_the_vocabulary(optimiser, in_a_function):
    def step(rows):
        model, params = (in_a_loop, {"w": np.ones((rows, 8))}) if in_a_function else (Words(rows), None)
        losses = iter(minimize(model, [IDS] * 3, optimiser(lr=0.01), params=params))
        next(losses)  # compiles, and allocates the memory of Adam, which is as large as the matrix
        return bytes_of(lambda: next(losses))

    assert step(100_000) < step(100) + 100_000  # the matrix has 6,400,000


def test_a_gradient_for_a_user_is_as_large_as_the_matrix():
    gradient, w = knetc.grad(loss), matrix(10_000)
    gradient(w, IDS)

    assert bytes_of(lambda: gradient(w, IDS)) >= w.nbytes


@pytest.mark.parametrize("options", [{}, {"accumulate": 2}, {"accumulate": 3}])
def test_training_by_rows_is_training_by_the_whole_where_rows_without_gradient_rest(options):
    def by_index(params, ids):
        return np.sum(np.tanh(params["w"][ids]) ** 2)

    def by_rows(params, ids):
        return np.sum(np.tanh(embed(params["w"], ids)) ** 2)

    batches = [np.random.default_rng(i).integers(0, 6, (2, 3)) for i in range(6)]
    for optimiser in (SGD(0.3), SGD(0.3, clip_norm=0.1), SGD(0.3, gclip=0.1), SGD(0.3, decay=0.1)):
        a, b = {"w": matrix()}, {"w": matrix()}
        run(minimize(by_rows, batches, optimiser.clone(), params=a, **options))
        run(minimize(by_index, batches, optimiser.clone(), params=b, **options))
        np.testing.assert_allclose(a["w"], b["w"], rtol=1e-12)


def test_rows_pass_the_check_of_every_first_gradient():
    checked, plain = Words(6), Words(6)
    with knetc.config(check=True):
        run(minimize(checked, [IDS, IDS], SGD()))
    run(minimize(plain, [IDS, IDS], SGD()))

    np.testing.assert_array_equal(checked.w, plain.w)


def test_wrong_rows_do_not_pass_the_check():
    class Wrong(Words):
        def __call__(self, ids):
            text = str(np.sum(embed(self.w, ids)) ** 2)  # a constant to the gradient
            return np.sum(np.sin(embed(self.w, ids))) + float(text)

    with knetc.config(check=True), pytest.raises(GradientError, match="KN503"):
        run(minimize(Wrong(6), [IDS], SGD()))


# ---- wrong arguments


@pytest.mark.parametrize(
    ("w", "what"),
    [
        (np.ones(5), r"has shape \(5,\)"),
        (np.ones((2, 3, 4)), r"has shape \(2, 3, 4\)"),
        ([[1.0]], "is a list"),
    ],
)
def test_w_is_a_matrix(w, what):
    with pytest.raises(ShapeError, match=rf"KN230 embed: `w` {what}; expected a matrix \(V, E\)"):
        embed(w, [0])


@pytest.mark.parametrize("ids", [np.array([1.0]), [True, False], np.array(["a"]), 1.5, [None]])
def test_ids_are_ints(ids):
    kind = str(np.asarray(ids).dtype)
    with pytest.raises(DtypeError, match=rf"KN341 embed: `ids` has dtype {kind}; expected ints from 0 to 5"):
        embed(matrix(), ids)


@pytest.mark.parametrize(
    ("ids", "wrong"), [([0, 6], 6), ([-1, 2], -1), (-6, -6), (np.array([2**63], np.uint64), 2**63)]
)
def test_ids_are_in_range(ids, wrong):
    message = f"KN342 embed: `ids` contains {wrong}; expected 0 to 5 for a `w` of 6 rows"
    with pytest.raises(ArgumentError, match=message):
        embed(matrix(), ids)


def test_errors_come_out_of_a_gradient():
    with pytest.raises(ArgumentError, match="KN342"):
        knetc.grad(loss)(matrix(), [7])


# ---- devices


def test_on_a_device_an_id_out_of_range_gives_nan():
    w, ids = module.asarray(matrix()), module.asarray(np.array([1, 6, -1]))
    y = embed(w, ids).get()

    np.testing.assert_array_equal(y[0], matrix()[1])
    assert np.isnan(y[1:]).all()


def test_on_a_device_the_cotangent_is_an_array():
    g = unembed(module.ones((3, 2)), (4, 2), module.asarray(np.array([3, 9, 3])))

    assert not isinstance(g, Rows)
    assert g.get().tolist() == [[0, 0], [0, 0], [0, 0], [2, 2]]

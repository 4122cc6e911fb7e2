"""Programs that read rows in every way: the gradient by each door is that of central differences."""

from __future__ import annotations

import copy
import inspect

import numpy as np
import pytest

import knetc
from knetc import embed
from knetc.cli.ahead import ahead
from knetc.gradient import Gradient
from knetc.recording.entry import Recording
from knetc.runtime.rows import Rows
from knetc.runtime.tree import gradient_of, leaves

rng = np.random.default_rng(0)
W, IDS = rng.normal(size=(6, 4)), np.array([[1, 2, 1], [5, 5, 0]])
OTHER = rng.normal(size=(4, 3))


class Words:
    """A layer that is called by whoever finds it."""

    def __init__(self, w=W):
        self.w = w.copy()

    def __call__(self, ids):
        return embed(self.w, ids)

    def row(self, i):
        return embed(self.w, int(i))


class Pair:
    def __init__(self):
        self.words = Words()
        self.w = 2 * W
        self.out = OTHER.copy()


# ---- the matrix itself


def once(w, ids):
    return np.sum(np.sin(embed(w, ids)))


def twice(w, ids):
    return np.sum(np.sin(embed(w, ids)) * embed(w, ids[::-1]))


def tied(w, ids):
    return np.sum(np.sin(embed(w, ids) @ w.T))


def tied_before(w, ids):
    total = np.sum(np.cos(w))
    return total * np.sum(np.sin(embed(w, ids)))


def slices_before(w, ids):
    total = np.sum(np.sin(w[1:4])) + np.sum(w[0] * w[:, 0][:4])
    return total * np.sum(np.sin(embed(w, ids)) * embed(w, ids)[:, ::-1])


def rows_by_index_before(w, ids):
    first = w[ids]
    return np.sum(first * embed(w, ids) * embed(w, ids.T.copy()).reshape(first.shape))


def attribute_before(w, ids):
    return np.sum(np.sin(w.T @ w)) + np.sum(np.sin(embed(w, ids)) * embed(w, ids[::-1]))


def scaled(w, ids):
    return np.sum(np.sin(embed(2.5 * w, ids) * embed(w * -0.5, ids)))


def transposed(w, ids):
    return np.sum(np.sin(embed(w.T, ids % 4)))


def sliced(w, ids):
    return np.sum(np.sin(embed(w[1:], ids % 5))) + np.sum(embed(w[:, ::2], ids) ** 2)


def broadcast(w, ids):
    row = np.sum(w, axis=0)
    return np.sum(np.sin(embed(np.broadcast_to(row, (6, 4)), ids))) + np.sum(embed(w * row, ids) ** 2)


def stacked(w, ids):
    return np.sum(np.sin(embed(np.concatenate([w, 2 * w]), ids + 6) * embed(np.stack([w[0]] * 6), ids)))


def reshaped(w, ids):
    return np.sum(np.sin(embed(w.reshape(8, 3), ids)))


def padded(w, ids):
    return np.sum(np.sin(embed(np.pad(w, 1), ids)))


def copied(w, ids):
    w = w.copy()
    w[0] = 2 * w[1]
    y = embed(w, ids)
    w[5] = w[2] * w[3]
    return np.sum(np.sin(y) * embed(w, ids))


def augmented(w, ids):
    w = w * 1.0
    y = np.sum(np.sin(embed(w, ids)))
    w += 0.5
    w[1:3] *= 2
    return y * np.sum(np.cos(embed(w, ids)))


def filled(w, ids):
    y = np.zeros((3, *ids.shape, 4))
    for k in range(3):
        y[k] = embed(w, ids) * (k + 1)
    y[1] = 0.0
    return np.sum(np.sin(y))


def ids_that_change(w, ids):
    ids = ids.copy()
    y = embed(w, ids)
    ids[0] = 3
    return np.sum(np.sin(y) * embed(w, ids))


# ---- control flow


def in_a_loop(w, ids):
    h = np.zeros(4)
    for i in ids:
        h = np.tanh(h + np.sum(embed(w, i), axis=0))
    return np.sum(h)


def in_a_loop_with_stores(w, ids):
    total = 0.0
    for i in ids:
        total = total + np.sum(np.sin(embed(w, i)) * w[i[0]] + w[1:4]) + np.sum(np.cos(w.T[1]))
    return total


def in_nested_loops(w, ids):
    h = w[0]
    for i in ids:
        for j in i:
            h = np.tanh(h * embed(w, j)) + embed(w, i)[0]
    return np.sum(h)


def in_a_while(w, ids):
    total, k = 0.0, 0
    while k < 5 and total < 3:
        total = total + np.sum(np.sin(embed(w, ids[k % 2])) ** 2)
        k += 1
    return total


def in_a_branch(w, ids):
    h = np.zeros(4)
    for i in ids:
        if i[0] > 2:
            h = np.tanh(h + np.sum(embed(w, i), axis=0))
        else:
            h = h * 2 + w[1]
    return np.sum(h)


def on_one_way(w, ids):
    if ids[0, 0] == 1:
        y = embed(w, ids)
    else:
        y = w
    return np.sum(np.sin(y))


def with_a_way_out(w, ids):
    total = 0.0
    for i in ids:
        total = total + np.sum(np.sin(embed(w, i)))
        if i[0] == 1:
            return total * np.sum(np.cos(w))
    return total


def carried(w, ids):
    v = w
    for i in ids:
        v = v * 0.5 + np.sum(embed(v, i))
    return np.sum(np.sin(embed(v, ids)))


def comprehended(w, ids):
    return sum([np.sum(np.sin(embed(w, i))) for i in ids])


def recursive(w, ids):
    return deeper(w, ids, 0)


def deeper(w, ids, k):
    if k == len(ids):
        return np.sum(np.cos(w[0]))
    return np.sum(np.sin(embed(w, ids[k]))) * deeper(w, ids, k + 1) + deeper(0.5 * w, ids, k + 1)


# ---- callees and containers


def helper(w, ids):
    return np.sin(embed(w, ids))


def through_a_helper(w, ids):
    total = np.sum(w[2] ** 2)
    for i in ids:
        total = total + np.sum(helper(w, i)) + np.sum(helper(w, ids) * w[0])
    return total


def through_an_argument(w, ids, f=helper):
    return np.sum(f(w, ids) * f(w, ids[::-1])) + np.sum(w[1:3] ** 2)


def through_a_list_of_functions(w, ids):
    total = 0.0
    for f in (helper, embed, lambda v, i: embed(v, i) ** 2):
        total = total + np.sum(np.sin(f(w, ids))) * np.sum(w[0])
    return total


def in_a_list(ws, ids):
    total = 0.0
    for w in ws:
        total = total + np.sum(np.sin(embed(w, ids)) * embed(ws[0], ids)) + np.sum(ws[1][2])
    return total


def in_a_dict(d, ids):
    h = np.sum(d["out"]) * embed(d["w"], ids)
    for i in ids:
        h = h + embed(d["w"], i)
    return np.sum(np.sin(h)) + np.sum(d["w"][1:4] ** 2)


def in_an_object(model, ids):
    return np.sum(np.sin(model(ids)) * model.row(ids[0, 1])) * np.sum(model.w[1])


def in_an_object_in_a_loop(model, ids):
    h = np.zeros(4)
    for i in ids:
        h = np.tanh(h * embed(model.w, i[0]) + np.sum(embed(model.w, i), axis=0) + model.w[0])
    return np.sum(h)


def in_nested_objects(model, ids):
    h = model.words(ids) @ model.out
    return np.sum(np.sin(h)) * np.sum(np.cos(embed(model.w, ids))) + np.sum(model.words.w.T[0] ** 2)


def in_layers(layers, ids):
    total = 0.0
    for layer in layers:
        total = total + np.sum(np.sin(layer(ids))) * np.sum(layer.w)
    return total


# ---- nothing but rows


def in_a_branch_alone(w, ids):
    h = np.zeros(4)
    for i in ids:
        if i[0] > 2:
            h = np.tanh(h + np.sum(embed(w, i), axis=0))
        else:
            h = h * 2
    return np.sum(h)


def in_a_callee(w, ids):
    return np.sum(helper(w, ids) * helper(w, ids[::-1]))


def in_an_object_alone(model, ids):
    h = np.zeros(4)
    for i in ids:
        h = np.tanh(h * embed(model.w, i[0]) + np.sum(model(i), axis=0))
    return np.sum(h)


def in_layers_alone(layers, ids):
    total = 0.0
    for layer in layers:
        total = total + np.sum(np.sin(layer(ids)))
    return total


def in_a_list_alone(ws, ids):
    total = 0.0
    for i in ids:
        total = total + np.sum(np.sin(embed(ws[0], i)) * embed(ws[1], i))
    return total


# ---- what is recorded


def from_a_generator(w, ids):
    def rows():
        for i in ids:
            yield embed(w, i)

    total = 0.0
    for y in rows():
        total = total + np.sum(np.sin(y)) * np.sum(w[0])
    return total


def from_a_view(w, ids):
    view = w[1:]
    y = embed(w, ids)
    return np.sum(np.sin(y) * embed(view, ids % 5)) + sum(map(float, []))


def after_an_exception(w, ids):
    try:
        return np.sum(embed(w, ids + 100))
    except knetc.ArgumentError:
        return np.sum(np.sin(embed(w, ids)) * embed(w, ids[::-1]))


def inner_gradient(w, ids):
    slope = knetc.grad(lambda v: np.sum(np.sin(embed(v, ids)) * embed(v, ids[::-1])))(w)
    return np.sum(slope * w) + np.sum(np.cos(slope[1]))


def inner_gradient_of_a_linear_function(w, ids):
    slope = knetc.grad(lambda v: np.sum(embed(v, ids)))(w)
    return np.sum(slope * w * w) + np.sum(np.sin(w[slope[:, 0] > 1]))


ON_MATRIX = [
    once, twice, tied, tied_before, slices_before, rows_by_index_before, attribute_before, scaled, transposed, sliced,
    broadcast, stacked, reshaped, padded, copied, augmented, filled, ids_that_change, in_a_loop, in_a_loop_with_stores,
    in_nested_loops, in_a_while, in_a_branch, on_one_way, with_a_way_out, carried, comprehended, recursive,
    through_a_helper, through_an_argument, through_a_list_of_functions, from_a_generator, from_a_view,
    after_an_exception, inner_gradient, inner_gradient_of_a_linear_function,
]  # fmt: skip
PROGRAMS = [(f, W) for f in ON_MATRIX]
PROGRAMS += [
    (in_a_list, [W, 2 * W]),
    (in_a_dict, {"w": W, "out": OTHER}),
    (in_an_object, Words()),
    (in_an_object_in_a_loop, Words()),
    (in_nested_objects, Pair()),
    (in_layers, [Words(), Words(2 * W)]),
]
"""A function, and what is differentiated."""


def compiled(f, x):
    return knetc.grad(f)(x, IDS)


def recorded(f, x):
    return Recording(f, inspect.signature(f), (next(iter(inspect.signature(f).parameters)),)).gradient(
        x, IDS
    )[1][0]


def as_training_does(f, x):
    return Gradient(f, 0, value=True, source=None, rows=True)(x, IDS)[1]


def recorded_as_training_does(f, x):
    names = (next(iter(inspect.signature(f).parameters)),)
    return Recording(f, inspect.signature(f), names, rows=True).gradient(x, IDS)[1][0]


def by_two_sweeps(f, x):
    gradient = knetc.grad(f)
    _, residuals = gradient.forward(x, IDS)
    return gradient_of(x, gradient.backward(residuals, 1.0))


def ahead_of_time(f, x):
    return module_of(f)["grad"](x, IDS)


def ahead_of_time_by_two_sweeps(f, x):
    module = module_of(f)
    _, residuals = module["forward"](x, IDS)
    return gradient_of(x, module["backward"](residuals, 1.0))


def module_of(f):
    space = {}
    exec(compile(ahead(f, None).module(), f"<{f.__name__} ahead of time>", "exec"), space)
    return space


DOORS = [compiled, recorded, as_training_does, by_two_sweeps]
REFUSED_AHEAD = {
    copied, augmented, filled, through_an_argument, through_a_list_of_functions, from_a_generator, after_an_exception,
    inner_gradient, inner_gradient_of_a_linear_function,
}  # fmt: skip


@pytest.mark.parametrize(("f", "x"), PROGRAMS, ids=[f.__name__ for f, _ in PROGRAMS])
def test_gradients_agree_with_differences(f, x):
    expected = slopes(f, x)
    doors = DOORS if f in REFUSED_AHEAD else [*DOORS, ahead_of_time, ahead_of_time_by_two_sweeps]
    for door in doors:
        found = dict(leaves(door(f, copy.deepcopy(x))))
        assert found.keys() == expected.keys()
        for path, slope in expected.items():
            assert door is as_training_does or type(found[path]) is np.ndarray
            np.testing.assert_allclose(
                found[path], slope, rtol=1e-6, atol=1e-7, err_msg=f"{door.__name__} {path}"
            )


SPARSE = [
    once, twice, scaled, in_a_loop, in_a_branch_alone, in_a_while, comprehended, in_a_callee, in_an_object_alone,
    in_layers_alone, in_a_list_alone,
]  # fmt: skip


@pytest.mark.parametrize("f", SPARSE)
def test_rows_stay_rows_where_nothing_else_is_read(f):
    x = {
        in_an_object_alone: Words(),
        in_layers_alone: [Words(), Words(2 * W)],
        in_a_list_alone: [W, 2 * W],
    }.get(f, W)
    for door in (as_training_does, recorded_as_training_does):
        assert all(isinstance(g, Rows) for _, g in leaves(door(f, x))), door.__name__


def test_a_gradient_by_two_sweeps_has_arrays():
    gradient = knetc.grad(in_a_list_alone)
    _, residuals = gradient.forward([W, W], IDS)

    assert all(type(g) is np.ndarray for g in gradient.backward(residuals, 1.0))


def slopes(f, x):
    """Central differences by every element of every array in `x`."""
    found = {}
    for path, w in leaves(x):
        out = np.zeros(w.shape)
        for index in np.ndindex(w.shape):
            ends = []
            for step in (1e-5, -1e-5):
                moved = copy.deepcopy(x)
                dict(leaves(moved))[path][index] += step
                ends.append(float(f(moved, IDS)))
            out[index] = (ends[0] - ends[1]) / 2e-5
        found[path] = out
    return found

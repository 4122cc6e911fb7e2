"""Arrays: broadcasting, reductions, indexing of every kind, products of all ranks, methods and attributes."""

from __future__ import annotations

import numpy as np

from tests.corpus.case import at, matrix, positive, vector


@at(0.7, vector(3))
@at(np.array(0.7), matrix(2, 3))
@at(vector(3), matrix(2, 3))
@at(matrix(2, 1), matrix(1, 3))
@at(matrix(2, 1), vector(3))
@at(vector(1), vector(3))
@at(matrix(1, 3), matrix(2, 3))
def operators_broadcast(a, b):
    c = a + b
    d = c * a - b
    e = d / (b * b + 1.5) + (a * a + 0.5) ** b
    return np.sum(e * c + np.maximum(a, b + 0.1))


@at(vector(3), matrix(2, 3))
def assigned_in_place_and_broadcast(a, b):
    c = a * 1.5 + b
    c += a
    c -= b * a
    c *= b
    return np.sum(c * c)


@at(positive(2, 3))
def reductions(w):
    return np.sum(w) * np.mean(w) * np.prod(w) * np.max(w) * np.min(w) * np.std(w) * np.var(w)


@at(positive(2, 3))
def reductions_along_an_axis(w):
    return np.sum(w.sum(axis=0) * w.prod(axis=0)) * np.sum(w.mean(axis=1) * w.max(-1) * w.std(axis=-1))


@at(positive(2, 3))
def reductions_that_keep_axes(w):
    total = np.sum(w, axis=-1, keepdims=True)
    return np.sum(w / total * np.mean(w, axis=(0, 1), keepdims=True) - np.var(w, axis=0, keepdims=True))


@at(matrix(2, 3))
def softmax_of_rows(w):
    e = np.exp(w - np.max(w, axis=-1, keepdims=True))
    s = e / np.sum(e, axis=-1, keepdims=True)
    return np.sum(s * w * s)


@at(matrix(4, 3))
def columns_normalised(w):
    centred = w - w.mean(axis=0)
    variance = np.mean(centred * centred, axis=0)
    return np.sum(centred / np.sqrt(variance + 0.1) * w)


@at(vector(3))
def logarithm_of_a_sum(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


@at(vector(3))
def sums_of_sums(x):
    return np.sum(x * np.sum(x * np.sum(x))) + np.sum(np.sum(x) + 0 * x)


@at(matrix(2, 3))
def sum_read_by_everything(w):
    s = np.sum(w, axis=0)
    return np.sum(s * 3.5 + 1.5) / 2 + np.sum(w.sum() * s) + np.sum(np.sum(w, axis=1) * 2)


@at(vector(4))
def basic_indices(x):
    return x[1] * x[-1] + np.sum(x[1:] * x[:-1]) + np.sum(x[::2] * x[::-2]) + np.sum(x[None] * x[:, None])


@at(matrix(3, 4))
def basic_indices_of_two_axes(w):
    return w[1, 2] * w[-1][0] + np.sum(w[:, 1] * w[..., -1]) + np.sum(w[0, 1:]) * np.sum(w[::-1, ::2] ** 2)


@at(matrix(3, 4), 1, 2)
def indices_in_variables(w, i, j):
    return w[i, j] * w[i - 1, j] * w[-i, j - 1] * np.sum(w[:i, j:]) * w[len(w) - 1, w.shape[1] - 2]


@at(vector(4))
def index_bound_again(x):
    i = 0
    y = x[i] * x[i]
    i = 2
    return y * x[i] * x[i]


@at(matrix(3, 4))
def fancy_indices(w):
    picked = w[[0, 1, 0]] * w[np.array([2, 2, 1])]
    return np.sum(picked) + np.sum(w[[0, 1], [2, 2]] ** 2) + np.sum(w[:, [0, 0, 3]] ** 2)


@at(matrix(3, 4))
def masks(w):
    return np.sum(w[w > 0.05] ** 2) + np.sum(w[:, np.array([True, False, True, True])] ** 2)


@at(vector(4))
def indices_changed_in_place(x):
    index = np.array([0, 1])
    y = x[index]
    index[0] = 2
    return np.sum(y * x[index])


@at(vector(3))
def slices_of_unclear_length(x):
    y = x[:1]
    z = x[x > -2]
    return np.sum((y + x) * y * z) + np.sum(z * y)


@at(vector(3), vector(3))
@at(matrix(2, 3), vector(3))
@at(vector(2), matrix(2, 3))
@at(matrix(2, 3), matrix(3, 2))
@at(positive(2, 2, 3), vector(3))
@at(positive(2, 2, 3), positive(3, 2))
@at(positive(1, 2, 3), positive(4, 3, 2))
@at(vector(3), positive(2, 3, 2))
def products_of_all_ranks(a, b):
    c = a @ b
    return np.sum(c * c) + np.sum(np.sin(np.matmul(a, b)))


@at(vector(3), vector(3))
def dot_inner_and_outer(x, y):
    return np.dot(x, y) * np.inner(x, y) * np.sum(np.outer(x, y) * np.outer(y, y))


@at(matrix(2, 3), matrix(2, 3))
def sums_by_einstein(a, b):
    return np.sum(np.einsum("ij,ij->i", a, b) ** 2) + np.sum(np.tensordot(a, b.T, axes=1) ** 2)


@at(matrix(3, 3))
def product_with_itself(w):
    y = w
    for _ in range(3):
        y = y @ w
    return np.trace(y) + np.sum(w @ w.T)


@at(matrix(2, 3))
def methods(w):
    flat = w.reshape(3, 2).T.ravel().copy()
    rest = w.swapaxes(0, 1)[2, 1] + w.squeeze().sum() + w.cumsum(axis=0).mean() + (w.T @ w).sum()
    return (flat * flat).sum() * rest + w.transpose().reshape(-1)[2] * w.flatten().dot(flat)


@at(matrix(2, 3))
def attributes(w):
    return np.sum(w.T * w.shape[0]) * w.ndim + w.size * np.sum(w * w) + len(w) * w[0, 0]


@at(matrix(2, 3))
def shapes_from_other_arrays(w):
    return np.sum(w.reshape(w.T.shape) * w.T) + np.sum(w.reshape(w.shape[0] * w.shape[1]) ** 2)


@at(vector(3), matrix(2, 3))
def joined_and_stacked(x, w):
    rows = np.vstack([x, w])
    return (
        np.sum(np.concatenate([x[None], w]) ** 2)
        + np.sum(rows**3)
        + np.sum(np.stack([x, x * 2], axis=1) ** 2)
    )


@at(vector(3))
def spread_and_repeated(x):
    wide = np.broadcast_to(x, (2, 3)) * np.expand_dims(x, 0)
    return (
        np.sum(wide)
        + np.sum(np.tile(x, 2) ** 2)
        + np.sum(np.repeat(x, 2) ** 3)
        + np.sum(np.roll(x, 1) * np.flip(x))
    )


@at(vector(3))
def arrays_like_another(x):
    return (
        np.sum(np.ones_like(x) * x) + np.sum(np.zeros(x.shape) + x * x) + np.sum(np.asarray(x) * np.array(x))
    )


@at(vector(3))
def comparisons_as_numbers(x):
    positive_part = x * (x > 0)
    return np.sum(positive_part * x) + np.sum((x > 0) * 2.5 * x) + x[np.argmax(x)] ** 2

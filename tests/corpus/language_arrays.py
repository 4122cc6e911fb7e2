"""Stores, views, masks and buffers: arrays as people change them in place."""

from __future__ import annotations

import numpy as np
from numpy import newaxis

from tests.corpus.case import at, matrix, vector

BUFFER = np.zeros(3)


@at(vector(4), 0.6)
def store_of_an_element(x, v):
    y = x * 2
    y[1] = v * x[0]
    y[-1] = y[1] * y[2]
    y[1] = 3.0 * y[1] ** 2
    return np.sum(y * y)


@at(vector(4), 0.6)
def augmented_stores(x, v):
    y = x.copy()
    y[0] += v
    y[1] *= y[0]
    y[2] -= y[1] * v
    y[3] /= v + 2
    y[0] **= 2
    y[1:3] += x[:2]
    return np.sum(y * y) * y[0]


@at(matrix(3, 4), vector(4))
def stores_of_slices(a, v):
    b = np.zeros((3, 4))
    b[0] = v
    b[1, :] = a[0] * v
    b[:, 2] = a[:, 1] * b[0, 0]
    b[1:, 1:3] += a[:2, 2:] * 2
    b[2, ::2] = b[0, 1::2] * v[:2]
    b[..., 0] *= 1.5
    b[2:] = b[2:] * b[0]
    return np.sum(b * b * a)


@at(vector(8))
def strided_stores(x):
    y = np.ones(8)
    y[::2] = x[::2] * x[1::2]
    y[1::3] *= x[:3]
    y[::-1][:2] = x[4:6] ** 2
    y[-2:2:-2] += y[:2] * x[0]
    return np.sum(y**2 * np.arange(8))


@at(vector(6))
def boolean_mask_stores(x):
    y = x * 1.5
    y[x > 0] = y[x > 0] ** 2
    y[x < -0.5] = 0.7
    mask = np.array([True, False, True, False, False, True])
    y[mask] += x[:3]
    y[~mask] *= x[0]
    return np.sum(y * x) + np.sum(y[mask] ** 2)


@at(matrix(3, 3), 0.6)
def boolean_mask_of_a_matrix(a, c):
    b = a.copy()
    b[a > 0.1] = c * 2
    b[a < -0.1] *= c
    b[np.eye(3, dtype=bool)] = b[0] * c
    rows = np.array([True, False, True])
    b[rows] += b[~rows]
    b[rows, 1] = c
    return np.sum(b * b * a)


@at(vector(5), vector(4))
def fancy_stores_with_duplicates(x, v):
    y = np.zeros(5)
    i = np.array([0, 3, 3, 1])
    y[i] = v * v
    y[i] += x[i]
    y[[4, 0]] = x[[1, 1]] * v[0]
    z = x[i] * x[[2, 2, 2, 2]]
    return np.sum(y * y) + np.sum(z * z * v)


@at(matrix(3, 4), vector(3))
def fancy_stores_of_a_matrix(a, v):
    b = a * 1.0
    rows, cols = np.array([0, 1, 1]), np.array([2, 0, 3])
    b[rows, cols] = v
    b[rows, cols] *= a[cols % 3, rows]
    b[[2, 0]] = b[[0, 2]] * 2
    b[:, [0, 3]] += a[:, [1, 1]]
    b[np.ix_([0, 2], [1, 2])] *= 3
    b[1, [0, 2]] = v[:2] ** 2
    return np.sum(b * b)


@at(vector(4))
def constants_stored_in_active_arrays(x):
    y = x * x
    y[0] = 2.0
    y[1:3] = [0.5, 1.5]
    y[y > 1.9] = 4
    x[3] = 0.3
    return np.sum(y * x)


@at(vector(6))
def views_are_written(x):
    y = x * 2
    a = y[1:5]
    b = a[::2]
    b[0] = x[0] * x[5]
    b *= 3
    c = y.reshape(2, 3)
    c[1] += c[0] * x[0]
    c.T[2, 0] = b[1] ** 2
    return np.sum(y * y) + np.sum(a * b[0])


@at(matrix(3, 3))
def transposed_views(a):
    b = a * 1.5
    t = b.T
    t[0] = a[1] * 2
    t += 1
    b[2, 1] = t[0, 0] * t[2, 2]
    d = np.transpose(b)[1:]
    d[0, :2] *= b[0, 1]
    s = np.swapaxes(b, 0, 1)
    s[1] = s[0] * s[2]
    return np.sum(b * a) + np.sum(d * d) + t[1, 2] ** 2


@at(vector(6))
def ravelled_and_reshaped_views(x):
    m = (x * x).reshape(3, 2)
    flat = m.ravel()
    flat[3] = x[0]
    flat[1:3] *= x[1:3]
    n = m.T.ravel()
    n[0] = 100.0
    k = m.reshape(-1)
    k += 0.5
    f = m.flatten()
    f[:] = 9
    m = m.reshape(2, 3)
    return np.sum(m[0] * m[1] * x[:3]) + np.sum(n[1:] ** 2)


@at(matrix(2, 3))
def aliases(a):
    b = a
    c = b
    d = [c, a * 2]
    b[0] = b[1] * 2
    d[0][1, 1] = d[1][0, 0] * 3
    e = d[0]
    e *= e
    return np.sum(a * c) + np.sum(d[1])


@at(matrix(3, 3))
def rows_are_views(a):
    s = 0.0
    for row in a:
        row *= 2
        row[0] = row[1] * row[2]
        s += row[0]
    for i, column in enumerate(a.T):
        column[i] = s * 0.1
    return np.sum(a * a)


def smooth(y, k):
    y[1:-1] = (y[:-2] + k * y[1:-1] + y[2:]) / (k + 2)
    y[0] *= k


@at(vector(6), 1.7)
def stores_into_the_argument_of_a_callee(x, k):
    y = x * x
    for _ in range(3):
        smooth(y, k)
    smooth(y[1:5], k)
    smooth(x, 2 * k)
    return np.sum(y * x)


@at(vector(3), vector(3))
def out_parameters(x, y):
    a = np.empty(3)
    np.multiply(x, y, out=a)
    np.add(a, 1.5, out=a)
    np.exp(a, a)
    b = np.zeros((2, 3))
    np.sin(x, out=b[1])
    np.negative(b[1], out=b[0])
    np.maximum(a, x, out=b[0])
    return np.sum(a * b[1] * b[0])


@at(matrix(2, 3), vector(3), matrix(3, 2))
def out_of_products_and_sums(w, x, v):
    h = np.zeros(2)
    np.dot(w, x, out=h)
    p = np.empty((2, 2))
    np.matmul(w, v, out=p)
    s = np.empty(3)
    np.sum(w, axis=0, out=s)
    return np.sum(h * h) + np.sum(p * p) + np.sum(s * x)


@at(vector(4), 0.6)
def copyto_and_fill(x, c):
    y = np.zeros(4)
    np.copyto(y, x * x)
    np.copyto(y[1:3], c)
    np.copyto(y, x, where=np.array([True, False, False, True]))
    z = np.empty(4)
    z.fill(c * 2)
    z[:2].fill(1.5)
    y += z
    return np.sum(y * y * x)


@at(vector(4), vector(5))
def add_at(x, v):
    y = x.copy()
    np.add.at(y, [0, 2, 2, 0, 3], v * v)
    np.subtract.at(y, np.array([1, 1]), v[:2])
    np.add.at(y, 0, x[3])
    return np.sum(y * y)


@at(vector(3), 0.6, np.array(1.4))
def arguments_changed_in_place(x, c, z):
    x += 1
    x *= c
    c += 2
    z *= 3
    z[...] = z * c
    x[1:] -= z
    return np.sum(x * x) * c * z


@at(vector(6))
def empty_buffers_filled_in_loops(x):
    n = x.size
    y = np.empty(n)
    z = np.zeros_like(x)
    w = np.full((2, n), 0.5)
    for i in range(n):
        y[i] = x[i] * (y[i - 1] if i else 2.0)
        for j in range(i):
            z[i] += y[j] * x[i]
        w[i % 2, i] = z[i]
    y2 = np.empty_like(y)
    y2[:] = y
    return np.sum(y2 * z) + np.sum(w * w)


@at(vector(30))
def element_reads_in_a_loop(x):
    s = 0.0
    for i in range(1, 30):
        s = s * 0.9 + x[i] * x[i - 1] + np.sin(x[i])
    return s


@at(np.array(0.4), 0.9)
def zero_dimensional(z, c):
    y = z * c
    w = np.zeros(())
    w[()] = y * z
    w += c
    a = np.array(c)
    a[...] = a * w
    return y[()] * w * a.item() + a.sum() * z.reshape(1)[0]


@at(matrix(2, 3))
def attributes(a):
    n, m = a.shape
    b = a.reshape(m, n)
    s = 0.0
    for row in range(b.shape[0]):
        s += b[row].sum() ** 2 / b.ndim * len(b)
    z = np.zeros(a.shape, dtype=a.dtype)
    z += a.T.T.real
    return s * a.size + np.sum(z * a.flat[1]) + a.nbytes * 0.001 * a[0, 0]


@at(matrix(3, 1), vector(4), 0.6)
def broadcasting_everywhere(a, b, c):
    d = a + b * c
    d -= a
    d *= b
    d /= c + 2
    e = np.where(d > 0, a, b) ** 2 + np.maximum(a, c) * np.minimum(b, 0.3)
    f = np.ones((2, 3, 4)) * d
    f[0] += b
    f[:, 1:2] = c
    return np.sum(e * d) + np.sum(f * f) + np.sum(np.power(np.abs(a), 1.5) - b[:3, None] @ a.T)


@at(vector(6))
def new_axes_and_ellipsis(x):
    a = x[:, None] * x[newaxis, :]
    b = a[..., 0] + a[0, ...] * 2
    c = a[None, ..., 1:3]
    a[..., 1] = b
    return np.sum(b * b) + np.sum(c**2) + np.sum(a)


@at(vector(3), np.array([2, 0, 1]), np.array([True, False, True]))
def int_and_bool_arrays_mixed_in(x, i, m):
    y = x * i + m
    z = y[i] * x[m][0]
    counts = np.zeros(3, dtype=int)
    counts[i[0]] += 2
    return np.sum(z * counts) + np.sum(y * (x > 0)) * int(m.sum()) + np.sum(i / 2 * x)


@at(vector(3).astype(np.float32), vector(3))
def single_and_double_mixed(x, y):
    a = x * x
    b = a * y
    a[0] = y[1]
    c = b.astype(np.float32) * x
    return np.sum(c) * np.sum(a) + np.sum(b)


@at(matrix(2, 3).astype(np.float32), vector(3).astype(np.float32))
def single_precision_in_place(w, x):
    h = np.zeros(2, dtype=np.float32)
    for i in range(2):
        h[i] = w[i] @ x
        h[i] *= h[i]
    x += 1
    return np.sum(h) * np.sum(x * w[0])


@at(vector(6))
def while_writing_a_queue(x):
    y = np.zeros(6)
    head, tail = 0, 1
    y[0] = x[0]
    while tail < 6:
        y[tail] = y[head] * x[tail] + x[tail]
        tail += 1
        if tail % 2 == 0:
            head += 1
    return np.sum(y * y)


@at(vector(4))
def read_then_overwritten_then_read(x):
    y = x * x
    a = np.exp(y)
    y[:] = y * 2
    b = y * a
    y *= y
    y[1] = 0.0
    c = np.sum(y * b)
    y = y + 1
    y -= b
    return c + np.sum(y * y)


@at(vector(4))
def old_value_of_a_view(x):
    y = x * 2
    v = y[:2]
    a = np.sum(v * v)
    y[0] = x[3]
    b = np.sum(v**3)
    w = v.copy()
    y[:] = 1.0
    return a * b + np.sum(w * w) + np.sum(v)


@at(matrix(4, 4))
def swap_of_rows(a):
    b = a * 1.0
    b[[0, 2]] = b[[2, 0]]
    tmp = b[1].copy()
    b[1] = b[3]
    b[3] = tmp * 2
    b[:, 0], b[:, 1] = b[:, 1].copy(), b[:, 0].copy()
    return np.sum(b[0] * b[1]) + np.sum(b[2] * b[3] * np.arange(4))


@at(vector(4))
def swap_of_elements_by_tuples(x):
    y = x * 1.0
    y[0], y[3] = y[3] * 2, y[0]
    y[1:3] = y[2], y[1]
    for i in range(3):
        y[i], y[i + 1] = y[i + 1], y[i] * x[0]
    return np.sum(y * np.array([1.0, 2.0, 3.0, 4.0]))


@at(vector(3))
def overlapping_slices(x):
    y = np.concatenate([x, x * 2])
    y[1:] = y[:-1] * 1.5
    y[:-2] += y[2:]
    y[::-1] -= y * 0.3
    return np.sum(y * y * np.arange(6))


@at(vector(3))
def buffer_of_the_module(x):
    BUFFER[:] = x * x
    BUFFER[1] += BUFFER[0]
    y = BUFFER * x
    BUFFER[0] = 7.0
    return np.sum(y) * np.sum(BUFFER)


@at(vector(3), np.zeros(3))
def buffer_of_the_caller(x, out):
    out[:] = x**2
    out[2] = out[0] * out[1]
    return np.sum(out * x)


@at(vector(3), vector(3))
def history_of_snapshots(x, y):
    history = []
    for k in range(3):
        x *= y
        x[k] = 0.3 + y[0]
        history.append(x.copy())
        history.append(x)
    return sum(np.sum(h * (i + 1)) for i, h in enumerate(history)) * history[1][0]


@at(matrix(3, 3))
def nested_indexing(a):
    b = a * 1.0
    b[1][2] = a[0][0] * 2
    b[0][1:][1] *= a[2][1]
    b[-1][-2:] = b[0][:2]
    i, j = 1, [0, 2]
    return b[i][j] @ b[i, j] + b[1][2] * b[0][2] + np.sum(b[j][:, i])


@at(vector(5))
def indexing_by_computed_values(x):
    i = int(np.argmax(x))
    j = np.argmin(x)
    y = np.zeros(5)
    y[i] = x[j] * 3
    y[(i + 1) % 5 : i + 3] = x[i]
    k = np.flatnonzero(x > 0)
    y[k] += x[k] ** 2
    nz = np.nonzero(x < 0)
    y[nz] -= x[nz]
    return np.sum(y * y) + x[i - 1 if i else 2]


@at(vector(4), vector(4))
def mutation_between_uses_of_an_argument(x, y):
    a = x * y
    x[0] = y[0] * 2
    b = x * y
    y *= x
    x -= b
    return np.sum(a * b) + np.sum(x * y * y)


@at(matrix(2, 2))
def power_of_a_matrix_in_place(a):
    p = np.eye(2)
    for _ in range(3):
        p = p @ a
        p[0, 0] += a[1, 1]
        p @= a
    return np.sum(p * p)


@at(np.array(0.4), 0.9)
def subscripts_of_scalars(z, c):
    y = z * c
    w = np.zeros(())
    w[()] = y * z
    return y[()] * w * y[...] + y.flat[0]


@at(vector(4))
def iterators_of_arrays(x):
    y = np.zeros((2, 2))
    for i, v in enumerate(x.flat):
        y.flat[i] = v * v * (i + 1)
    for index in np.ndindex(2, 2):
        y[index] *= y[0, 1] + 1
    s = 0.0
    for v in y.flat:
        s = s * 0.5 + v
    return s


@at(vector(4))
def store_in_a_conditional_expression(x):
    y = x * 1.5
    for i in range(4):
        y[i if x[i] > 0 else -i - 1] += x[i] ** 2 if i % 2 else 0.3
    target = y if x[0] > 5 else x
    target *= 2
    return np.sum(x * y)


@at(vector(4))
def two_names_after_a_branch(x):
    a, b = x * 2, x * 3
    c = a if x[0] < 9 else b
    c[1] = 5 * x[0]
    d = b
    if x[0] < 9:
        d = c
    d += x
    return np.sum(a * b)


def normalised(v):
    v /= np.sqrt(np.sum(v * v))
    return v


def first_row(m):
    return m[0]


@at(matrix(2, 3))
def views_returned_by_callees(a):
    b = a * 2
    r = first_row(b)
    r[1] = a[1, 1]
    s = normalised(b[1])
    s[0] += 1
    return np.sum(b * b * a) + s @ r


@at(vector(6))
def views_of_views_of_views(x):
    y = x * 1.0
    v = y.reshape(2, 3).T[1:][:, ::-1]
    v[0] = x[:2] * x[2:4]
    v[1, 1] *= 4
    y[4] += v[1, 0]
    return np.sum(y * x) + np.sum(v * v)


@at(vector(4))
def in_place_on_an_attribute_of_the_array(x):
    y = x * 1.0
    y.flat[2] = x[0] * x[1]
    y.T[0] += x[3]
    return np.sum(y * y)


@at(vector(4))
def squeezed_and_expanded_views(x):
    y = (x * 2)[None, :, None]
    np.squeeze(y)[1] = x[0] ** 2
    e = np.expand_dims(y, 0)
    e[0, 0, 2] *= 3
    b = np.broadcast_to(x, (2, 4))
    f = np.flip(y)
    f[0, 0] = x[1]
    m = np.moveaxis(y, 1, 0)
    m[1] += 0.5
    return np.sum(y * y) + np.sum(b * b[0, 1])


@at(vector(3))
def in_place_through_a_ternary_and_a_list(x):
    y, z = x * 2, x * 3
    (y if x.size == 3 else z)[0] = 4.0 * x[1]
    [y, z][1][2] *= x[0]
    {"a": y}["a"][1] -= z[2]
    return np.sum(y * z)


@at(vector(3), vector(2))
def store_of_a_list_and_a_tuple(x, v):
    y = np.zeros((2, 3))
    y[0] = [v[0], 2.0, x[1] * v[1]]
    y[1, 1:] = (x[0], v[0] * v[1])
    y[:, 0] = v * 3
    y[1] += [x[2]] * 3
    return np.sum(y * y)


@at(matrix(2, 2))
def structured_loop_with_early_store(a):
    out = np.full(4, np.nan)
    k = 0
    for row in a:
        for v in row:
            out[k] = v if k == 0 else out[k - 1] * v + v
            k += 1
    return np.nansum(out) + out[-1] ** 2


@at(np.asfortranarray(matrix(2, 3)), vector(6)[::2])
def strange_memory_orders(a, x):
    b = a.ravel()
    b[1] = 5.0
    c = a.ravel(order="F")
    d = a.reshape(3, 2, order="F")
    d[0] = x[:2]
    return np.sum(b * np.arange(6)) * x[0] + np.sum(c * c) + np.sum(a @ x) + np.sum(d * d)


@at(vector(3))
def integer_stores_truncate(x):
    n = np.zeros(3, dtype=int)
    n[0] = 2.7
    n[1] += 3
    y = np.zeros(3)
    y[:] = n
    y += x * n
    k = np.arange(3)
    k *= 2
    return np.sum(y * y * k) + (x * k).sum()


@at(matrix(3, 3))
def accumulators_by_axis(a):
    total = np.zeros(3)
    peak = np.full(3, -9.0)
    for row in a:
        total += row**2
        peak = np.maximum(peak, row)
        np.maximum(total, 0.1, out=total)
    total /= len(a)
    return total @ peak + np.sum(a.max(axis=1) * a.min(0)) + np.sum(np.sort(a, axis=0)[1])


@at(vector(4))
def accumulations_into_the_operand(x):
    y = x + 2
    np.multiply.accumulate(y, out=y)
    z = x * 1.0
    np.add.accumulate(z[1:], out=z[1:])
    return np.sum(y * z)

"""Stores between reads: what a read recorded, and what is written over it later, in every order of loops and branches."""

from __future__ import annotations

import numpy as np

from tests.corpus.case import at, matrix, positive, vector


class Grid:
    def __init__(self, values):
        self.values = values
        self.rows = [values[i] for i in range(len(values))]


@at(matrix(2, 3), matrix(3, 3))
def view_read_in_a_loop_then_overwritten(a, c):
    s = np.zeros(3)
    for p in range(3):
        s[p] = a[0] @ c[:, p]
    a[0, :] = s
    return np.sum(a * a)


@at(matrix(2, 3), vector(3))
def view_multiplied_in_a_loop_then_overwritten(a, s):
    for p in range(3):
        s = s * a[0] + a[1]
    a[0] = s
    a[1] *= s
    return np.sum(a * a)


@at(matrix(3, 3))
def view_read_and_overwritten_in_each_round(a):
    s = np.ones(3)
    for i in range(3):
        s = s * a[i] + a[i - 1]
        a[i] = s * 0.5
        a[i, 0] = 2.0
    return np.sum(a * a) + np.sum(s)


@at(vector(5))
def slice_read_and_shifted_in_each_round(x):
    s = 0.0
    for k in range(3):
        s = s + np.sum(x[1:] * x[:-1])
        x[1:] = x[:-1].copy() * 1.1
        x[0] = s * 0.1
    return s + np.sum(x)


@at(vector(5), 3)
def element_read_then_overwritten(x, n):
    s = 1.0
    for k in range(n):
        a = x[k]
        x[k] = a * a * x[k + 1]
        s = s * a + x[k]
    return s * np.sum(x * x)


@at(matrix(2, 4))
def name_of_a_view_in_a_loop(a):
    top, bottom = a[0], a[1]
    s = 0.0
    for k in range(3):
        s = s + np.sum(top * bottom)
        top[k] = bottom[k + 1] * 2
        bottom *= 0.9
    return s * np.sum(a)


@at(vector(6))
def view_made_once_written_in_a_loop(x):
    y = x * x
    v = y[1:-1]
    for k in range(3):
        w = v * v
        v[:] = w + y[:-2]
        y[0] += np.sum(w)
    return np.sum(y * v[0])


@at(matrix(3, 3), vector(3))
def operands_of_a_product_overwritten(a, x):
    total = 0.0
    for k in range(3):
        y = a @ x
        total += y @ y
        x[:] = np.tanh(y)
        a[k] = x
    return total


@at(vector(4))
def results_of_functions_overwritten(x):
    s = 0.0
    for k in range(3):
        e = np.exp(x)
        t = np.tanh(e)
        e *= x
        t[k] = 0.2
        s = s + np.sum(e * t)
        x = t
    return s


@at(positive(4))
def roots_and_quotients_overwritten(x):
    r = np.sqrt(x)
    q = 1 / x
    for k in range(2):
        r[k] = q[k] * r[k + 1]
        q /= r
        r = np.sqrt(r) * 1.1
    return np.sum(r * q)


@at(vector(4), 2)
@at(vector(4), 9)
def store_in_a_branch(x, n):
    y = x * 2
    for k in range(4):
        if x[k] > 0:
            y[k] = x[k] ** 2
        elif k == n:
            y[k] += 3
        else:
            z = y.copy()
            z[k] = 1.5
            y = z * y
    return np.sum(y * y)


@at(vector(4), 0)
@at(vector(4), 2)
@at(vector(4), 7)
def store_then_break_or_return(x, n):
    y = np.zeros(4)
    for k in range(4):
        y[k] = x[k] * (y[k - 1] + 1.5)
        if k == n:
            break
        if k + 4 == n:
            return np.sum(y * x)
        y[0] *= x[k]
    return np.sum(y * y)


@at(vector(4))
def store_in_a_while(x):
    k, y = 0, x.copy()
    while y[k] < 0.9 and k < 3:
        y[k + 1] = y[k] * x[k + 1] + 0.3
        k += 1
        y[k] += 0.2
    return np.sum(y * y) * (k + 1)


@at(matrix(3, 4))
def store_in_nested_loops(a):
    n, m = a.shape
    b = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            b[i, j] = a[i - 1, j - 1] * b[i - 1, j - 1] + 0.5 * b[i - 1, j] - b[i, j - 1] + 1
            if b[i, j] > 2:
                b[i, j] = np.sqrt(b[i, j])
    return b[n, m] ** 2 + np.sum(b)


@at(vector(4))
def two_arrays_exchange(x):
    a, b = x * 2, x * 3
    for k in range(3):
        a[k], b[k] = b[k + 1] * 2, a[k]
        t = a
        a = b
        b = t
        a[0] = b[0] * a[1]
    return np.sum(a * b)


@at(vector(4))
def array_bound_again_in_a_loop(x):
    y = x.copy()
    for k in range(3):
        old = y
        y = y * 1.5
        y[k] = old[k + 1] ** 2
        old[0] = 7.0
    return np.sum(y * y)


@at(vector(4))
def same_array_under_two_names_in_a_loop(x):
    y = x * 1.0
    z = y
    for k in range(3):
        z[k] = y[k + 1] * y[k]
        y = y * 1.1
        y[3] = z[0]
    return np.sum(y * z)


def shift(v, by):
    for i in range(len(v) - 1):
        v[i] = v[i + 1] * by
    v[-1] = by


@at(vector(4), 0.7)
def store_by_a_callee_in_a_loop(x, c):
    s = 0.0
    for k in range(3):
        s = s + x @ x
        shift(x, c * (k + 1))
        shift(x[1:], s)
    return s + np.sum(x)


def filled(n, v):
    y = np.empty(n)
    for i in range(n):
        y[i] = v ** (i + 1)
    return y


@at(0.7)
def buffer_returned_by_a_callee(x):
    a, b = filled(3, x), filled(3, x * x)
    a[1] = b[2]
    b *= a
    return np.sum(a * b) + filled(2, a[0])[1]


@at(vector(4))
def store_in_an_element_of_a_list(x):
    xs = [x * 1.0, x * 2]
    for k in range(3):
        xs[k % 2][k] = xs[(k + 1) % 2][k + 1] ** 2
        xs[0] *= 1.1
        xs[1] = xs[1] + xs[0]
    return np.sum(xs[0] * xs[1])


@at({"u": vector(3), "v": vector(3)})
def store_in_an_element_of_a_dict(d):
    for k in range(3):
        d["u"][k] *= d["v"][k - 1]
        d["v"] += d["u"]
        d["w"] = d["u"] * 1.0
        d["w"][k] = d["v"][0]
    return np.sum(d["u"] * d["w"]) + np.sum(d["v"])


@at(Grid(matrix(2, 3)))
def store_in_an_attribute(g):
    for k in range(2):
        g.values[k] *= g.values[k - 1]
        g.rows[k] = g.values[k] * 2
        g.values[k, 0] = 1.5
    g.values += g.rows[0]
    return np.sum(g.values * g.rows[1])


@at(matrix(2, 3))
def store_in_a_view_kept_by_an_object(a):
    g = Grid(a * 1.0)
    g.rows[0][1] = a[1, 1] ** 2
    g.values[1] += g.rows[0]
    for row in g.rows:
        row *= row[0]
    return np.sum(g.values * a)


@at(vector(4))
def store_by_a_closure(x):
    y = x * 2

    def put(k, v):
        y[k] = v * y[k - 1]
        return y[k]

    s = 0.0
    for k in range(3):
        s += put(k, x[k]) * y[3]
        put(3, s)
    return s + np.sum(y)


@at(vector(4))
def store_in_a_try(x):
    y = x * 2
    for k in range(6):
        try:
            y[k] = y[k] ** 2 * x[0]
            y[k - 1] += x[k + 1]
        except IndexError:
            y[0] += y[k % 4]
            if k == 5:
                break
        finally:
            y *= 0.9
    return np.sum(y * y)


@at(vector(4))
def store_in_a_comprehension_by_a_function(x):
    y = np.zeros(4)

    def put(k):
        y[k] += x[k] ** 2
        return y[k] * x[k - 1]

    return sum([put(k) for k in (0, 2, 0, 3)]) + np.sum(y * x)


@at(vector(4))
def reads_between_two_stores_to_one_place(x):
    y = x * 1.0
    a = y[1] * x[0]
    y[1] = a * 2
    b = y[1] ** 2
    y[1] = 0.5
    c = y[1] * b
    y[1] = c * y[2]
    return a * b + c * np.sum(y * y)


@at(vector(4))
def array_inside_an_array_expression(x):
    y = x * 1.0
    s = np.sum(y * np.where(y > 0, y, -y))
    y[:] = np.concatenate([y[2:] * s, y[:2]])
    t = np.stack([y, x]) * s
    y *= t[0]
    t[1] = y
    return np.sum(t * t) + y[0]


@at(matrix(3, 3), np.array([2, 0, 1]))
def fancy_reads_are_copies(a, i):
    b = a[i]
    b[0] = 1.5
    c = a[:, i]
    c *= 2
    d = a[i, i]
    a[1] *= d
    b += a
    return np.sum(a * b * c) + np.sum(d)


@at(matrix(3, 3))
def boolean_reads_are_copies(a):
    m = a > 0
    b = a[m]
    b *= 2
    a[m] = b**2
    a[~m] -= 0.1
    c = a[a.sum(axis=1) > -9]
    c[0] = 0.0
    return np.sum(a * a) + np.sum(b) + np.sum(c)


@at(vector(6))
def sieve_like_strides(x):
    y = np.ones(6)
    for k in range(2, 5):
        y[k::k] *= x[k]
        y[: 6 - k] += y[k:] * x[0]
    return np.sum(y * y)


@at(matrix(3, 3))
def rows_and_columns_in_turn(a):
    for k in range(3):
        a[k] /= 1 + a[k] @ a[k]
        a[:, k] -= a[:, (k + 1) % 3] * a[k, k]
        a[k, k:] *= 1.5
        a.T[k, :k] += 0.1
    return np.sum(a * a)


@at(vector(3), vector(3))
def accumulators_with_a_default_start(x, y):
    acc = 0
    for k in range(3):
        acc = acc + x * y[k]
        acc[k] = 2 * x[0]
    out = None
    for k in range(3):
        if out is None:
            out = np.zeros(3)
        out[k] += acc[k] * x[k]
    return np.sum(out * out)


@at(vector(4).astype(np.float32), vector(4))
def store_of_double_in_single(x, y):
    for k in range(3):
        x[k] = y[k] * x[k + 1]
        x += y
        x *= 0.5
    return np.sum(x * y)


@at(np.array(0.7), vector(3))
def store_in_a_zero_dimensional_argument(z, x):
    for v in x:
        z[...] = z * v + 1
        z += v
        z[()] *= 1.5
    return z * z


@at(vector(3))
def store_of_the_array_itself(x):
    y = x * 1.0
    y[:] = y
    y[0] = y[0]
    y[1:] = y[1:] * y[:-1]
    y[...] = y[::-1]
    y[:2] = y[1:]
    return np.sum(y * y * x)


@at(vector(4))
def loop_over_an_array_that_is_written(x):
    s = 0.0
    for k, v in enumerate(x):
        s += v * v
        if k < 3:
            x[k + 1] += v * 0.5
    for v in x:
        s += v**3
        x[3] = 0.4
    return s


@at(matrix(3, 2))
def loop_over_rows_that_are_written(a):
    s = 0.0
    for k, row in enumerate(a):
        s += row @ row
        a[(k + 1) % 3] += row
        row[0] = s
    return s + np.sum(a)


@at(vector(4), vector(4))
def loop_over_a_zip_that_is_written(x, y):
    s = 0.0
    for k, (u, v) in enumerate(zip(x, y)):
        s += u * v
        x[k] = s
        y[k - 1] *= u
        x[3] = v
    return s + np.sum(x * y)


@at(vector(3))
def thousand_stores(x):
    y = np.zeros(200)
    y[:3] = x
    for k in range(3, 200):
        y[k] = 0.5 * y[k - 1] + 0.3 * y[k - 2] * x[k % 3] - 0.1 * y[k - 3] + 0.01
    return np.sum(y * y)


@at(vector(3))
def rows_columns_and_steps(x):
    y = np.zeros((2, 3))
    y[0] = x
    y[1, ::2] = x[:2]
    y[:, 1] += x[1]
    return np.sum(y * y)


@at(vector(3))
def constant_through_a_reversed_view(x):
    y = x.copy()
    y[::-1][0] = 5.0
    return np.sum(y * x)


@at(vector(3))
def stores_with_continue_and_break(x):
    y = x.copy()
    for i in range(len(x)):
        if x[i] > 0.5:
            continue
        y[i] = y[i] * x[0]
        if i == 1:
            break
    return np.sum(y)


@at(vector(3))
def stores_in_a_while_loop(x):
    y = np.zeros(3)
    i = 0
    while i < 3:
        y[i] = x[i] ** 2 + (y[i - 1] if i else 0.0)
        i += 1
    return y[2] * y[0]


@at(vector(3))
def store_of_an_overlapping_slice(x):
    y = x * 2
    y[1:] = y[:-1]
    return np.sum(y * x)


@at(vector(3))
def stores_in_branches(x):
    y = x * 2
    if x[0] > 0:
        y[0] = x[1]
    else:
        y[1] = x[0]
    return np.sum(np.exp(y))


@at(vector(3))
def buffer_made_anew_in_a_loop(x):
    y = np.zeros(3)
    for k in range(2):
        y = np.zeros(3)
        for i in range(3):
            y[i] = x[i] * k + x[0]
    return np.sum(y * y)


@at(vector(3))
def store_behind_an_exponential(x):
    y = x * x
    w = np.exp(y)
    y[0] = w[1]
    y *= 2.0
    return np.sum(y * w)


@at(vector(3))
def chain_of_augmented_items(x):
    y = x * x
    y[0] += y[1]
    y[1] -= y[0] * x[2]
    y[2] /= y[1]
    y[0] **= 2
    return np.sum(y)


@at(vector(3))
def rows_of_a_product(x):
    A = np.outer(x, x)
    A[0] += A[1]
    A[:, 0] = A[0, :]
    return np.sum(A * A)


def products_of_neighbours(v):
    u = np.zeros(3)
    u[1:] = v[1:] * v[:-1]
    return u


@at(vector(3))
def buffer_of_a_callee_stored_into(x):
    y = products_of_neighbours(x)
    y[0] = x[0]
    return np.sum(y * products_of_neighbours(y))


@at(vector(3))
def stores_in_a_triangle(x):
    y = np.zeros(3)
    for i in range(3):
        for j in range(3):
            if j > i:
                break
            y[i] += x[j] * x[i]
    return np.sum(y * y)


@at(vector(3))
def copy_in_every_round(x):
    y = x * 1.0
    for _ in range(2):
        z = y.copy()
        y[0] = z[1] * z[2]
        y[1] = z[0]
    return np.sum(y * x)


@at(vector(3))
def whole_array_stored(x):
    y = np.ones(3)
    y[:] = x
    y[...] = y * y
    return y[0] + y[-1] * y[1]


@at(vector(3))
def sum_of_elements_stored_back(x):
    y = x * x
    s = 0.0
    for v in y:
        s = s + v * v
    y[0] = s
    return np.sum(y)


@at(vector(3))
def element_read_before_it_is_stored(x):
    y = x * x
    t = y[0]
    y[0] = x[1]
    return t * y[0] * np.sum(y)


@at(vector(5), 0.3)
def length_of_what_is_stored_into(u, k):
    v = u.copy()
    for i in range(1, len(v) - 1):
        v[i] = v[i] + k * (v[i - 1] - 2 * v[i] + v[i + 1])
    for i in range(np.size(v) // 2):
        v[i] = v[i] * v[-1] * len(v)
    return np.sum(v**2)

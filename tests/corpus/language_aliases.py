"""One object under several names, several objects of one value, and old values that the gradient still needs."""
# ruff: noqa: E741

from __future__ import annotations

import copy
import functools
import operator
from types import SimpleNamespace

import numpy as np

from tests.corpus.case import at, matrix, positive, vector

RATE = 1.7
SHARED = np.array([0.3, 0.9, 1.4])
STORE: list[np.ndarray] = [np.array([0.5, 1.5])]
same_vector = vector(3)


@at(0.7, 0.7)
def one_float_for_two_arguments(x, y):
    return x * y * y + 0.7 * x


@at([0.7, 0.7, 1.7])
def one_float_twice_in_a_list(xs):
    return xs[0] * xs[1] ** 2 * xs[2] + RATE * xs[2]


@at(1.7)
def argument_that_is_a_global_constant(x):
    return x * x * RATE + 1.7 * x


@at(same_vector, same_vector)
def one_array_for_two_arguments(x, y):
    return np.sum(x * y * y)


@at([same_vector, same_vector])
def one_array_twice_in_a_list(ws):
    h = ws[0] * 2
    for w in ws:
        h = h * w + w
    return np.sum(h)


@at(0.7)
def default_that_is_the_argument(x, c=0.7):
    def f(v, k=0.7):
        return v * v * k

    return f(x) * c


@at(0.5)
def many_equal_temporaries(x):
    s = 0.0
    for k in range(5):
        a = float("0.5") * 2
        b = x * 2
        c = len("ab") * 0.5
        s = s * a + b * c + abs(b) * +a
    return s


@at(1.0, 0.0, 2.0)
def arguments_that_are_common_constants(one, zero, two):
    return one * 3 + zero * two + two**2 * 1.0 + 0.0 * one + 2.0 * zero


@at(vector(3))
def two_targets_of_one_assignment(x):
    a = b = x * 2
    a[0] = b[1] * 3
    c = d = e = np.zeros(3)
    c[1] = x[0]
    d += b
    y = b[2] = x[1] * x[2]
    return np.sum(a * e) * y + np.sum(c * d)


@at(vector(3), vector(3))
def another_name_of_an_argument(x, y):
    z = x
    z += y
    w = z
    w[0] = y[1]
    z = z * 2
    z[1] = 5.0
    return np.sum(x * w * z)


@at(vector(4))
def scalars_are_no_views(x):
    y = x * 1.5
    s = y[0]
    s += 2
    t = y[1:2]
    t += 2
    u = y.sum()
    v = u
    u *= 3
    for e in y:
        e *= 100
    return np.sum(y * y) + s * v * u


@at(0.4)
def zero_dimensional_arrays_are_shared(x):
    a = np.array(0.5)
    b = a
    a += x
    c = np.float64(0.5)
    d = c
    c += x
    a *= b
    return a * b * c * d


@at(vector(4), np.array([0, 2]))
def index_changed_after_the_store(x, i):
    y = np.zeros(4)
    y[i] = x[:2] ** 2
    z = x[i] * 3
    i += 1
    y[i] += x[i]
    i[0] = 3
    return np.sum(y * y) + np.sum(z * z) + y[i[0]]


@at(vector(4))
def mask_changed_after_the_store(x):
    mask = np.array([True, False, True, False])
    y = x * 2
    y[mask] = x[mask] ** 2
    z = np.where(mask, x, y)
    mask[1] = True
    y[mask] *= 3
    mask[:] = False
    return np.sum(y * z)


@at(vector(4))
def list_of_indices_changed_after_the_use(x):
    ks = [0, 2]
    y = x[ks] * 2
    ks.append(3)
    z = x[ks]
    ks[0] = 1
    w = np.zeros(4)
    w[ks] = z * 3
    ks.clear()
    return np.sum(y * y) + np.sum(z * w[:3])


@at(vector(3), matrix(3, 3))
def operands_changed_after_the_use(x, w):
    c = np.array([1.5, 2.0, 0.5])
    y = x * c
    p = w @ x
    q = w.T @ c
    s = np.sin(y)
    c *= 2
    w[0] = 0.3
    x *= 1.1
    y += c
    return np.sum(p * q * s) + np.sum(y * x) + np.sum(w @ c)


@at(positive(3))
def results_changed_after_the_use(x):
    e, t, r, l = np.exp(x), np.tanh(x), np.sqrt(x), 1 / x
    s = np.maximum(x, 1.0)
    e *= 2
    t[0] = 0.1
    r += t
    l[:] = l * r
    s[1] = 7
    e **= 2
    return np.sum(e * t) + np.sum(r * l * s)


@at(matrix(3, 3))
def reductions_before_a_change(a):
    m = a.max(axis=1)
    n = np.linalg.norm(a)
    p = np.prod(a[0])
    v = np.var(a)
    a -= m[:, None]
    a /= n
    m *= 2
    return np.sum(a**2) * p + v * np.sum(m * n)


@at(matrix(2, 3))
def rows_unpacked_are_views(m):
    w = m * 1.0
    a, b = w
    a *= 2
    b[0] = a[1] * 3
    (c, *rest), *others = w
    c *= 5
    others[0][2] = a[0]
    return np.sum(w * w) + rest[0] * c


@at(matrix(3, 2))
def lists_of_rows_are_views(m):
    w = m * 1.0
    rows = list(w)
    rows[0] *= 2
    first, *more = rows
    more[1][:] = first
    table = dict(zip("abc", w))
    table["b"] += table["c"]
    for r in [*w, *rows]:
        r[0] *= 1.1
    return np.sum(w * w)


@at(vector(6))
def splits_are_views(x):
    y = x * 1.0
    a, b = np.split(y, 2)
    a *= b
    c = np.array_split(y, [1, 4])
    c[1][0] = a[0] * 2
    np.hsplit(y, 3)[2][:] = 0.7
    np.reshape(y, (2, 3))[1, 0] += a[2]
    np.ravel(y)[1] *= 2
    return np.sum(y * y) + np.sum(b * a)


@at(vector(4))
def conversions_that_share_or_copy(x):
    a = x * 1.0
    b, c = np.asarray(a), np.array(a)
    d, e = a.astype(float), a.T
    f, g = np.atleast_2d(a), np.asanyarray(a)[:]
    b[0] = 2 * x[1]
    c[1] *= 3
    d[2] = 0.0
    e[2] *= 4
    f[0, 3] = x[0] ** 2
    g += 1
    h = np.copy(a)
    h[:] = 9
    k = a.view()
    k[0] *= 2
    return np.sum(a * b * c) + np.sum(d * e) + np.sum(f) + np.sum(g * k)


def scale(v, by):
    v *= by
    return v


def rebind(v, by):
    v = v * by
    v[0] = 3.0
    return v


@at(vector(3), 1.3)
def callees_that_share_or_copy(x, c):
    y = x * 2
    a = scale(y, c)
    b = rebind(y, c)
    d = scale(a[1:], 2.0)
    d[0] += x[0]
    e = (lambda v: v)(a)
    e[2] = b[2] * x[1]
    return np.sum(y * a) + np.sum(b * e)


@at(vector(3))
def containers_share_their_arrays(x):
    y = x * 1.0
    o = SimpleNamespace(w=y, ws=[y, y * 2], d={"y": y})
    o.w += 1
    o.ws[1][0] = o.ws[0][2] * 2
    o.d["y"][1] = x[2] ** 2
    o.ws[0] = o.ws[0] * 2
    o.ws[0][2] = 8.0
    p = copy.copy(o)
    p.w *= 1.5
    q = copy.deepcopy(o)
    q.w *= 100
    return np.sum(y * o.ws[1]) + np.sum(o.ws[0] * x) + q.ws[1][0]


@at(vector(3))
def closures_share_their_arrays(x):
    y = x * 1.0

    def bump(k):
        y[k] += x[k - 1]
        return y

    def fresh():
        nonlocal y
        y = y * 2
        return y

    a = bump(0)
    b = fresh()
    c = bump(1)
    a[2] = 4.0
    return np.sum(a * b) + np.sum(c * y)


@at(vector(3), True)
@at(vector(3), False)
def alias_by_a_branch(x, flag):
    y, z = x * 2, x * 3
    t = y if flag else z
    t[0] = x[1] ** 2
    if flag:
        w = z
    else:
        w = z.copy()
    w *= t
    return np.sum(y * z)


@at(vector(3), 0)
@at(vector(3), 3)
def alias_carried_by_a_loop(x, n):
    a, b = x * 2, x * 3
    for k in range(n):
        a[k] *= b[k]
        a, b = b, a
        b[0] += 0.1
    return np.sum(a * a) + np.sum(b) * a[1]


@at(matrix(4, 3))
def ping_pong_buffers(u):
    a, b = u.copy(), np.empty_like(u)
    for k in range(3):
        b[1:-1] = a[1:-1] + 0.1 * (a[2:] - 2 * a[1:-1] + a[:-2]) ** 2
        b[0], b[-1] = a[0] * 0.9, a[-1]
        a, b = b, a
    return np.sum(a * a) + np.sum(b)


@at(vector(3))
def global_arrays_are_written(x):
    SHARED[0] = x[0] * x[1]
    STORE[0] *= x[2]
    STORE.append(x * 2)
    STORE[1][0] = SHARED[0]
    view = STORE[0][1:]
    view += x[1]
    return np.sum(SHARED * x) + np.sum(STORE[0]) * STORE[-1][0]


@at(vector(3), vector(3))
def ufuncs_with_where(x, y):
    z = np.zeros(3)
    np.divide(x, y, out=z, where=y != 0)
    np.multiply(z, 2, out=z, where=np.array([True, False, True]))
    w = np.add(x, y, where=np.array([True, True, False]), out=x * 1.0)
    return np.sum(z * w)


@at(vector(4))
def outs_that_overlap(x):
    y = x * 1.0
    np.add(y[1:], y[:-1], out=y[1:])
    np.multiply(y, y, out=y)
    np.cumsum(y, out=y)
    z = np.negative(y, y)
    np.sqrt(z * z + 1, out=z)
    np.clip(y, 0.0, 1.9, out=y)
    return np.sum(y * x) + z[0]


@at(vector(3))
def in_place_functions(x):
    y = x * 1.0
    y = operator.iadd(y, x)
    operator.imul(y[1:], 2)
    operator.setitem(y, 0, x[1] * x[2])
    z = functools.reduce(operator.iadd, [x, x * 2], np.zeros(3))
    return np.sum(y * z)


@at(vector(6))
def at_methods_and_reduceat(x):
    y = x * 1.0
    np.add.at(y, slice(2, 4), 0.5)
    s = np.add.reduceat(y, [0, 2, 5])
    return np.sum(s * s)


@at(vector(6))
def multiplication_at_duplicates(x):
    y = x * 1.0
    np.multiply.at(y, [0, 0, 1], x[:3])
    return np.sum(y * y)


@at(vector(3))
def in_place_special_methods(x):
    y = x * 1.0
    y.__iadd__(1.5)
    y.__setitem__(slice(1, 2), x[0])
    return np.sum(y * y.__mul__(x))


@at(vector(3))
def conversion_without_a_copy(x):
    y = x * 1.0
    z = y.astype(float, copy=False)
    z[0] = x[1] ** 2
    w = np.array(y, copy=True, dtype=float)
    w[1] = 5.0
    return np.sum(y * z * w)


@at(vector(3))
def sums_with_where(x):
    m = np.array([True, False, True])
    return np.sum(x * x, where=m) * np.mean(x, where=m) + np.max(x, where=m, initial=-5.0)


@at(vector(3))
def stores_that_broadcast(x):
    y = np.empty((2, 3))
    y[:] = x
    y[1] = x.sum()
    y[:, 1:2] = x[:2, None]
    y[0:1] += x[None]
    z = np.ones(3)
    z[...] = x[:1]
    z[None] *= x
    w = np.zeros((3, 3))
    w[:, :] = x[:, None]
    w[1:, None, 0] = x[1]
    return np.sum(y * y) + np.sum(z * w)


@at(vector(3).astype(np.float32), vector(3))
def stores_that_cast(x, y):
    a = np.zeros(3, dtype=np.float32)
    a[:] = y * x
    a += y
    b = np.zeros(3)
    b[1:] = x[1:]
    b *= x
    n = np.array([1, 2, 3])
    n[0] = 5
    return np.sum(a * b * n) + np.sum(a.astype(np.float64) ** 2)


@at(vector(4))
def constant_bools_and_none_as_subscripts(x):
    y = x * 2
    y[True] *= 1.5
    y[np.newaxis][0, 1] = x[0]
    y[False] = 100.0
    y[()] = y * x
    s = slice(1, None, 2)
    y[s] += x[s]
    i = np.int64(2)
    y[i] = x[np.array(1)] * 3
    return np.sum(y * y)


@at(vector(3), 2)
def old_arrays_kept_in_a_list(x, n):
    states = [x]
    for k in range(n):
        new = states[-1].copy()
        new[k] = np.sum(states[0]) * states[-1][k]
        states.append(new)
        states[0] = states[0] * 1.1
    states[1][0] += 2
    return sum(np.sum(s * s) for s in states)


@at(vector(4))
def element_moved_around(x):
    y = x * 1.0
    for i in range(1, 4):
        key, j = y[i], i - 1
        while j >= 0 and y[j] > key:
            y[j + 1] = y[j]
            j -= 1
        y[j + 1] = key
    return y[0] * 3 + y[1] * y[2] + y[3] ** 2


@at(vector(6))
def heap_in_an_array(x):
    h = x.copy()
    n = len(h)
    for i in range(n // 2 - 1, -1, -1):
        while True:
            c = 2 * i + 1
            if c >= n:
                break
            if c + 1 < n and h[c + 1] < h[c]:
                c += 1
            if h[i] <= h[c]:
                break
            h[i], h[c] = h[c], h[i]
            i = c
    return np.sum(h * np.arange(1, 7)) + h[0] ** 2


@at(matrix(3, 3))
def in_place_transpose_of_blocks(a):
    b = a * 1.0
    for i in range(3):
        for j in range(i + 1, 3):
            b[i, j], b[j, i] = b[j, i], b[i, j] * 2
    b[:2, :2] = b[:2, :2].T.copy()
    b[1:, 1:] = b[1:, 1:][::-1].copy()
    return np.sum(b * np.arange(9).reshape(3, 3) * a)


@at(matrix(3, 3))
def overlapping_transposes(a):
    b = a * 1.0
    b[:] = b.T
    b += b.T
    b -= b[::-1] * 0.5
    b[0] = b[:, 0]
    np.multiply(b, b.T, out=b)
    return np.sum(b * b * a)


@at(vector(3))
def argument_given_back_after_a_change(x):
    saved = x.copy()
    x += 1
    y = np.sum(x**3)
    x[:] = saved
    return y * np.sum(x * x)


@at([vector(2), vector(2)])
def swap_of_list_elements(xs):
    xs[0], xs[1] = xs[1], xs[0]
    xs[0] *= 2
    xs[1] = xs[1] + xs[0]
    xs.append(xs[0])
    xs[2][1] = 4.0
    return np.sum(xs[0] * xs[1])


@at(vector(3))
def conjugate_of_real_numbers_that_is_changed(x):
    y = x * 2
    z = y.conj()
    z[0] = x[1] * x[2]
    return np.sum(y * y) * np.sum([float(n) for n in (1, 2)])


@at(vector(3), vector(3))
def array_that_is_copied_only_if_it_must(x, a):
    y = np.array(a, copy=None)
    y += 1.5
    z = np.nan_to_num(a, copy=False)
    z *= 2.0
    return np.sum(a * x) + np.sum(y * x)

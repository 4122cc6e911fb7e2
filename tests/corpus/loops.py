"""Loops over everything that a loop can walk, the values they carry, and what stays behind when they end."""

from __future__ import annotations

import numpy as np

from tests.corpus.case import at, matrix, positive, vector


@at(0.7, 0)
@at(0.7, 1)
@at(0.7, 5)
def power_by_range(x, n):
    y = 1.5
    for _ in range(n):
        y = y * x
    return y


@at(0.7)
def index_in_the_body(x):
    y = x
    for i in range(7, 1, -2):
        y = y * i + x / i
    return y


@at(vector(4))
def elements_by_index(x):
    s = 0.0
    for i in range(1, len(x)):
        s = s + x[i] * x[i - 1] * i
    return s


@at(matrix(2, 3))
def elements_by_two_indices(w):
    s = 0.0
    n, m = w.shape
    for i in range(n):
        for j in range(m):
            s = s + w[i, j] * w[i, (j + 1) % m] * (i + 1)
    return s


@at(vector(3))
def elements_of_an_array(x):
    s = 1.5
    for v in x:
        s = s * v + v
    return s


@at(matrix(2, 3))
def rows_of_a_matrix(w):
    s = np.ones(3)
    for row in w:
        s = s * row + row
    return np.sum(s)


@at(matrix(3, 3))
def columns_of_a_matrix(w):
    s = 1.5
    for column in w.T:
        s = s * column[0] + np.sum(column)
    return s


@at(vector(3))
def elements_of_an_expression(x):
    s = 1.5
    for v in x * x:
        s = s * v + v
    for v in x[::-1]:
        s = s * v + v
    return s


@at([vector(3), vector(3)])
@at((0.3, vector(3), 0.5))
def elements_of_a_list(xs):
    s = np.ones(3) * 1.5
    for x in xs:
        s = s * x + s
    return np.sum(s)


@at([(0.3, vector(3)), (0.4, vector(2))])
def pairs_of_a_list(pairs):
    s = 0.0
    for a, b in pairs:
        s = s + a * np.sum(b * b)
    return s


@at([vector(3), vector(3)], [vector(3), vector(3), vector(3)])
def zip_of_unequal_lists(xs, ys):
    s = np.ones(3)
    for x, y in zip(xs, ys):
        s = s * x + y
    return np.sum(s)


@at(vector(3), [1.5, 2.5])
def zip_of_arrays_and_numbers(x, ys):
    s = 0.0
    for v, y, i in zip(x, ys, range(10)):
        s = s * v + y * i + v
    return s


@at(vector(3), vector(3))
def enumerate_of_zip(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, y), 1):
        s = s * a + b * i
    return s


@at(vector(3))
def enumerate_from_two(x):
    s = 0.0
    for i, v in enumerate(x, start=2):
        s = s + v * v * i
    return s


@at({"a": vector(3), "b": vector(3)})
def keys_of_a_dict(table):
    s = 0.0
    for key in table:
        s = s + np.sum(table[key] * table[key])
    for key in sorted(table):
        s = s * np.sum(table[key])
    return s


@at(0.7)
def constants_of_many_kinds(x):
    for letter in "ab":
        x = x * x if letter == "b" else x * 3
    for c in (i * 1.5 for i in range(1, 3)):
        x = x * c + x * x
    for c in {2.0}:
        x = x * c
    return x


@at(vector(3))
def two_values_carried(x):
    a, b = x, x * 2
    for _ in range(3):
        a, b = b, a * b + x
    return np.sum(a * b)


@at(0.7)
def carried_value_overwritten(x):
    y = x
    for _ in range(4):
        y = np.sin(y) * y + np.tanh(y) * np.exp(y * 0.1)
    return y


@at(0.7, 0)
@at(0.7, 1)
@at(0.7, 5)
def names_bound_in_rounds(x, n):
    for i in range(n):
        z = x * i
        if i > 1:
            w = z * x
        if i > 2:
            x = x + w * z
    if n > 0:
        x = x * z
    return x


@at([vector(3), vector(3)], vector(3))
def tuple_carried(xs, y):
    pair = (y, y * 2)
    for x in xs:
        a, b = pair
        pair = (b * x, a + b)
    return np.sum(pair[0] * pair[1])


@at(vector(3))
def accumulated_in_place(x):
    s = x * 1.5
    t = np.zeros(3)
    for i in range(3):
        s *= x
        t += s * s * i
    return np.sum(s * t)


@at([0.3, 0.5], 0.2)
@at([], 0.2)
def loop_variable_before_and_after(xs, v):
    y = v * v
    for v in xs:
        y = y * v + v
    return y * v


@at([0.3, 0.5, 0.9])
def loop_variable_after_an_empty_body(xs):
    for v in xs:
        pass
    return v * v


@at(vector(3))
def loop_variable_bound_again(x):
    i = 5.0
    y = x * i
    for i in range(3):
        i = i * 2
        y = y * x + i
    for i in range(2):
        y = y * i + x
    return np.sum(y * i)


@at(0.7)
def bound_that_changes(x):
    n = 3
    for i in range(n):
        n = n + 1
        x = x * n * 0.3 + i
    return x * n


@at(vector(3))
def iterable_bound_again(x):
    s = 1.5
    for v in x:
        s = s * v
        x = x * 2
    return s * np.sum(x)


@at(0.7)
def nothing_to_record(x):
    for c in [0.5, 1.5]:
        x = x + x
    return x * c


@at(vector(3))
def bounds_of_an_inner_loop(x):
    for i in range(3):
        for j in range(i, 3):
            x = x * (1.5 + 0.1 * j * i)
        for c in [[1.5, 2.0], [], [0.5]][i]:
            x = x * c + x * x * 0.1
    return np.sum(x * x)


@at(0.7, 0.5)
@at(0.7, 9.0)
def while_a_test_holds(x, limit):
    y = 1.0
    while y < limit:
        y = y * 2 + x
    return y * y


@at(vector(3) + 2)
def while_counting(x):
    i = 0
    s = 1.5
    while i < len(x):
        s = s * x[i] + x[i]
        i += 1
    return s * i


@at(9.5)
def while_converging(a):
    x = a
    while abs(x * x - a) > 1e-12:
        x = 0.5 * (x + a / x)
    return x


@at(positive(3))
def while_an_array_is_large(x):
    while np.sum(x * x) > 0.1:
        x = x * 0.5
    return np.sum(x * x * x)


@at(matrix(2, 3))
def while_the_rank_shrinks(w):
    while w.ndim > 0:
        w = np.sum(w * w, axis=0)
    return w


@at(vector(3))
def array_that_grows(x):
    s = x
    for i in range(2):
        s = np.concatenate([s, s * x[i]])
    return np.sum(s * s)

"""Tuples, lists and dicts of arrays: built, joined, indexed, unpacked, nested, carried by loops and passed around."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tests.corpus.case import at, matrix, vector


class Point(NamedTuple):
    """A named tuple."""

    x: Any
    y: Any


@at(vector(3), vector(3))
def list_indexed(x, y):
    xs = [x, y, x * y]
    return np.sum(xs[0] * xs[-1]) + np.sum(xs[2])


@at(vector(3))
def list_half_used(x):
    xs = [x, x * 2.5, x]
    return np.sum(xs[0])


@at(vector(3), vector(3))
def lists_nested(x, y):
    xs = [x, [y, [x * y, 2.5]]]
    return np.sum(xs[1][1][0] * xs[0]) * xs[1][1][1]


@at(vector(3), vector(3))
def lists_joined(x, y):
    xs = [x] + [y, x * y]
    ys = xs + xs
    return np.sum(ys[3] * ys[1] * ys[5])


@at(vector(3), vector(3))
def list_repeated(x, y):
    xs = [x, y] * 2
    ys = 2 * [x * 2.5]
    return np.sum(xs[0] * xs[2] * xs[3]) + np.sum(ys[0] * ys[1])


@at(vector(3))
def list_built_by_a_loop(x):
    xs = []
    for i in range(3):
        xs = xs + [x * i]
    s = 0.0
    for v in xs:
        s = s + np.sum(v * x)
    return s


@at([vector(3), vector(3), vector(3)])
def list_sliced(xs):
    a = xs[1:]
    b = xs[:-1]
    return np.sum(a[0] * b[0]) + np.sum(a[-1] * xs[0]) * len(a)


@at([vector(3), vector(3), vector(3)], 1)
def list_indexed_by_a_variable(xs, i):
    return np.sum(xs[i] * xs[i - 1] * xs[-i])


@at([vector(3), 0.5, [vector(2), 2]])
def list_of_many_kinds(xs):
    return np.sum(xs[0] * xs[1]) + np.sum(xs[2][0]) * xs[2][1]


@at([vector(3), vector(3)])
def list_elements_read_twice(xs):
    a = xs[0]
    c = xs[1] + a
    return np.sum(a * xs[0] + c) + np.sum(xs[0])


@at([vector(3), vector(3)])
def list_as_a_test(xs):
    if xs:
        return np.sum(xs[0] * xs[0])
    return 0.0


@at([0.5, 0.3])
def numbers_of_a_list(xs):
    return max(xs) * min(xs) * max(xs[0], 0.4)


@at([vector(3), vector(3)])
def list_made_an_array(xs):
    return np.sum(np.array(xs) ** 2) + np.sum(np.stack(xs)[1] ** 3) + np.sum(np.concatenate(xs) ** 2)


@at(vector(3), 0.4)
def array_of_numbers(x, s):
    return np.sum(np.array([s, s * s, x[0]]) * x) + np.sum(np.array([[s, 1.5], [x[1], s]]) ** 2)


@at((vector(3), (0.5, vector(3))))
def tuple_unpacked(t):
    a, (b, c) = t
    return np.sum(a * b * c) * t[1][0]


@at(vector(3), vector(3))
def tuple_unpacked_again(x, y):
    a, b = x, y
    a, b = b, a * b
    (a, b), c = (b, a), a
    return np.sum(a * b * c)


@at(vector(3), vector(3))
def tuples_joined(x, y):
    t = (x,) + (y,)
    t = t + (x * y,)
    t += (x,)
    return np.sum(t[2] * t[0] + t[1] * t[3])


@at(vector(3))
def tuple_of_one_value(x):
    t = (x, x)
    u = (t, t)
    return np.sum(u[0][0] * u[1][1] + u[0][1])


@at(matrix(2, 3))
def array_unpacked(w):
    (a, b, c), d = w
    return np.sum(d * a) * b + c


@at(vector(3), vector(3))
def dict_built(x, y):
    d = {"a": {"w": x, "n": 3}, "b": [y, x * y]}
    return np.sum(d["a"]["w"] * d["b"][0] * d["b"][1]) * d["a"]["n"]


@at({"first": {"w": vector(3), "b": 0.3}, "second": [vector(3), (vector(3), 1.5)], "n": 2})
def dict_of_parameters(p):
    h = p["first"]["w"] * p["first"]["b"] * p["second"][0]
    return np.sum(h) * p["second"][1][1] * p["n"] + np.sum(p["second"][1][0])


@at({"w": vector(3), "b": vector(3)}, "w")
def dict_indexed_by_a_variable(p, key):
    return np.sum(p[key] * p[key])


@at({0: vector(3), 1: vector(3)})
def dict_with_integer_keys(p):
    s = 0.0
    for i in range(2):
        s = s + np.sum(p[i] * p[i])
    return s


@at({"a": vector(3), "b": vector(3)})
def dict_asked_for_a_key(d):
    s = np.sum(d["a"])
    if "b" in d:
        s = s * np.sum(d["b"] ** 2)
    if "c" in d:
        s = s + d["c"]
    return s


@at(vector(3), vector(3))
def dict_carried(x, y):
    t = {"a": x, "b": y}
    for _ in range(3):
        t = {"a": t["b"] * x, "b": t["a"] + t["b"]}
    return np.sum(t["a"] * t["b"])


@at(vector(3), vector(3))
def list_carried(x, y):
    t = [x, y]
    for _ in range(3):
        t = [t[1] * x, t[0] + t[1]]
    return np.sum(t[0] * t[1])


def packed(x, y):
    return {"p": x * y, "q": (x, y)}


def unpacked(d):
    return np.sum(d["inner"]["p"] * d["pair"][0] * d["pair"][1]) + np.sum(d["inner"]["q"][1])


@at(vector(3), vector(3))
def containers_through_functions(x, y):
    inner = packed(x, y)
    return unpacked({"inner": inner, "pair": [inner["p"], x]})


def picked(items, i):
    return items[i]


@at(vector(3), vector(3))
def containers_of_many_kinds_for_one_parameter(x, y):
    return np.sum(picked([x, y], 0) * picked((x, y), 1)) + np.sum(picked({"a": x}, "a"))


@at(Point(vector(3), 2.5))
def named_tuple(p):
    x, y = p
    return np.sum(p.x * p[1] * p.y * x)

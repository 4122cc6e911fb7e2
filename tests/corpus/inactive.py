"""Code without a derivative, copied as it stands; and arrays that are changed between the places that read them."""

from __future__ import annotations

import contextlib
import io
import math
import random

import numpy as np

from tests.corpus.case import at, vector

CONSTANT = 2.5
CONSTANTS = np.array([1.5, 2.0, 3.0])


def fill(a):
    a[0] = 9.0
    return 2


@at(vector(3))
def globals_read(x):
    return np.sum(x * CONSTANTS * x) * CONSTANT * math.pi


@at(vector(3))
def text(x):
    y = x * x
    out = io.StringIO()
    print(f"norm {np.sum(y):.3f} of {x.shape!r}", y, file=out)
    name = f"{x.shape[0]}-{len(x):>3}" + "a"
    return np.sum(y * x) * len(name) * len("%s %d" % (name, 3))


@at(vector(3))
def exceptions(x):
    try:
        k = int("no number")
    except ValueError as error:
        k = len(str(error))
    else:
        k += 1
    finally:
        z = 2
    assert x.ndim == 1, f"not a vector: {x.shape}"
    if np.any(np.isnan(x)):
        raise ValueError(f"not a number: {x}")
    return np.sum(x * x) * k * z


@at(vector(3))
def contexts(x):
    with contextlib.suppress(KeyError), io.StringIO("3") as file:
        k = int(file.read())
        {}["missing"]
    return np.sum(x * x) * k


@at(vector(3))
def comprehensions(x):
    a = [i * i for i in range(3)]
    b = {key: value for key, value in zip("abc", a)}
    c = {i for i in a if i}
    positive = len([v for v in x if v > 0])
    return np.sum(x * a) * b["b"] * len(c) * sum(i for i in a) + np.sum(x) * positive


@at(vector(3))
def comprehension_with_a_name_of_ours(x):
    x = x * x
    a = [x * 2 for x in range(3)]
    f = lambda x: x + 1.5  # noqa: E731
    x = x * x
    return np.sum(x * a) * f(2)


@at(vector(3))
def definitions(x):
    import math as m
    from math import pi

    class Table:
        n = 3

    def triangle(n):
        t = 0
        for i in range(n):
            t += i
        return t

    return np.sum(np.sin(x * pi)) * m.e * Table.n * triangle(4)


@at(vector(3))
def loop_with_else(x):
    n = 0
    for i in range(3):
        n += i
    else:
        n += 10
    del i
    return np.sum(x * x) * n


@at(vector(3))
def array_changed_between_uses(x):
    c = np.array([1.5, 2.0, 3.0])
    y = x * c
    c[0] = 5.0
    z = y * c
    c *= 2
    w = z + x * c
    c.sort()
    return np.sum(w * w * c)


@at(vector(3))
def array_changed_in_a_loop(x):
    c = np.ones(3)
    s = 0.0
    for i in range(3):
        s = s + np.sum(x * x * c)
        c[i] = i + 2.0
        c *= 1.5
    return s * np.sum(x * c)


@at(vector(3))
def array_changed_in_a_branch(x):
    c = np.ones(3)
    y = x * c
    if x[0] < 2:
        c[0] = 5.0
    return np.sum(y * c * y)


@at(vector(3))
def array_changed_through_an_alias(x):
    c = np.ones(3)
    d = c
    pair = (c, 2.5)
    row = np.ones((2, 3))[0]
    y = x * d * row
    z = y * pair[0]
    c[1] = 4.0
    row += 1.0
    return np.sum(y * z * d * row)


@at(vector(3))
def array_changed_by_a_function(x):
    c = np.array([1.5, 2.0, 3.0])
    y = x * c
    n = fill(c)
    return np.sum(y * c) * n


@at(vector(3))
def array_changed_by_numpy(x):
    c = np.zeros((3, 3))
    np.fill_diagonal(c, 2.0)
    y = c @ x
    np.fill_diagonal(c, 5.0)
    d = np.add(c, 1.0, out=c)
    return np.sum(y * (d @ x))


@at(vector(3))
def list_changed_between_uses(x):
    c = [1.5, 2.5]
    y = x * c[0]
    c[0] = 9.0
    c.append(3.5)
    return np.sum(y * y * c[0] * c[2]) * len(c)


@at(vector(3))
def dict_changed_between_uses(x):
    d = {"k": 2.5}
    y = x * d["k"]
    d["k"] = 5.0
    d.update(j=3.5)
    return np.sum(y * y) * d["k"] * d["j"]


@at(vector(3))
def random_numbers(x):
    rng = np.random.default_rng(0)
    random.seed(0)
    y = x * rng.random(3) * random.uniform(0.5, 1)
    return np.sum(y * rng.normal(size=3) * x)


@at(vector(3))
def iterator(x):
    it = iter([1.5, 2.0, 3.0])
    y = x * next(it)
    z = y * next(it)
    for v in it:
        z = z * v
    return np.sum(z * x)


@at(vector(3))
def not_a_number_that_is_not_used(x):
    y = x * np.nan
    z = x * np.inf
    return np.sum(x * x)

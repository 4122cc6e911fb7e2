"""User functions: defaults and keywords, recursion, closures, decorators, functions as values and in other modules."""

from __future__ import annotations

import functools

import numpy as np

from tests.corpus import names
from tests.corpus.case import at, vector
from tests.corpus.names import sub


def square(t):
    return t * t


def affine(w, x, b=0.5, *, scale=2.0):
    return scale * (w * x + b)


def both(x, y):
    return x * y, x + y


@at(0.7)
def call_of_a_call(x):
    return square(x) * square(square(x))


@at(0.7, 0.3)
def defaults_and_keywords(w, x):
    return affine(w, x) + affine(x, w, 1.5) + affine(w, x=x, b=w) + affine(x=w, w=x, scale=x)


@at(0.7, 0.3)
def same_argument_twice(w, x):
    return affine(w, w, w, scale=w) * affine(x, w, b=x)


@at(vector(3), vector(3))
def numbers_and_arrays_for_one_parameter(w, x):
    return np.sum(affine(w, x)) + np.sum(affine(w, 2.5)) + affine(3.5, 4.0)


@at(0.7, 0.3)
@at(0.7, 0.3, 0.9)
def positional_only(a, b=1.5, /, c=3.5):
    return a * b * b * c


@at(0.7, b=0.3)
def keyword_only(a, *, b, c=2.5):
    return a * b * c


@at(vector(3))
@at(vector(3), vector(3))
def default_of_none(x, w=None):
    if w is None:
        w = x
    return np.sum(x * w)


@at(0.7, 0)
@at(0.7, 4)
def recursion(x, n):
    if n == 0:
        return 1.5
    return x * recursion(x, n - 1)


@at(0.7, 5)
def recursion_twice(x, n):
    if n < 2:
        return x + n
    return recursion_twice(x, n - 1) * recursion_twice(x, n - 2)


@at(0.7, 3)
@at(0.7, 4)
def mutual_recursion(x, n):
    return x if n == 0 else mutual_recursion_back(x * 1.1, n - 1)


def mutual_recursion_back(x, n):
    return x * x if n == 0 else mutual_recursion(x + 0.1, n - 1)


@at([0.3, 0.5, 0.9])
def recursion_over_a_list(xs):
    if len(xs) == 0:
        return 1.5
    return xs[0] * xs[0] + recursion_over_a_list(xs[1:]) * xs[0]


@at([0.3, [0.5, (0.9, 0.1)], 0.2])
def recursion_over_a_tree(tree):
    if not isinstance(tree, (list, tuple)):
        return tree * 2.5
    total = 0.0
    for branch in tree:
        total = total + recursion_over_a_tree(branch)
    return total * total


@at(0.7, 0.3)
def tuple_returned(x, y):
    a, b = both(x, y)
    pair = both(b, a)
    return a * b + pair[0] * pair[-1]


@at(0.7, 0.3)
def tuple_half_used(x, y):
    a, _ = both(x, y)
    return a * a


@at(0.7)
def result_unused(x):
    square(x)
    y = square(x)
    return x * x


def report(t):
    text = f"{t}"


@at(0.7)
def nothing_returned(x):
    nothing = report(x)
    if nothing is None:
        return x * x
    return x


@at(vector(3))
def only_a_shape_returned(x):
    return np.sum(x * x) * length(x)


def length(x):
    return x.shape[0]


def apply(f, t):
    return f(t)


@at(vector(3))
def functions_as_arguments(x):
    return np.sum(apply(square, x) + apply(np.sin, x) + apply(lambda t: t * 3.5, x))


@at(vector(3))
def functions_in_containers(x):
    by_name = {"square": square, "tanh": np.tanh}
    for f in [square, np.tanh, square]:
        x = f(x)
    return np.sum(x * by_name["square"](x) * by_name["tanh"](x))


@at(vector(3), np.exp)
@at(vector(3), square)
def function_as_a_parameter(x, f):
    return np.sum(f(x) * x)


@at(vector(3))
def function_under_another_name(x):
    f = square
    g = f
    return np.sum(g(f(x)))


@at(0.7)
def functions_of_another_module(x):
    return sub(x) * names.sub(x) * names.greek(x)


def times(k):
    def inner(t):
        return t * t * k

    return inner


twice, thrice = times(2.0), times(3.0)


@at(vector(3))
def closures(x):
    for f in (twice, thrice, twice):
        x = f(x)
    return np.sum(x)


def doubled(f):
    @functools.wraps(f)
    def wrapper(t):
        return 2 * f(t)

    return wrapper


@doubled
def cube(t):
    return t * t * t


@at(0.7)
def decorated(x):
    return cube(x) * x


@at(vector(3))
def nested_functions_without_captures(x):
    def root(t):
        return np.sqrt(t * t + 0.5)

    k = 3.5
    return np.sum(root(x) * (lambda t: t * t)(x)) * k

"""What is evaluated when, and how often: side effects, short circuits, types of values, text made of active values."""
# ruff: noqa: E721, RUF012, RUF015, RUF021, TRY301

from __future__ import annotations

import colorsys
import fractions
import json
import math
import numbers
import random
import statistics
from typing import Any

import numpy as np

from tests.corpus.case import at, matrix, positive, vector

TRACE: list[Any] = []
TOTALS = {"sum": 0.0, "n": 0}


def traced(name, value):
    TRACE.append(name)
    return value


@at(0.4, 1.3)
def order_of_operands(x, y):
    a = traced("x", x) * traced("y", y) + traced("c", 2.0) ** traced("n", x)
    b = {traced("k", "k"): traced("v", a)}
    c = [traced(i, b["k"]) for i in range(2)]
    return c[traced("i", 1)] * len(TRACE)


@at(0.4, 1.3)
def order_of_arguments(x, y):
    def f(a, b=2.0, *rest, k=1.0):
        return a * b + k * len(rest)

    return f(traced(1, x), *[traced(2, y)], k=traced(3, x)) + f(b=traced(5, x), a=traced(4, y)) * len(TRACE)


@at(vector(3))
def targets_are_evaluated_once(x):
    xs = [x[0], x[1], x[2]]
    it = iter([0, 2, 1])
    xs[next(it)] += x[1]
    xs[next(it)] *= traced("v", 3.0)
    xs[traced("i", next(it))] -= xs[0]
    d = {"a": [x * 2]}
    d["a"][traced("j", 0)][traced("k", 1)] += x[0]
    return xs[0] * xs[1] + xs[2] + np.sum(d["a"][0]) * len(TRACE)


@at(0.4)
def comparisons_evaluate_once(x):
    k = 0

    def bump():
        nonlocal k
        k += 1
        return x * k

    if 0 < bump() < 1 < bump() + bump() < 9:
        return x * k * k
    return bump()


@at(0.4, 1.3)
def short_circuits(x, y):
    x > 0 or traced("never", 0)
    y > 5 and traced("never", 0)
    z = traced("a", x) and traced("b", y) or traced("c", 2.0)
    w = traced("left", x) if x > 1 else traced("right", y)
    assert x > 0, traced("never", "message")
    return z * w + TRACE.count("never") + len(TRACE) * x


@at(0.4)
def tuple_assignment_left_to_right(x):
    xs = [x, 2 * x, 3 * x]
    i = 0
    i, xs[i] = 2, xs[1] * xs[2]
    xs[i], i = xs[0] * 5, 1
    xs[i], xs[i - 1] = xs[i - 1], xs[i]
    return xs[0] * 2 + xs[1] * xs[2] + i


@at(0.4)
def names_of_comprehensions_stay_inside(x):
    i = 5.0
    ys = [i * x for i in range(3)]
    zs = {i: x**i for i in range(3)}
    s = sum(i * v for i, v in zs.items())
    return (sum(ys) + s) * i


@at(vector(3))
def printed_and_formatted(x):
    y = np.sum(x * x)
    print(y, x, [y], {"y": y}, sep=" ; ", end="!\n")
    print(f"{y:.4f} {y!r} {x[0]:+.2e} {x}", "%5.3f|%s" % (y, x), "{0:.1f} {k}".format(y, k=x[1]))
    text = ",".join(str(round(v, 2)) for v in x) + repr(y) + str([x[0]])
    return y * x[0] * text.count(",")


@at(0.4, vector(3), 2)
def types_of_values(x, v, n):
    s = 0.0
    if isinstance(x, float) and isinstance(x, numbers.Real) and not isinstance(x, np.ndarray):
        s += x
    if type(v) is np.ndarray and v.dtype == np.float64 and hasattr(v, "shape"):
        s += np.sum(v * v)
    y = v[0] * x
    if isinstance(y, np.floating) and np.isscalar(y) and np.ndim(y) == 0:
        s *= y
    z = math.sin(x)
    if type(z) == float and type(n) is int and not callable(z):
        s += z * n
    match v * 2:
        case np.ndarray(shape=(3,)) as w:
            s += w[1] ** 2
    match x * 2.0:
        case float() as w:
            s *= w
    return s


@at(2.6, vector(5))
def integers_made_of_active_values(x, v):
    n = int(x)
    s = sum(v[k] * x for k in range(n))
    k = round(x) + math.floor(x) + math.ceil(x) - int(np.floor(x)) - len("ab" * n)
    counts = {round(float(x), 1): 3.0}
    return s * v[k] + counts[2.6] * x + (x // 1) * x + divmod(x, 2)[1]


@at(3.7, 0.8)
def remainders(x, y):
    return x % y * 3 + x % 1 + divmod(x, y)[1] ** 2 + math.fmod(x, y) + np.mod(x, 1.1) + (-x) % 2


@at(0.4)
def floats_as_keys_and_in_sets(x):
    table = {x: 3.0, 2 * x: x}
    seen = {x, x, 2.0}
    return table[x] * table[x + x] * len(seen) + x


@at(0.4)
def print_with_a_side_effect_in_a_loop(x):
    for k in range(3):
        x = x * 1.3
        print("step", k, round(float(x), 3))
        TOTALS["sum"] += x
        TOTALS["n"] += 1
    return TOTALS["sum"] * x / TOTALS["n"]


@at(vector(5), vector(5))
def means_of_the_library(x, y):
    return statistics.fmean(x) * statistics.mean(list(y)) + statistics.variance(list(y))


@at(vector(5), vector(5))
def regression_of_the_library(x, y):
    slope, intercept = statistics.linear_regression(list(x), list(y))
    return slope * intercept


@at(0.4)
def distribution_of_the_library(x):
    return statistics.NormalDist(0.3, 1.2).pdf(x) * statistics.NormalDist(0.3).cdf(x)


@at(vector(3))
def active_values_in_json(x):
    TRACE.append(json.dumps({"loss": float(x[0]), "all": x.tolist(), "n": int(3.7)}))
    return np.sum(x * x) * len(TRACE)


@at(vector(3))
def errstate_as_a_decorator(x):
    @np.errstate(divide="ignore")
    def inverse(v):
        return np.where(v != 0, 1 / v, 0.0)

    return np.sum(inverse(x))


@at(vector(3))
def eval_of_a_constant(x):
    return np.sum(x * x) * eval("1 + 2")


@at(0.9, 0.4, 0.2)
def colours_of_the_library(r, g, b):
    h, s, v = colorsys.rgb_to_hsv(r, g, b)
    y, i, q = colorsys.rgb_to_yiq(r * v, g, b)
    return h * s + v * y + i * q + colorsys.hls_to_rgb(0.3, r, g)[1]


@at(vector(4), 0.3)
def polynomial_objects_of_numpy(c, t):
    from numpy.polynomial import Polynomial

    p = Polynomial(c)
    return p(t) + p.deriv()(0.5)


@at(vector(4), 0.3)
def polynomial_values_of_numpy(c, t):
    from numpy.polynomial import chebyshev, polynomial

    return chebyshev.chebval(t, c) * polynomial.polyval(t, c)


@at(0.4)
def random_state_of_the_library(x):
    random.seed(3)
    rng = np.random.default_rng(5)
    y = x * random.random() + random.gauss(0, 1) * x**2
    z = rng.normal(size=2) * y
    items = [x, 2 * x, 3 * x]
    random.shuffle(items)
    return np.sum(z * z) + random.choice(items) * items[0]


@at(0.4)
def fractions_and_integers(x):
    f = fractions.Fraction(3, 4)
    return x * float(f) + x**2 * math.comb(5, 2) + x * (7 // 2) + x * int("101", 2) + x * (1 << 2) + x * -True


@at(0.4)
def generators_run_lazily(x):
    def noisy():
        for k in range(5):
            TRACE.append(k)
            yield x * k

    g = noisy()
    a = next(g)
    TRACE.append("between")
    b = next(g) + next(g)
    any(v > x * 2.5 for v in g)
    return a + b * len(TRACE)


@at(0.4)
def generator_closed_by_a_break(x):
    def guarded():
        v = x
        try:
            while True:
                yield v
                v = v * 2
        finally:
            TRACE.append("closed")

    s = 0.0
    g = guarded()
    for v in g:
        s = s + v * v
        if v > 2:
            break
    g.close()
    return s * len(TRACE)


@at(0.4)
def generator_with_a_result(x):
    def inner(v):
        yield v
        yield v * v
        return v * 3

    def outer():
        got = yield from inner(x)
        yield got * x
        got = yield from inner(got)
        yield got

    return sum(v * (k + 1) for k, v in enumerate(outer()))


@at(0.4)
def generator_that_is_thrown_into(x):
    def g():
        v = x
        while True:
            try:
                yield v
                v = v * 1.5
            except ValueError as e:
                v = v * e.args[0]

    it = g()
    a = next(it)
    b = it.throw(ValueError(x * 5))
    return a * b + next(it)


@at(vector(3))
def late_binding_of_generator_expressions(x):
    scale = 2.0
    g = (v * scale for v in x)
    scale = 3.0
    h = (v * s for s in (x[0], x[1]) for v in x if v * s != 0)
    return sum(g) * sum(h)


@at(0.4)
def exception_unwinds_frames(x):
    values = []

    def deep(n, v):
        values.append(v)
        try:
            if n == 0:
                raise LookupError("bottom", v * 2)
            return deep(n - 1, v * 1.2)
        except KeyError:
            return 0.0
        finally:
            values.append(v * n)

    try:
        y = deep(3, x)
    except LookupError as e:
        y = e.args[1]
    return y * sum(values)


@at(0.4)
def else_and_finally_and_return(x):
    def f(v, n):
        try:
            if n == 1:
                raise ValueError
            r = v * 2
        except ValueError:
            return v * 3
        else:
            if n == 2:
                return r * v
        finally:
            TRACE.append(n)
            if n == 3:
                return v * 100
        return r

    return f(x, 0) + f(x, 1) * f(x, 2) + f(x, 3) + len(TRACE) * x


@at(0.4)
def return_in_finally_swallows(x):
    def f():
        for k in range(3):
            try:
                raise RuntimeError
            finally:
                if k == 1:
                    return x * x
                continue

    return f() * 3


@at(0.4)
def exception_groups_and_notes(x):
    y = x
    try:
        raise ExceptionGroup("many", [ValueError(x * 2), TypeError("t")])
    except* ValueError as group:
        y = y + group.exceptions[0].args[0]
    except* TypeError:
        y = y * 3
    return y


@at(vector(3))
def warnings_as_errors(x):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y = x / 2
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            np.log(x * 0 - 1)
    except RuntimeWarning:
        y = y * x[0]
    return np.sum(y)


@at(vector(3))
def globals_and_locals(x):
    names = sorted(locals())
    n = len(names)
    k = globals()["TOTALS"]["n"]
    return np.sum(x * x) * n + k


@at(0.4)
def class_body_with_active_values(x):
    class Box:
        value = x * 2
        values = [x, x * 3]

        def get(self):
            return self.value * x

        total = value * values[1]

    return Box().get() + Box.total * sum(Box.values)


@at(np.array([0.4, 1.2]), np.array(0.7), 3, True, "k", None, 2 + 1j)
def arguments_of_every_type(x, z, n, flag, name, nothing, c):
    y = x * n + z * flag
    if nothing is None and name == "k":
        y = y * abs(c) + c.real * x
    return np.sum(y * y) + c.imag * z


@at(matrix(2, 2), np.int32(3), np.bool_(True))
def numpy_scalars_as_arguments(a, n, flag):
    y = a
    for _ in range(n):
        y = y @ a if flag else y
    return np.sum(y) * n + (np.trace(a) if not flag else a[0, flag * 1]) ** n


@at(0.4)
def deep_recursion(x):
    def f(n, v):
        return v if n == 0 else f(n - 1, v * 0.99 + 0.001 * x)

    return f(150, x) * x


@at(0.4)
def long_loop(x):
    y = x
    for k in range(1000):
        y = y + 0.001 * (x - y * y)
        if k % 250 == 249:
            y = y * 1.01
    return y * y


@at(positive(3))
def nested_functions_in_every_position(x):
    return (lambda f: sum(f(v) for v in [(lambda a: a * a)(w) for w in x]))(
        lambda b: (lambda c: c * b)(b) if b > 1 else [d * b for d in (b,)][0] * 2
    )


@at(0.4)
def random_numbers_of_active_ends(x):
    random.seed(1)
    return random.uniform(x, 2 * x) * random.gauss(x, 0.3) + random.triangular(0, x, x / 2)


@at(0.4)
def copies_by_pickle(x):
    import pickle

    y = pickle.loads(pickle.dumps([x * 2, x]))
    return y[0] * y[1]


@at(vector(3))
def largest_of_the_library(x):
    import heapq

    return heapq.nlargest(2, x)[1] * heapq.nsmallest(1, x.tolist())[0] + x[0]

"""Every way to define, pass and call a function."""
# ruff: noqa: C417, E731, I001, RUF058

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable
from functools import lru_cache, partial, reduce
from typing import Any

import numpy as np

from tests.corpus.case import at, positive, vector

RATE = 1.7
TABLE = {"gain": 2.5, "bias": [0.3, 0.9]}
WEIGHTS = np.array([0.3, 1.2, -0.8])
TOTAL = 0.0
HISTORY: list[Any] = []


def power(x, n=3, *, scale=1.5):
    return scale * x**n


def divided(a, b, /, c=2.0):
    return a / b * c


def summed(*terms):
    s = 0.0
    for i, t in enumerate(terms):
        s = s + t * (i + 1)
    return s


def weighted(**parts):
    return sum(v * len(k) for k, v in parts.items())


def everything(a, /, b, *rest, c=1.5, **others):
    return a * b + sum(r * r for r in rest) * c + others.get("d", 2.0) * a


@at(0.7, 1.3)
def defaults_and_keywords(x, y):
    return power(x) + power(y, 2) * power(x, n=2, scale=y) + divided(x, y) - divided(y, x, c=x)


@at(0.7, 1.3)
def keyword_only_called_with_a_dict(x, y):
    options = {"scale": y, "n": 2}
    return power(x, **options) * power(y, **{"scale": x})


@at(0.7, 1.3)
def variadic(x, y):
    t = (x, y, x * y)
    return summed(*t) * summed(x, *t[1:], y) + summed() * x + weighted(a=x, bb=y, ccc=x * y)


@at(0.7, 1.3)
def every_kind_of_parameter(x, y):
    kw = {"c": x, "d": y}
    return everything(x, y) + everything(x, y, x, y * y, c=y) * everything(y, x, *[x, 2.0], **kw)


@at(0.7, 1.3)
def unpacked_several_times(x, y):
    xs, ys = [x, y], (y * 2,)
    return summed(*xs, *ys, x) * weighted(**{"a": x}, **{"bb": y})


@at(0.7, 1.3, 0.4)
def forwarding_wrapper(x, y, z):
    def wrapper(f, *args, **kwargs):
        return f(*args, **kwargs) * 2

    return wrapper(power, x, scale=y) + wrapper(divided, y, z) + wrapper(wrapper, power, z, 2)


def factorial_like(x, n):
    return x if n <= 1 else n * x * factorial_like(x * 0.9, n - 1)


@at(0.7, 4)
def recursion(x, n):
    return factorial_like(x, n)


def even(x, n):
    return x if n == 0 else odd(x * 1.3, n - 1) + x


def odd(x, n):
    return x * x if n == 0 else even(x * x, n - 1) * 2


@at(0.7, 3)
@at(0.7, 4)
def mutual_recursion(x, n):
    return even(x, n)


def evaluate(tree, env):
    if isinstance(tree, str):
        return env[tree]
    if isinstance(tree, float):
        return tree
    op, *args = tree
    vals = [evaluate(a, env) for a in args]
    if op == "+":
        return vals[0] + vals[1]
    if op == "*":
        return vals[0] * vals[1]
    return getattr(np, op)(*vals)


@at({"x": 0.4, "y": 1.2})
def recursion_over_an_expression_tree(env):
    tree = ("+", ("*", "x", ("sin", ("*", "y", "x"))), ("*", ("exp", "y"), 0.5))
    return evaluate(tree, env)


def depth_sum(tree):
    if not isinstance(tree, tuple):
        return tree * tree, 1
    total, depth = 0.0, 0
    for child in tree:
        t, d = depth_sum(child)
        total = total + t * d
        depth = max(depth, d)
    return total, depth + 1


@at((0.3, (1.2, 0.4), ((0.7,), 0.9)))
def recursion_over_tuples(tree):
    total, depth = depth_sum(tree)
    return total * depth


@at(0.7)
def fibonacci_by_recursion(x):
    def fib(n):
        if n < 2:
            return x + n
        return fib(n - 1) + fib(n - 2) * 0.5

    return fib(6) * x


@at(vector(4), 2)
def nested_functions(x, n):
    def outer(v):
        def inner(w):
            return w * v * n

        return inner(v) + inner(x[0])

    return sum(outer(v) for v in x)


@at(0.7, 1.3)
def lambdas_on_one_line(x, y):
    f, g, h = lambda t: t * x, lambda t: t + y, lambda t, c=y: t * c
    return f(g(h(x))) + (lambda a, b: a / b)(x, y) * h(x, 2.0)


@at(0.7, 1.3)
def lambda_with_defaults_and_stars(x, y):
    f = lambda *a, k=2, **kw: sum(a) * k + sum(kw.values())
    return f(x, y) * f(x, k=y) + f(y, z=x, w=y)


def adder(a, b):
    def add(x):
        return x * a + b

    return add


@at(0.7, 1.3)
def closures_of_a_factory(x, y):
    f, g = adder(x, y), adder(y, 2.0)
    return f(g(x)) * g(f(y))


@at(0.7, 1.3)
def closures_in_a_loop_bind_late(x, y):
    fs = [lambda t: t * k + x for k in range(3)]
    gs = [lambda t, k=k: t * k + y for k in range(3)]
    return sum(f(y) for f in fs) * sum(g(x) for g in gs)


@at(0.7, 1.3)
def closure_sees_later_binding(x, y):
    def f(t):
        return t * z

    z = x * y
    a = f(x)
    z = z + y
    return a * f(y)


@at(0.7, 1.3)
def nonlocal_counter(x, y):
    total = 0.0

    def add(v):
        nonlocal total
        total = total * 1.1 + v * y
        return total

    a = add(x)
    b = add(x * y)
    return a * b + total


@at(vector(4))
def nonlocal_written_in_a_loop(x):
    best, count = x[0], 0

    def see(v):
        nonlocal best, count
        count += 1
        if v > best:
            best = v * 2

    for v in x:
        see(v)
    return best * best * count


@at(0.7, 1.3)
def nonlocal_through_two_levels(x, y):
    s = x

    def a():
        def b(k):
            nonlocal s
            s = s * y + k

        for k in range(3):
            b(k)
        return s

    return a() * s


def make_accumulator(start):
    state = [start]

    def step(v):
        state[0] = state[0] * 0.9 + v
        state.append(v)
        return state[0]

    return step, lambda: state


@at(0.7, 1.3)
def closure_over_a_mutable_list(x, y):
    step, state = make_accumulator(x)
    for k in range(3):
        step(y * k)
    return step(x) * sum(state())


@at(0.7, 1.3)
def functions_as_arguments(x, y):
    def apply_twice(f, v):
        return f(f(v))

    return apply_twice(np.sin, x) + apply_twice(lambda t: t * t + y, x) + apply_twice(adder(x, y), y)


@at(vector(3))
def functions_in_lists_and_dicts(x):
    table = {"tanh": np.tanh, "square": lambda v: v * v, "exp": np.exp}
    for name in ["square", "tanh", "exp"]:
        x = table[name](x)
    for f in (np.sin, np.cos, table["square"]):
        x = x + f(x)
    return np.sum(x)


def activated(x, f=np.tanh, g=lambda t: t * 2):
    return g(f(x))


@at(vector(3))
def functions_in_defaults(x):
    return np.sum(activated(x) * activated(x, g=np.cos) + activated(x, np.exp, np.sqrt))


@at(0.7, 1.3)
def partials(x, y):
    f = partial(power, n=2, scale=y)
    g = partial(divided, x)
    h = partial(f, scale=x)
    return f(x) * g(y) + h(y) + partial(everything, x, c=y)(y, x)


def doubled(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return 2 * function(*args, **kwargs)

    return wrapper


def repeated(n):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(x):
            for _ in range(n):
                x = function(x)
            return x

        return wrapper

    return decorate


@doubled
def halved_square(x, c=0.5):
    """Half the square."""
    return x * x * c


@repeated(3)
@doubled
def shrunk(x):
    return np.sin(x) * 0.4


@lru_cache(maxsize=None)
def cached_scale(n):
    return n * 1.5 + 0.25


@lru_cache
def cached_square(x):
    return x * x


@at(0.7, 1.3)
def decorated_callees(x, y):
    return halved_square(x) * halved_square(y, c=x) + shrunk(y)


@at(0.7)
def cached_callees(x):
    return cached_scale(3) * x * cached_scale(2) + cached_scale(3)


@at(0.7)
def cached_callee_of_an_active_value(x):
    return cached_square(x) * cached_square(2 * x) + cached_square(x)


@doubled
@at(0.7, 1.3)
def decorated_below(x, y):
    return x * x * y


@at(0.7, 1.3)
@doubled
def decorated_above(x, y):
    return x * x * y


@at(vector(3))
def globals_of_many_kinds(x):
    return np.sum(x * WEIGHTS * RATE) * TABLE["gain"] + sum(TABLE["bias"]) * x[0] ** 2


@at(vector(3))
def global_statement(x):
    global TOTAL
    TOTAL = TOTAL + np.sum(x * x)
    TOTAL *= x[0]
    return TOTAL * RATE


def remember(v):
    global TOTAL
    TOTAL = v * 2
    HISTORY.append(float(TOTAL))


@at(0.7)
def global_written_by_a_callee(x):
    remember(x * x)
    y = TOTAL * x
    remember(y)
    return TOTAL + len(HISTORY) * x


@at(vector(3))
def local_imports(x):
    import math as m
    from numpy import exp, sum as total
    from operator import mul

    return total(exp(x)) * m.sqrt(mul(x[0], x[0]) + 1)


def countdown(x, n):
    while n > 0:
        yield x * n
        n -= 1
        if n == 1:
            return
        x = x * 1.1


def chained(*iterables):
    for it in iterables:
        yield from it


@at(0.7)
def generators_consumed(x):
    s = 0.0
    for v in countdown(x, 4):
        s = s * 0.5 + v
    return s * sum(countdown(x, 3)) + np.sum(np.array(list(countdown(x, 4))) ** 2)


@at(0.7)
def generators_delegate(x):
    return sum(v * i for i, v in enumerate(chained(countdown(x, 3), [x, x * x], (x + k for k in range(2)))))


@at(0.7)
def generator_with_send(x):
    def running():
        total = x
        while True:
            v = yield total
            if v is None:
                return
            total = total * 0.9 + v * x

    g = running()
    s = next(g)
    for k in range(3):
        s = s + g.send(k * x)
    return s


@at(vector(4))
def generator_left_early(x):
    def products():
        p = 1.5
        for v in x:
            p = p * v
            yield p

    for k, p in enumerate(products()):
        if k == 2:
            return p * x[3]
    return 0.0


@at(vector(3))
def annotations_and_docstring(x: np.ndarray) -> float:
    """Annotated: nothing here changes a value."""
    n: int = len(x)
    s: float = 0.0
    y: Callable[[Any], Any]
    y = np.tanh
    for v in x:
        t: float = v * n
        s += t * y(v)
    return s


@at(vector(4))
def walrus_in_comprehensions(x):
    ys = [y * y for v in x if (y := v * 2) > -5]
    total = 0.0
    partial_sums = [total := total + v for v in x]
    return sum(ys) * partial_sums[-1] * total + y


@at(0.7)
def walrus_in_calls(x):
    return power(y := x * 2, n=2) + y * divided((z := y + x), z * z)


@at(vector(3))
def prints_and_fstrings(x):
    y = x * x
    s = f"{np.sum(y):.3f} {x[0]!r:>10} {len(x)} {'yes' if x[0] > 0 else 'no'}"
    print(s, y, sep="|")
    print(f"{x[1]=}", "%.2f" % x[2], "{:.1f}".format(y[0]))
    return np.sum(y * x) * len(s.split()[2])


@at(0.7, 1.3)
def default_bound_at_definition(x, y):
    def f(t, c=x * y):
        return t * c

    x = x * 5
    return f(x) + f(y, c=y)


@at(0.7)
def default_that_is_mutable(x):
    def f(v, seen=[]):
        seen.append(v)
        return sum(seen)

    return f(x) * f(x * x) * f(2.0)


@at(vector(3))
def attributes_of_functions(x):
    def f(v):
        f.calls += 1
        f.last = v * v
        return v * f.calls

    f.calls = 0
    return np.sum(f(x) * f(x)) * f.calls + np.sum(f.last * x)


def swap(a, b):
    return b, a


def stats(x):
    n = len(x)
    mean = np.sum(x) / n
    return mean, np.sum((x - mean) ** 2) / (n - 1), n


@at(vector(5))
def several_results(x):
    mean, var, n = stats(x)
    a, b = swap(mean, var)
    return a / (b * b + 1) * n + stats(x * x)[1]


@at(0.7, 1.3)
def composition(x, y):
    def compose(*fs):
        return reduce(lambda f, g: lambda v: g(f(v)), fs)

    return compose(np.sin, lambda v: v * y, math.exp)(x)


@at(0.7, 1.3)
def curried(x, y):
    return (lambda a: lambda b: lambda c: a * b + c * x)(x)(y)(2.0)


@at(0.7, 3)
def y_combinator(x, n):
    fix = lambda f: (lambda g: g(g))(lambda g: f(lambda *a: g(g)(*a)))
    return fix(lambda rec: lambda v, k: v if k == 0 else rec(v * x + 1, k - 1))(x, n)


@at(vector(3), 0.4)
def maps_and_filters(x, c):
    ys = list(map(lambda v: v * c, x))
    zs = list(filter(lambda v: v > -0.9, ys))
    ws = list(map(operator.mul, ys, zs))
    return sum(ws) + sum(itertools.starmap(lambda a, b: a * b, zip(ys, x)))


@at([0.9, 0.2, 1.4])
def sorted_by_a_key(xs):
    a, b, c = sorted(xs, key=lambda v: -v * v)
    return a * 3 + b * c * 2 + max(xs, key=lambda v: -v) * min(xs, key=math.exp)


@at(0.7)
def early_return_of_a_callee(x):
    def clip(v, lo=0.1, hi=1.0):
        if v < lo:
            return lo
        if v > hi:
            return hi
        return v * v

    return clip(x) * x + clip(x * 5) * x + clip(x - 3)


@at(0.7)
def callee_without_a_result(x):
    def note(v, out):
        out.append(v * 2)
        if v > 0:
            return
        out.append(v)

    out = []
    a = note(x, out)
    note(-x, out)
    return out[0] * out[1] * out[2] * (3 if a is None else 5)


@at(0.7, 1.3)
def trampolines(x, y):
    def down(n, acc):
        return acc if n == 0 else (lambda: down(n - 1, acc * y + x))

    r = down(4, x)
    while callable(r):
        r = r()
    return r


@at(0.3, 0.9)
def integrand_as_argument(a, b):
    def simpson(f, lo, hi, n=8):
        h = (hi - lo) / n
        s = f(lo) + f(hi)
        for i in range(1, n):
            s += (4 if i % 2 else 2) * f(lo + i * h)
        return s * h / 3

    return simpson(lambda t: np.exp(-a * t * t), a, b)


@at(np.float32(0.7), 2)
def float32_through_functions(x, n):
    return power(x, n) + divided(x, np.float32(3)) * factorial_like(x, n)


@at(np.array(0.7), np.array([1, 2, 3]))
def zero_dimensional_through_functions(x, ks):
    return summed(x, x * x) * np.sum(ks) + weighted(a=x, b=x**2)


@at(vector(3), True)
def star_expression_in_return(x, flag):
    def pieces(v):
        rest = (v * 2, v * 3)
        return v, *rest

    a, b, c = pieces(x)
    return np.sum(a * b * c) if flag else 0.0


@at(0.7)
def conditional_definition(x):
    if x > 0.5:

        def f(t):
            return t * x

    else:

        def f(t):
            return t / x

    return f(f(3.0))


@at(0.7)
def redefinition(x):
    def f(t):
        return t * x

    g = f

    def f(t):
        return g(t) + t * 2

    return f(x) * g(x)


@at(positive(3))
def methods_of_builtins_as_values(x):
    out = []
    push = out.append
    total = x.sum
    push(x * 2)
    push(total() * x)
    return np.sum(out[0] * out[1])


@at(0.7, 1.3)
def operators_as_functions(x, y):
    a = operator.add(x, y) * operator.truediv(x, y) - operator.pow(x, 3) + operator.neg(y)
    b = operator.itemgetter(1)([x, y]) * operator.itemgetter(0, 1)((y, x))[1]
    return a * b + operator.sub(x, operator.mul(y, y)) * abs(operator.neg(x))


@at(0.7, 1.3)
def single_dispatch_by_type(x, y):
    @functools.singledispatch
    def size(v):
        return v * v

    @size.register
    def _(v: list):
        return sum(size(w) for w in v) * 2

    return size(x) * size([x, y, [y]])


@at(0.7)
def memoised_by_hand(x):
    memo = {}

    def f(n):
        if n in memo:
            return memo[n]
        memo[n] = x if n < 2 else f(n - 1) * x + f(n - 2)
        return memo[n]

    return f(7)


@at(0.7, 1.3, 0.4, 0.9)
@at(0.7)
def variadic_parameters(x, *rest, scale=2.0):
    for i, r in enumerate(rest):
        x = x * r + i * x
    return x * scale + sum(rest) ** 2 * len(rest)


@at(0.7, scale=0.4, beta=0.9, gamma=vector(2))
def keyword_parameters(x, *, scale, beta=2.0, **others):
    y = x * scale
    for name, v in others.items():
        y = y * np.sum(v * v) * len(name)
    return y / beta


@at(0.7, 1.3, c=0.6)
def positional_only_parameters(a, b=2.0, /, *args, c=1.0):
    return a * b**2 * c + len(args)

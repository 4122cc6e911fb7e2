"""What the front spells out: hoisted expressions, lifted closures, opened objects, lists that grow."""

# ruff: noqa: E731  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np

from tests.corpus.case import at, positive, vector

# ---- expressions


@at(0.7, 1)
@at(0.7, -1)
def ternary_between_operands(x, c):
    return np.sin(x) * (x * 2 if c > 0 else x * x) + (x or 1.0) * np.cos(x)


def noted(log, name, value):
    log.append(name)
    return value


@at(0.7, 1.3, [])
def order_of_evaluation_with_a_ternary(x, y, log):
    return noted(log, "a", x) * (noted(log, "b", y) if x < y else noted(log, "c", x)) + noted(log, "d", x * y)


@at(0.9)
def walrus_in_a_while_and_an_if(x):
    n = 0
    while (y := x * 0.7) > 0.1:
        x = y * y * 1.3
        n += 1
    if (z := x + y) > 0.0:
        return z * (q := z * 2) + q * n
    return y


@at(0.7, 0.8)
@at(0.3, 0.8)
def and_or_as_operands(x, y):
    z = (x > 0.5 and x * y) or y * y
    w = (x * y and y) + (0.0 or x)
    return z * w


@at(0.6, 0.8)
def walrus_rebinds_what_was_read(x, y):
    return x * (x := y * 2) + x


@at(positive(4))
def comprehension_with_conditions(x):
    ys = [np.sin(t) * t for t in x if t > 0.6 if t < 1.9]
    return sum(ys) + np.sum(np.array(ys) ** 2)


@at(positive(3), positive(2))
def comprehension_of_comprehensions(a, b):
    m = [[p * q for q in b] for p in a]
    return m[0][1] * m[1][0] + sum(sum(r) for r in m) * m[2][1]


@at(positive(3))
def comprehension_variable_is_its_own(x):
    t = x[0]
    ys = [t * t for t in x]
    return ys[1] * t


@at(positive(2, 2), [positive(2), positive(2)])
def generator_in_a_sum(w, xs):
    return sum(np.tanh(w @ x) @ x for x in xs)


@at(positive(3))
def maximum_of_a_generator(x):
    return max(t * t - t for t in x) * min([t * 2 for t in x])


@at(positive(3))
def ternary_in_a_comprehension(x):
    return sum([t * t if t > 1 else 3 * t for t in x])


# ---- closures


@at(vector(3), vector(3))
def closure_twice(x, a):
    def scaled(y):
        return x * y + a

    return np.sum(scaled(scaled(x)))


@at(0.3, 0.8)
def lambdas_that_call_each_other(x, a):
    g = lambda t: t * a + x
    h = lambda t: g(t) * g(t + 1)
    return h(x) + g(2.0)


@at(0.8)
def nonlocal_accumulator(x):
    total = 0.0
    count = 0

    def add(v):
        nonlocal total, count
        total = total + v * x
        count += 1
        return total

    a = add(x) * add(x * x)
    for i in range(3):
        add(float(i) * x)
    return total * a * count


@at(0.7, 4)
def recursive_closure(x, n):
    def fib(k):
        if k < 2:
            return x + k
        return fib(k - 1) * fib(k - 2)

    return fib(n)


@at(0.7, 1.2)
def closure_sees_the_later_value(x, y):
    def g(t):
        return t * z

    z = x * y
    first = g(x)
    z = y * y
    return first * g(y)


@at(0.7, positive(3))
def closure_called_in_a_comprehension(a, xs):
    def f(t):
        return np.exp(-a * t)

    return sum(f(t) * t for t in xs)


@at(0.7)
def closure_resets(x):
    state = x

    def reset(v):
        nonlocal state
        state = v

    reset(x * x)
    y = state * 3
    reset(y * x)
    return state * y


def rk4_step(f, y, t, h):
    k1 = f(y, t)
    k2 = f(y + 0.5 * h * k1, t + 0.5 * h)
    k3 = f(y + 0.5 * h * k2, t + 0.5 * h)
    k4 = f(y + h * k3, t + h)
    return y + h * (k1 + 2 * k2 + 2 * k3 + k4) / 6


def integrate(f, y0, t1, n=4):
    y, t, h = y0, 0.0, t1 / n
    for _ in range(n):
        y = rk4_step(f, y, t, h)
        t = t + h
    return y


@at(0.7, vector(3))
def integrator_with_a_lambda(k, y0):
    y = integrate(lambda y, t: -k * y + t, y0, 1.0, n=3)
    return np.sum(y * y)


@at(0.7, vector(3))
def integrator_with_a_closure(k, y0):
    def rhs(y, t):
        return -k * y * y + np.sin(t * k)

    return np.sum(integrate(rhs, y0, 1.0)) + np.sum(rhs(y0, 0.3))


def simpson(f, a, b, depth):
    if depth == 0:
        return (b - a) / 6 * (f(a) + 4 * f((a + b) / 2) + f(b))
    m = (a + b) / 2
    return simpson(f, a, m, depth - 1) + simpson(f, m, b, depth - 1)


@at(0.7, 0.9)
def quadrature_of_a_lambda(a, w):
    return simpson(lambda t: np.exp(-a * t) * w, 0.0, w, 2)


# ---- objects


class Cell:
    rate = 0.5

    def __init__(self, h):
        self.h = h
        self.n = 0

    def step(self, w, x):
        self.h = np.tanh(w * self.h + x)
        self.count()
        return self.h

    def count(self):
        self.n += 1

    @property
    def double(self):
        return 2 * self.h

    def __call__(self, t):
        return self.h * t

    def run(self, w, xs):
        total = 0.0
        for x in xs:
            self.h, old = np.tanh(w * self.h + x), self.h
            if x > 0.2:
                self.h = self.h * w
            total += np.sum(self.h * old)
        self.last = total
        return total


@at(0.7, [0.1, 0.4])
def object_with_a_state(w, xs):
    cell = Cell(0.5)
    for x in xs:
        cell.step(w, x)
    return cell.h * w + cell.double + cell(w) * cell.n


@at(0.8)
def two_objects_of_a_class(w):
    a = Cell(w)
    b = Cell(w * w)
    y = 0.0
    for _ in range(3):
        y = a.step(b.h, 0.1) * b.step(a.h, w)
    return y + a.h * b.n


@at(0.4)
def attribute_of_an_object_in_a_branch(x):
    box = Cell(x)
    if x > 0:
        box.h = box.h * x
    return box.h * x


@at(Cell(vector(3)), 0.8, [0.1, 0.4])
def attributes_written_in_a_loop(cell, w, xs):
    total = 0.0
    for x in xs:
        cell.h = np.tanh(w * cell.h + x)
        cell.n += 1
        total += np.sum(cell.h) * cell.n
    return total


@at(Cell(0.3), 0.8, [0.1, 0.4])
def method_that_writes_attributes(cell, w, xs):
    return Cell.run(cell, w, xs) * w


# ---- lists that grow


@at(vector(2), 3)
def last_item_of_a_growing_list(x, n):
    hs = [x]
    for _ in range(n):
        hs.append(np.sin(hs[-1]) * x)
    return np.sum(hs[2] * hs[-1])


@at(positive(3))
def item_of_a_list_replaced(x):
    ys = []
    for t in x:
        ys.append(t * t)
    ys[0] = ys[1] * ys[2]
    total = 0.0
    for y in ys:
        total = total + y**2
    return total


@at(positive(3))
def list_that_grows_while_it_is_walked(x):
    ys = [x[0], x[1]]
    for y in ys:
        if len(ys) < 6:
            ys.append(y * x[2])
    return ys[3] * ys[5] + ys[4]


@at(positive(3), positive(2))
def rows_of_a_table(a, b):
    rows = []
    for i in range(len(a)):
        row = []
        for j in range(len(b)):
            row.append(a[i] * b[j])
        rows.append(row)
    return rows[1][1] * rows[0][0] + rows[2][0] ** 2


@at(positive(3))
def lists_for_numpy(x):
    ys = [x[0], x[1] * x[0], 2.0]
    return np.sum(ys) * np.mean([x, x * 2]) + np.sum((x + ys) ** 2) + np.sum([1.0, 2.0, 3.0] * x)


@at(positive(2, 2), positive(2), [positive(2), positive(2)])
def states_stacked(w, h, xs):
    hs = []
    for x in xs:
        h = np.tanh(w @ h + x)
        hs.append(h)
    return np.sum(np.stack(hs) ** 2) + hs[-1][0] * 3


@at(positive(3), np.zeros(3), np.zeros(3))
def inactive_stores_that_others_see(x, log, more):
    view = log[1:]
    view[0] = 3.0
    box = {"more": more}
    box["more"][1] = 2.0
    y = np.zeros(3)
    y[0] = x[0] * x[1]
    return y.sum()


# ---- compound statements


@at(positive(3), "lin")
@at(positive(3), "tanh")
@at(positive(3), None)
@at(positive(3), "abc")
def match_on_a_name(x, kind):
    match kind:
        case "relu" | "lin":
            y = x * (x > 0)
        case "tanh" if x[0] > -1:
            y = np.tanh(x)
        case None:
            return np.sum(x) * 3
        case other:
            y = x * len(other)
    return np.sum(y * y)


@at(positive(3), 0.2)
@at(positive(3), 20.0)
def else_of_a_loop_that_may_break(x, limit):
    total = 0.0
    for v in x:
        for w in x:
            if w > 100:
                break
            total = total + v * w
        if total > limit:
            break
    else:
        total = total * 3
    return total * x[0]


@at(2.3)
@at(-2.3)
def else_of_a_while_with_a_return(a):
    x, n = a, 0
    while n < 4:
        if x < 0.0:
            return x * x
        x = 0.5 * (x + a / x)
        n += 1
    else:
        x = x * 2
    return x


@at({"w": positive(2), "b": positive(1)}, positive(2))
def loops_over_a_dict(p, x):
    total = np.sum(x * p["w"])
    for name, v in p.items():
        if name != "b":
            total += np.sum(v * v)
    return total + sum(np.sum(v**3) for v in p.values())


# ---- names and order: what a careless rewriting would get wrong


def fn(u):
    return 3.0 * u


def inner(hh, u):
    return hh(u) + fn(u)


def outer(fn, u):
    return inner(fn, u) * u


@at(0.7, 1.3)
def parameter_named_like_a_global_further_down(x, a):
    return outer(lambda t: t * t * a, x)


def apply_g(x):
    return x * 5


def apply(fn, x):
    return fn(x) + apply_g(x)


@at(0.7, 1.3)
def function_named_like_the_one_that_is_made(x, a):
    def g(t):
        return t * a

    return apply(g, x)


def with_many_locals(fn, x):
    y = fn(x)
    y_2 = x * 3
    return y * y_2 + y


@at(0.7, 1.3)
def locals_that_are_captured_elsewhere(x, a):
    y = a * x

    def g(t):
        return t * y

    return with_many_locals(g, x)


r_k = 10.0


class Growing:
    def __init__(self, h):
        self.h = h
        self.k = 1.0

    def up(self, x):
        self.k = self.k * x
        return r_k * self.h


@at(0.7, 1.3)
def attribute_named_like_a_global(x, a):
    r = Growing(a)
    return r.up(x) * r.k


@at(0.7, 1.3)
def rebound_after_a_callee_has_read_it(x, a):
    n = a

    def get():
        return n * x

    def put(v):
        nonlocal n
        n = v + get()
        return n

    return put(x) * n


t = 3.0


def squared(u):
    return u * u


@at(0.7, positive(3))
def comprehension_variable_named_like_a_global(x, xs):
    return squared(t) * sum([t * x for t in xs])


def sorted(it):
    for v in it:
        return v
    return None


@at(0.7, positive(3))
def builtin_that_is_not_the_builtin(x, xs):
    return sorted(x / v if v > 0 else xs[7] for v in xs)


@at(0.7, positive(3))
def option_beside_a_generator(x, xs):
    k = 2.0
    return sum((v * k * x for v in xs), start=(k := 3.0 * x))


@at(0.7)
def callee_that_is_chosen_first(x):
    k = 0
    fs = [squared, fn]
    return fs[k]((k := 1) * x) * k


@at(0.7, "p")
@at(0.7, "q")
def dict_with_a_computed_key(x, k):
    d = {k: x * 2, "q": x}
    return d.get("p", 1.0) * d["q"]


# ---- lists and objects: what a hunt has found


@at(positive(2), 1.3)
def array_stored_into_a_list_and_changed(a, y):
    b = a * 2
    xs = [a]
    xs[0] = b
    b[0] = y
    return np.sum(xs[0] * a)


@at(0.7, positive(2))
def argument_stored_into_a_list_and_changed(x, a):
    acc = []
    acc.append(x)
    xs = [None]
    xs[0] = a
    b = xs[0]
    b[0] = 5.0
    return acc[0] * x


@at(positive(2), 0.7, 1.3)
def item_of_a_list_changed_in_place(a, x, y):
    b = a * x
    xs = [b]
    xs[0] *= y
    return np.sum(xs[0] * b)


@at(0.7)
def same_value_appended_twice(x):
    xs = [x]
    xs.append(x)
    xs.append(x)
    return xs[1] * 2.0


@at(0.7, 1.3)
def list_grows_in_a_loop_over_its_length(x, y):
    out = [1.0, y]
    for i in range(len(out)):
        out.append(x * out[i])
    return sum(out)


@at(0.7)
def list_extended_while_it_is_walked(x):
    xs = [x, x * x]
    total = 0.0
    for t in xs:
        if len(xs) < 4:
            xs += [t * x]
        total = total + t
    return total


@at(0.7, 1.3)
@at(0.7, 6.5)
def list_that_grows_on_one_branch(x, y):
    ys = [y]
    ys[-1] = x
    if y > 5.0:
        s = sum(ys)
    else:
        ys.append(x)
        s = y
    return s + x


@at(0.7, 1.3)
def list_made_anew_in_each_round(x, y):
    s = x
    for i in range(3):
        row = [x * i]
        row.append(row[-1] * y)
        s = s + row[1]
    return s + row[0]


@at([0.7, 1.3])
def zeros_like_a_list(xs):
    return np.sum(np.zeros_like(xs) + xs)


@at(0.7, positive(2))
def list_to_which_an_array_is_added_in_place(x, a):
    xs = [x]
    xs += a
    return xs[0] * xs[1]


class Sharp:
    def step(self, c_h):
        return self.h * c_h


@at(0.7, 1.3)
def parameter_of_a_method_named_like_an_attribute(x, y):
    c = Sharp()
    c.h = x
    return c.step(y)


class Pair:
    def __init__(self, h, w):
        self.h, self.w = h, w

    def value(self):
        return self.h * self.w


@at(Pair(0.7, 1.3), 0.9)
def attribute_that_is_no_number_afterwards(o, x):
    z = o.h * o.w * x
    o.h = None
    return z


@at(Pair(0.7, 1.3), 0.9, 0)
@at(Pair(0.7, 1.3), 0.9, 2)
def attribute_in_a_loop_that_may_not_run(o, x, n):
    for _ in range(n):
        o.h = o.h * x
    return o.w * o.h


class Clamped:
    def __init__(self, h):
        self._h = h

    @property
    def h(self):
        return self._h

    @h.setter
    def h(self, value):
        self._h = 2 * value


@at(Clamped(0.7), 0.9)
def attribute_with_a_setter(o, x):
    o.h = x
    return o.h * x


@at(np.array([0.3, -0.7, 1.1, 0.4]))
def the_last_of_several_equal_names_counts(x):
    a, _, _, b = x
    c, c = a * _, b * b
    return a * b * c + _


@at([(0.3, 0.5, 1.2), (0.7, -0.4, 0.9)])
def equal_names_in_the_target_of_a_loop(pairs):
    total = 0.0
    for _, (x, _) in enumerate([(p[0], p[1] * p[2]) for p in pairs]):
        total = total + x * _
    return total


@at(vector(3), 3)
def lists_made_together(x, n):
    hs, cs = [], []
    for _ in range(n):
        x = np.tanh(x)
        hs.append(x)
        cs.append(x * x)
    return np.sum(hs[-1]) * np.sum(np.stack(cs))

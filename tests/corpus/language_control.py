"""Control flow as people write it: jumps, exceptions, contexts and patterns inside one another."""
# ruff: noqa: C417, RUF007, RUF021, TRY203, TRY301

from __future__ import annotations

import contextlib
import functools
import math
import operator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.corpus.case import at, matrix, vector

LOG: list[Any] = []
COUNTS = {"calls": 0}
KEPT = 0.0


@at(0.7, 1.3)
@at(1.4, 0.3)
def if_elif_else_on_products(x, y):
    if x * y > 2:
        z = x / y
    elif x > y:
        z = np.exp(x) - y
        if z > 3:
            z = z * y
    elif x < 0:
        z = x
    else:
        z = x**y
    return z * x


@at(0.4, 1.5)
@at(-0.4, 1.5)
def nested_ternaries(x, y):
    z = (x if x > 0.2 else y * 2) * (y if y > x else (x * x if x > 0 else 1.5)) + (2 if x > y else 3) * x
    return z - (np.sin(x) if x * y > 0 else np.cos(y))


@at(0, 0.8, 1.7)
@at(0.5, 0.8, 1.7)
def or_as_value(x, y, z):
    a = x or y
    b = x and y or z
    return a * b + (None or z) * y


@at(0.4, 0.8)
def and_as_value(x, y):
    s = x > 0.1 and y * x
    t = x < 0.1 or y / x
    return s * t + (x and y and x * y)


@at(None, 0.8)
@at(0.3, 0.8)
def optional_argument(x, y):
    x = y * 2 if x is None else x
    return x * y + (x or 1.0) ** 2


@at(0.4, [])
@at(0.4, [0.3, 1.2])
def empty_list_or_default(x, xs):
    s = x
    for v in xs or [x, 2 * x]:
        s = s * v + 1
    return s


@at(0.4, 0.9)
@at(1.4, 0.9)
def chained_comparison(x, y):
    if 0 < x < y < 1:
        return x * y * 3
    if 1 < y + x <= 2.5 != x:
        return x / y
    return x + y


@at(0.6, "b")
@at(0.6, "z")
def membership(x, key):
    table = {"a": x, "b": x * x}
    if key in table and key not in ("c", "d"):
        return table[key] * 3
    if key in "xyz":
        x = np.sin(x)
    return x * (2 if 3 in [1, 2, 3] else 5)


@at(0.6)
def boolean_conditions(x):
    if (x > 0 and x < 1) or not (x != x):
        x = x * 3
    if not x > 5 and not (x < 0 or x > 4):
        x = x * x
    return x


@at(vector(6))
def for_negative_step(x):
    s = 0.5
    for i in range(len(x) - 1, -1, -2):
        s = s * x[i] + i * x[i - 1]
    for i in range(-1, -4, -1):
        s += x[i] * s
    return s


@at(matrix(3, 2))
def for_unpacked_rows(points):
    length = 0.0
    px, py = points[-1]
    for qx, qy in points:
        length += math.sqrt((px - qx) ** 2 + (py - qy) ** 2)
        px, py = qx, qy
    return length


@at({"w": vector(3), "b": vector(3), "c": 0.4})
def for_items_and_values(p):
    s = 1.0
    for name, v in p.items():
        s = s + np.sum(v * v) * len(name)
    for v in p.values():
        s = s * np.mean(np.exp(v))
    for k in sorted(p.keys(), reverse=True):
        s = s - np.sum(p[k]) if k != "w" else s * 2
    return s


@at(vector(4), vector(4), 0.3)
def for_enumerate_zip_reversed(a, b, c):
    for i, (u, v) in enumerate(zip(reversed(a), b)):
        c = c * u + v * i
    for i, u in reversed(list(enumerate(a))):
        c = c + i * u * c
    return c


@at([0.3, 0.8, 1.2], 0.5)
def for_map(xs, y):
    total = 0.0
    for v in map(lambda t: t * t * y, xs):
        total += v * total + v
    for u, v in map(lambda p: (p[0], p[1] * y), zip(xs, xs[1:])):
        total *= u / v
    return total


@at(vector(4))
def for_generator_expression(x):
    s = 0.2
    for v in (t * t for t in x if t > -0.3):
        s = s * v + v
    return s


@at(vector(3), 0)
@at(vector(3), 2)
def loop_variable_after_the_loop(x, n):
    i, v = 7, x[0]
    for i, v in enumerate(x[:n]):
        pass
    return v * x[1] * (i + 1)


@at(0.8, 0)
def zero_trip_loops(x, n):
    y = x * x
    for i in range(n):
        y = y * 100
    for v in []:
        y = v
    while n > 0:
        y = 0
    for _ in range(3, 3):
        y = y + 1e3
    return y * x


@at(0.8, 2.0)
@at(0.8, 9.0)
def for_else(x, limit):
    y = 1.0
    for i in range(5):
        y = y * (1 + x)
        if y > limit:
            y = y * i
            break
    else:
        y = -y * x
    return y * x


@at(0.8, 3)
@at(0.8, 10)
def while_else(x, n):
    k = 0
    while k < 5:
        k += 1
        if k > n:
            break
        x = x * 1.1 + x * x * 0.1
    else:
        x = np.log(x) * k
    return x


@at(0.31)
def while_on_data(x):
    y, steps = x, 0
    while y < 20 and steps < 50:
        y = y * (1 + x) + x
        steps += 1
    return y / steps


@at(0.7)
def while_true_with_break(x):
    total, term, k = 0.0, 1.0, 0
    while True:
        total += term
        k += 1
        term = term * x / k
        if abs(term) < 1e-12:
            break
    return total * x


@at(vector(6))
def break_and_continue_at_depth(x):
    s = 0.0
    for i in range(6):
        if i == 1:
            continue
        for j in range(6):
            if j > i:
                break
            if (i + j) % 3 == 0:
                continue
            s += x[i] * x[j]
            while s > 0.5:
                s = s * 0.5
                if s < 0.6:
                    break
        else:
            s = s + 10
    return s * x[0]


@at(matrix(3, 3))
def return_out_of_two_loops(a):
    for i in range(3):
        for j in range(3):
            if i * j == 2:
                return a[i, j] * a[j, i] + a[0, 0]
            a = a * 1.5 + 0.1
    return np.sum(a)


@at(0.4, 0)
@at(0.4, 1)
@at(0.4, "two")
@at(0.4, (0.3, 0.9))
@at(0.4, [0.3, 0.9, 1.1])
@at(0.4, {"kind": "scale", "by": 3.0})
@at(0.4, 1.7)
def match_of_many_patterns(x, what):
    match what:
        case 0:
            return x * 2
        case int(n) if n > 0:
            return x ** (n + 1)
        case "one" | "two" as name:
            return x * len(name)
        case (a, b):
            return a * x + b * b
        case [first, *rest]:
            return first * x + sum(rest)
        case {"kind": "scale", "by": by, **others}:
            return by * x * x + len(others)
        case _:
            return x * what


@dataclass
class Circle:
    r: Any


@dataclass
class Box:
    width: Any
    height: Any


@at(Circle(0.7))
@at(Box(0.7, 1.4))
@at(Box(0.7, Circle(0.2)))
def match_of_classes(shape):
    match shape:
        case Circle(r=r):
            return 3.1 * r * r
        case Box(width, Circle(r)):
            return width * r
        case Box(width=w, height=h) if w < h:
            return w * h
        case _:
            raise TypeError(shape)


@at(0.7, [("mul", 2.0), ("add", 0.4), ("sin",), ("stop",), ("mul", 9.0)])
def match_in_a_loop_of_instructions(x, program):
    for op in program:
        match op:
            case ("mul", c):
                x = x * c
            case ("add", c):
                x = x + c * x
            case (name,) if name == "sin":
                x = np.sin(x)
            case ("stop",):
                break
            case _:
                continue
        x = x * 1.1
    return x


@at(None, 0.3)
@at(True, 0.3)
@at(-2, 0.3)
@at(2.5, 0.3)
def match_of_literals(flag, x):
    match flag:
        case None:
            y = x
        case True:
            y = x * x
        case -2 | -3:
            y = x**3
        case float():
            y = x * flag
    return y * 2


@at(vector(3), 1)
@at(vector(3), 7)
def exception_half_way(x, i):
    y = x * 2
    try:
        y = y * x
        z = y[i] * 3
        y = y + 1
    except IndexError:
        z = np.sum(y)
    else:
        z = z * 2
    finally:
        y = y * 1.5
    return z * np.sum(y)


@at(vector(3))
def exception_after_a_store(x):
    y = np.zeros(3)
    try:
        y[0] = x[0] * x[1]
        y[1] = x[1] ** 2
        y[5] = x[2]
    except IndexError:
        y[2] = y[0] * x[2]
    return np.sum(y * y)


@at(0.4, {"a": 0.9})
def exception_of_a_missing_key(x, d):
    s = x
    for key in ["a", "b", "a", "c"]:
        try:
            s = s * d[key]
        except KeyError as error:
            s = s + x * len(error.args[0])
            d[key] = s
    return s * d["b"]


def checked_root(v):
    if v < 0:
        raise ValueError("negative")
    return np.sqrt(v)


@at(vector(4))
def exception_from_a_callee_in_a_loop(x):
    total, failed = 1.0, 0
    for v in x:
        try:
            total = total + checked_root(v) * v
        except ValueError:
            failed += 1
            continue
        finally:
            total = total * 1.1
        total = total - 0.1
    return total * (failed + 1)


@at(0.4)
def break_in_a_try_in_a_loop_with_a_store(x):
    y = np.zeros(4)
    for i in range(4):
        try:
            y[i] = x * (i + 1)
            if i == 2:
                break
            y[i] *= x
        finally:
            y[3] += y[i]
    return np.sum(y * y)


@at(0.4)
def return_in_a_try_with_finally(x):
    LOG.clear()
    try:
        y = x * x
        return y * 3
    finally:
        LOG.append("done")


@at(0.4)
def exception_carrying_a_value(x):
    class Found(Exception):
        def __init__(self, value):
            super().__init__("found")
            self.value = value

    try:
        for i in range(10):
            x = x * 1.3
            if x > 1:
                raise Found(x * i)
    except Found as found:
        return found.value * x
    return x


@at(0.4)
def exceptions_nested_and_raised_again(x):
    y = x
    try:
        try:
            y = y * 2
            raise ZeroDivisionError("inner")
        except ZeroDivisionError as e:
            y = y * x
            raise RuntimeError("outer") from e
        finally:
            y = y + x
    except (RuntimeError, TypeError) as e:
        y = y * len(str(e)) + (1 if isinstance(e.__cause__, ZeroDivisionError) else 100)
    return y


@at(0.4)
def exception_of_a_float(x):
    try:
        y = math.sqrt(-x)
    except ValueError:
        y = math.sqrt(x)
    try:
        z = x / (x - x)
    except ZeroDivisionError:
        z = x * 3
    return y * z


@contextmanager
def scaled(box, by):
    box["value"] = box["value"] * by
    yield box["value"]
    box["value"] = box["value"] + by


class Temporarily:
    """Sets an attribute for the time of a block."""

    def __init__(self, owner, value):
        self.owner, self.value = owner, value

    def __enter__(self):
        self.old = self.owner.r
        self.owner.r = self.value
        return self.owner

    def __exit__(self, kind, value, traceback):
        self.owner.r = self.old * 2
        return kind is KeyError


@at(0.4, 1.7)
def with_a_contextmanager(x, c):
    box = {"value": x}
    with scaled(box, c) as y:
        z = y * x
        box["value"] = box["value"] * z
    return box["value"] * z


@at(0.4, 1.7)
def with_a_class(x, c):
    circle = Circle(x)
    with Temporarily(circle, c * x) as same:
        y = circle.r * same.r * x
    return y * circle.r


@at(0.4, 1.7)
def with_an_exception_swallowed(x, c):
    circle = Circle(x)
    with Temporarily(circle, c):
        x = x * circle.r
        if x > 0:
            raise KeyError("gone")
        x = x * 100
    return x * circle.r


@at(vector(3))
def with_errstate(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(x > 10, np.log(x - 10), x * x)
        w = np.zeros(3)
        r = x / (w + 2)
    return np.sum(y * r)


@at(0.4)
def with_suppress_and_a_return(x):
    for i in range(4):
        with suppress(ValueError):
            x = x * 1.5
            if i == 1:
                raise ValueError
            if i == 3:
                return x * i
            x = x + 0.2
    return x


@at(0.4)
def with_two_managers(x):
    box = {"value": x}
    with contextlib.nullcontext(x * 2) as y, scaled(box, 3.0) as z:
        x = y * z
    with contextlib.ExitStack() as stack:
        w = stack.enter_context(scaled(box, x))
        stack.callback(LOG.append, "left")
    return w * box["value"]


@at(vector(3))
def asserts_and_untaken_raises(x):
    assert len(x) == 3, "three"
    if x.shape[0] > 5:
        raise ValueError(f"too long: {x}")
    n = np.sum(x * x)
    assert n > 0
    if not n > 0:
        raise RuntimeError
    return n * x[0]


@at(0.4)
def del_and_pass(x):
    y, z = x * 2, x * 3
    d = {"a": y, "b": z}
    xs = [x, y, z]
    del y, d["a"], xs[0]
    if x > 5:
        pass
    else:
        y = d["b"] * 2
    del z
    return y * xs[0] * len(d)


@at(vector(5), 3)
def mix_of_everything(x, n):
    out, kept = np.zeros(5), []
    for i, v in enumerate(x):
        try:
            if i == n:
                continue
            for k in range(i + 1):
                if k == 2:
                    break
                out[k] += v * x[k]
            else:
                kept.append(v)
            if len(kept) > 5:
                return 0.0
            out[i + 1] = out[i] * v
        except IndexError:
            with np.errstate(all="ignore"):
                out[0] = out[0] * v
            break
        finally:
            LOG.append(i)
    while kept:
        out[1] += kept.pop() ** 2
    return np.sum(out * out) + len(LOG)


@at(vector(4))
def walrus_in_conditions(x):
    s, i = 0.0, 0
    while (v := x[i] * 2) < 10 and (i := i + 1) < 4:
        s += v * v
    if (n := np.sum(x * x)) > 0.1:
        s = s * n
    return s + (y := x[0] * 3) * y


@at(vector(4))
def iterators_by_hand(x):
    it = iter(x * x)
    s = next(it)
    for v in it:
        s = s * v + v
    rest = iter([x[0], x[1]])
    while (v := next(rest, None)) is not None:
        s = s + v * 3
    return s + next(it, 1.5)


@at(0.4, 3)
def while_with_two_counters_and_swap(x, n):
    a, b = x, 1 - x
    while n:
        a, b = (b * 0.9, a + b) if n % 2 else (a - b, b * a)
        n -= 1
    return a * b


@at(np.float32(0.4), np.arange(3))
def loop_over_ints_with_a_float32(x, ks):
    y = x
    for k in ks:
        y = y * x + k
    return y


@at(np.array(0.4), True)
@at(np.array(0.4), False)
def zero_dimensional_condition(x, flag):
    y = x * 2
    if x > 0 and flag:
        y = y * x
    elif flag is False:
        y = y + x * x
    return y * (1 + flag)


@at(vector(3), np.array([True, False, True]))
def loop_over_bools(x, mask):
    s = 0.3
    for v, m in zip(x, mask):
        if m:
            s = s * v + v
        s = s + 0.1 * m
    return s


@at(0.9)
def newton_with_for_else_raise(a):
    x = a
    for _ in range(60):
        new = x - (x**3 - a) / (3 * x * x)
        if abs(new - x) < 1e-14:
            x = new
            break
        x = new
    else:
        raise RuntimeError("no convergence")
    return x * a


@at(0.3, 0.8)
def bisection(a, b):
    lo, hi = 0.0, 3.0 + a
    for _ in range(8):
        mid = (lo + hi) / 2
        if mid * mid > b + 1:
            hi = mid
        else:
            lo = mid
    return (lo + hi) * a


@at(vector(3))
def flag_variables(x):
    found, best = False, None
    for v in x:
        if not found and v * v > 0.01:
            found, best = True, v
    done = False
    while not done:
        best = best * 1.5
        done = abs(best) > 2 or best == 0
    return best * x[1] if found else 0.0


@at(vector(5))
def try_else_in_while(x):
    i, s = 0, 0.1
    while True:
        try:
            v = x[i]
        except IndexError:
            break
        else:
            s = s * v + v * v
        finally:
            i += 1
    return s * i


@at(0.4)
def stop_iteration_of_a_generator(x):
    def powers(v):
        p = v
        while p < 3:
            yield p
            p = p * 2
        return

    g = powers(x)
    s = 0.0
    try:
        while True:
            s += next(g) ** 2
    except StopIteration:
        s = s * x
    return s


@at(vector(4))
def reduce_in_a_condition(x):
    if functools.reduce(operator.mul, [abs(v) for v in x]) < 5 and all(v < 2 for v in x):
        return functools.reduce(lambda a, b: a * b + a, x, 1.5)
    return 0.0


@at(0.4, 2)
@at(0.4, 3)
def conditional_function(x, n):
    f = np.sin if n == 2 else (lambda t: t * t + 1)
    g = [np.exp, np.tanh][n % 2]
    return f(x) * g(x * n)


@at(vector(3), 0)
@at(vector(3), 1)
@at(vector(3), 2)
def three_returns_in_a_loop_in_a_with(x, mode):
    with np.errstate(all="ignore"):
        for i, v in enumerate(x):
            if mode == i:
                return v * v * x[i - 1]
            x = x * 1.3
            if mode + i > 5:
                return np.sum(x)
    return 1.0


@at(vector(6))
def labelled_break_by_flag(x):
    hit = False
    s = 0.0
    for i in range(3):
        for j in range(i + 1, 6):
            s = s + x[i] * x[j] * (j - i)
            if i + j == 5:
                hit = True
                break
        if hit:
            break
    return s


@at(0.4)
def finally_overrides_a_break(x):
    y = x
    for i in range(5):
        try:
            y = y * x + i
            if i == 1:
                break
        finally:
            if i < 3:
                y = y + 0.5
    return y


@at(0.4)
def exception_variable_shadows(x):
    e = x * 2
    y = e
    try:
        raise ValueError(x * 3)
    except ValueError as err:
        y = y * err.args[0]
    return y * e


@at(matrix(3, 3))
def nested_loops_over_rows(a):
    s = 0.0
    for i, row in enumerate(a):
        for j, v in enumerate(row):
            if i == j:
                continue
            s += v * a[j][i] * (1 if i < j else 2)
    for row, col in zip(a, a.T):
        s *= row @ col
    return s


@at(vector(3))
def counting_calls_outside(x):
    COUNTS["calls"] += 1
    LOG.append(COUNTS["calls"])
    s = np.sum(x**3)
    if COUNTS["calls"] > 0:
        s = s * len(LOG)
    return s


def guarded(v):
    try:
        return float(v) * 2
    except TypeError:
        raise


def first_that_works(v, keys, table):
    for key in keys:
        try:
            return table[key] * v
        except KeyError:
            continue
    return v


def returned_in_a_with(v):
    with np.errstate(all="ignore"):
        return v * v


def returned_in_a_match(v, kind):
    match kind:
        case "square":
            return v * v
        case "cube":
            return v**3
    return v


def returned_by_else_and_finally(v, done):
    try:
        n = len(v)
    except TypeError:
        pass
    else:
        if n > 2:
            return v[0] * v[1]
    finally:
        done.append(1)
    return v


def returned_for_ever(v):
    while True:
        v = v * 1.5
        if v > 2:
            return v
        assert v > 0


def returned_or_raised(v):
    if v > 0:
        return v * v
    raise ValueError(v)


@at(0.4)
def callee_returns_in_a_try(x):
    return guarded(x) * x


@at(vector(3))
def callee_returns_in_a_try_an_element(x):
    y = guarded(x[1]) * x[0]
    return y + guarded(y)


@at(0.4)
def callee_returns_in_a_try_in_a_loop(x):
    return first_that_works(x, ["a", "b"], {"b": x * 3}) * first_that_works(x, [], {})


@at(0.4, 1.3)
def callee_returns_in_a_with_and_a_match(x, y):
    return returned_in_a_with(x) * returned_in_a_match(y, "cube") + returned_in_a_match(x, "none")


@at(vector(3))
def callee_returns_by_else_and_finally(x):
    done = []
    return returned_by_else_and_finally(x, done) * returned_by_else_and_finally(x[2], done) * len(done)


@at(0.4)
def callee_returns_out_of_an_endless_loop(x):
    return returned_for_ever(x) * x + returned_for_ever(x + 3)


@at(0.4)
def callee_that_returns_or_raises(x):
    y = returned_or_raised(x) * x
    try:
        y = y + returned_or_raised(-x)
    except ValueError as e:
        y = y * e.args[0]
    return y


def matched(v):
    match v:
        case _:
            return v * v


def raised_and_caught(v):
    try:
        w = v * v
        raise KeyError
    except KeyError:
        return w * 3


def returned_in_finally(v):
    try:
        pass
    finally:
        return v * v


def tried_a_number(v, text):
    try:
        return int(text)
    except ValueError:
        pass
    return v * v


def kept_in_a_global(v):
    global KEPT
    KEPT = v * v
    return KEPT


def returned_deep_in_a_with(v):
    with np.errstate(all="ignore"), contextlib.nullcontext(v) as w:
        for k in range(3):
            if k == 1:
                return w * v


@at(vector(3))
def callee_with_a_match(x):
    return matched(x[1]) * x[0]


@at(vector(3))
def callee_that_raises_and_catches(x):
    return raised_and_caught(x[1]) * x[0]


@at(vector(3))
def callee_that_returns_in_finally(x):
    return returned_in_finally(x[1]) * x[0]


@at(vector(3), "3")
@at(vector(3), "none")
def callee_that_tries_a_number(x, text):
    return tried_a_number(x[1], text) * x[0]


@at(vector(3))
def callee_that_keeps_a_global(x):
    return kept_in_a_global(x[1]) * x[0]


@at(vector(3))
def callee_that_returns_deep_in_a_with(x):
    return returned_deep_in_a_with(x[1]) * x[0]


@at(vector(3))
def callee_with_a_with_on_one_path(x):
    def root(v):
        if v < 0:
            with np.errstate(invalid="ignore"):
                return np.abs(v)
        return v * v

    return root(x[0]) * root(x[1]) * x[2]


@at(np.array([0.3, -0.7, 1.1, 0.4]), np.array([0.5, 1.5]), 2)
@at(np.array([0.3, -0.7, 1.1, 0.4]), None, 2)
def option_that_is_none_beside_lists(x, h, n, shift=None):
    hs = []
    for layer in range(n):
        if layer > 0:
            x = np.roll(x, 1 if shift is None else shift + layer)
        outputs = []
        y, z = np.split(x * (1.5 if h is None else h[len(hs)]), 2)
        outputs.append(y)
        hs.append(z)
        x = np.concatenate([outputs[0], hs[-1]])
    return np.sum(x * x)

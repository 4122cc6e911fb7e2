"""What the front writes out in plainer words: the text of the function that comes out, and what is left as it is."""

# ruff: noqa: E731, FURB136, RET504  programs for the compiler are written in every way
from __future__ import annotations

import ast
import textwrap

import numpy as np
import pytest

import knetc
from knetc.front.source import SPELLED, source_of
from knetc.front.spelling import spelled


def written(function, kind):
    """A function, with the first node of a kind written out, as text; None if it cannot be."""
    source = source_of(function)
    node = next(n for n in ast.walk(source.definition) if isinstance(n, kind) and n is not source.definition)
    new = spelled(function, source.place(node))
    return None if new is None else ast.unparse(SPELLED[new].definition)


def helper(f, t):
    return f(t) * t


class Box:
    def __init__(self, h):
        self.h = h

    def grow(self, x):
        self.h = self.h * x
        return self.h


def ternary(x, y):
    return np.sin(x) * (x if x > y else y)


def alternatives(x, y):
    z = x or y or 1.0
    return z


def assigned_inside(x):
    y = x * (x := x + 1)
    return y


def comprehension(x, xs):
    return x * sum([x * t for t in xs if t > 0])


def repeated(x):
    i, _, (_, u) = x, x, (x, x * x)
    return i * u


def shadowing(t, xs):
    ys = [t * t for t in xs]
    return ys[0] * t


def closure(x, y):
    def scaled(t):
        return t * x

    return scaled(y) + scaled(1.0)


def rebinding(x):
    n = 0

    def add():
        nonlocal n
        n += x

    add()
    return n


def passing(x):
    return helper(lambda t: t * x, 2.0)


def making(x):
    box = Box(x)
    return box.grow(x) + box.h


@pytest.mark.parametrize(
    ("function", "kind", "expected"),
    [
        (
            ternary,
            ast.IfExp,
            """
            value = np.sin(x)
            if x > y:
                value_2 = x
            else:
                value_2 = y
            return value * value_2
            """,
        ),
        (
            alternatives,
            ast.BoolOp,
            """
            if x:
                z = x
            elif y:
                z = y
            else:
                z = 1.0
            return z
            """,
        ),
        (
            assigned_inside,
            ast.NamedExpr,
            """
            value = x
            x = x + 1
            y = value * x
            return y
            """,
        ),
        (
            repeated,
            ast.Assign,
            """
            i, unused, (_, u) = (x, x, (x, x * x))
            return i * u
            """,
        ),
        (
            comprehension,
            ast.ListComp,
            """
            items = []
            for t in xs:
                if t > 0:
                    items.append(x * t)
            return x * sum(items)
            """,
        ),
        (
            shadowing,
            ast.ListComp,
            """
            ys = []
            for t_2 in xs:
                ys.append(t_2 * t_2)
            return ys[0] * t
            """,
        ),
        (closure, ast.FunctionDef, "return scaled(y, x=x) + scaled(1.0, x=x)"),
        (
            rebinding,
            ast.FunctionDef,
            """
            n = 0
            n = add(n=n, x=x)
            return n
            """,
        ),
        (passing, ast.Lambda, "return helper_f(2.0, x=x)"),
        (
            making,
            ast.Call,
            """
            box_h = box_init(x)
            box_grow_out, box_h = box_grow(x, box_h=box_h)
            return box_grow_out + box_h
            """,
        ),
    ],
)
def test_a_construct_becomes(function, kind, expected):
    header, _, body = written(function, kind).partition("\n")

    code = function.__code__
    assert header == f"def {code.co_name}({', '.join(code.co_varnames[: code.co_argcount])}):"
    assert textwrap.dedent(body) == textwrap.dedent(expected).strip()


def test_a_method_is_a_function_of_the_attributes():
    source = source_of(making)
    place = source.place(next(n for n in ast.walk(source.definition) if isinstance(n, ast.Call)))
    new = spelled(making, place)
    grow = dict(zip(new.__code__.co_freevars, new.__closure__, strict=True))["box_grow"].cell_contents

    assert grow(3.0, box_h=2.0) == (6.0, 6.0)
    assert new(2.0) == making(2.0)


# ---- left as they are


def escaping(x):
    def g(t):
        return t * x

    return [g][0](2.0)


def redefined(x):
    g = lambda t: t * x
    g = lambda t: t + x
    return g(2.0)


def unbound_when_called(x, flag):
    def g(t):
        return t * y if flag else t

    if flag:
        y = x
    return g(x)


def computed_default(x):
    def g(t, c=x * x):
        return t * c

    return g(x)


def compared(x):
    box = Box(x)
    return box.h if box == x else x


def lazy(x, xs):
    return any((y := t * x) > 1 for t in xs) * y


def order_in_an_augmented_store(x, y):
    y[0] += helper(np.sin, x) if x > 0 else x
    return y[0]


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (escaping, ast.FunctionDef),
        (redefined, ast.Lambda),
        (unbound_when_called, ast.FunctionDef),
        (computed_default, ast.FunctionDef),
        (compared, ast.Call),
        (lazy, ast.NamedExpr),
        (order_in_an_augmented_store, ast.IfExp),
    ],
)
def test_what_would_change_its_meaning_is_left(function, kind):
    assert written(function, kind) is None


# ---- the world changes


def swapped(f, t):
    return f(t)


def calls_swapped(x):
    return swapped(lambda t: t * x, 2.0)


def test_a_borrowed_function_that_is_redefined_is_borrowed_anew(monkeypatch):
    gradient = knetc.grad(calls_swapped)
    assert gradient(3.0) == 2.0

    monkeypatch.setitem(globals(), "swapped", helper)
    assert gradient(3.0) == 4.0


def test_a_method_that_is_replaced_is_seen(monkeypatch):
    gradient = knetc.grad(making)
    assert gradient(3.0) == 12.0

    monkeypatch.setattr(Box, "grow", lambda self, x: 5 * x)
    assert gradient(3.0) == 6.0


# ---- objects that are seen by two names


def writes(box, other, x):
    box.h = box.h * x
    return other.grow(x) + x


def test_an_object_that_is_passed_twice_is_recorded():
    def expected(x):
        box = Box(0.5)
        return writes(box, box, x)

    gradient = knetc.grad(writes, wrt="x")
    found = [gradient(Box(0.5), Box(0.5), 2.0)]
    box = Box(0.5)
    found.append(gradient(box, box, 2.0))

    step = 1e-6
    assert found[0] == pytest.approx(0.5 + 1)
    assert found[1] == pytest.approx((expected(2 + step) - expected(2 - step)) / (2 * step), rel=1e-6)


def test_a_missing_attribute_is_missed_when_the_function_misses_it():
    def halves(box, n):
        for _ in range(n):
            box.k = box.k * 0.5
        return box.h * 2

    gradient = knetc.grad(halves)
    assert gradient(Box(0.5), 0).h == 2.0
    with pytest.raises(AttributeError):
        gradient(Box(0.5), 1)

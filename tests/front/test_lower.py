"""Python statements and expressions as IR, compared as text."""

# ruff: noqa: F401, B007, B905, F842, PIE790, PLW0120, PLW0128, PLW0603, PTH123, RET503  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import Refusal
from knetc.front.lower import lower
from knetc.ir import nodes as ir
from knetc.ir.show import show
from knetc.ir.walk import statements
from tests.stages import expected


class Config:
    rate = 0.5


config = Config()
act = np.tanh


def square(x):
    return x * x


def operators(a, b):
    c = a + b - a * b / a**b
    d = a @ b % 2 // 3
    return -c + +d


def negative_numbers(x):
    return x * -2 - -0.5


def spellings(x):
    return np.add(x, 1) + np.sum(x, axis=0) + act(x)


def callees(layer, x):
    return square(x) + layer(x) + layer.forward(x, train=True) + Config.rate + config.rate


def containers(x):
    return {"a": [x, 1], "b": (x, None)}


def indices(x, i):
    return x[i] + x[1:, ..., None] + x[::-1] + x[i + 1]


def copied_whole(x):
    y = [a * 2 for a in x]
    z = x and y
    return lambda t: t + z


def a_docstring(x):
    """This is left out."""
    pass
    return x


def targets(p):
    a, (b, c) = p
    [d, e] = a
    f = g = b
    return c, d, e, f, g


def augmented(x, y):
    x += y
    x @= y
    x //= y
    return x


def annotated(x):
    y: float = x
    z: int
    return y


def stores(x, m):
    x[0] = 1
    m.w = x
    m.w += x
    return m


def branches(x, y):
    if x > 0 and y:
        x = y
    elif y is None:
        x = 1
    else:
        x = 2
    return x


def conditional(x, flag):
    y = x if flag else -x if x > 0 else 0.0
    return y if flag else x


def loops(xs, n):
    for i in range(1, n):
        continue
    for i, (a, b) in enumerate(zip(xs, xs), 1):
        break
    for key in xs:
        pass
    while n > 0:
        n = n - 1
    for x in reversed(xs):
        print(x)


def after_a_jump(x):
    return x
    x = 1


def shadowed(range):
    for i in range(3):
        print(i)


def statements_copied(x):
    assert x > 0
    import math

    with open(x) as file:
        y = file.read()
    del y

    def inner(t):
        return t

    for a in x:
        print(a)
    else:
        print(x)
    if (n := len(x)) > 2:
        print(n)
    raise ValueError(x)


def changing(xs):
    y = xs.pop()
    return xs.pop() + y


def bare(x):
    return


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (
            operators,
            """
            c = np.subtract(np.add(a, b), np.divide(np.multiply(a, b), np.power(a, b)))
            d = np.floor_divide(np.remainder(np.matmul(a, b), 2), 3)
            return np.add(np.negative(c), np.positive(d))
            """,
        ),
        (negative_numbers, "return np.subtract(np.multiply(x, -2), -0.5)"),
        (spellings, "return np.add(np.add(np.add(x, 1), np.sum(x, axis=0)), np.tanh(x))"),
        (
            callees,
            (
                "return np.add(np.add(np.add(np.add(call square(x), dynamic layer(x)), "
                "dynamic layer.forward(x, train=True)), verbatim Config.rate), config.rate)"
            ),
        ),
        (containers, "return {'a': [x, 1], 'b': (x, None)}"),
        (
            indices,
            "return np.add(np.add(np.add(x[i], x[(1::, Ellipsis, None)]), x[::-1]), x[np.add(i, 1)])",
        ),
        (
            copied_whole,
            """
            y = verbatim [a * 2 for a in x]
            z = verbatim x and y
            return verbatim lambda t: t + z
            """,
        ),
        (a_docstring, "return x"),
        (
            targets,
            """
            (a, (b, c)) = p
            (d, e) = a
            f = b
            g = f
            return (c, d, e, f, g)
            """,
        ),
        (
            augmented,
            """
            x = np.add(x, y)
            x = np.matmul(x, y)
            opaque x //= y
            return x
            """,
        ),
        (
            annotated,
            """
            y = x
            opaque z: int
            return y
            """,
        ),
        (
            stores,
            """
            opaque x[0] = 1
            opaque m.w = x
            opaque m.w += x
            return m
            """,
        ),
        (
            branches,
            """
            if verbatim x > 0 and y
              x = y
            else
              if verbatim y is None
                x = 1
              else
                x = 2
            return x
            """,
        ),
        (
            conditional,
            """
            if flag
              y = x
            else
              if verbatim x > 0
                y = np.negative(x)
              else
                y = 0.0
            if flag
              return y
            else
              return x
            """,
        ),
        (
            loops,
            """
            for i in range(1, n)
              continue
            for (i, (a, b)) in enumerate(zip(xs, xs), 1)
              break
            for key in xs
            while verbatim n > 0
              n = np.subtract(n, 1)
            for x in verbatim reversed(xs)
              opaque print(x)
            """,
        ),
        (after_a_jump, "return x"),
        (
            shadowed,
            """
            for i in dynamic range(3)
              opaque print(i)
            """,
        ),
        (
            statements_copied,
            """
            opaque assert x > 0
            opaque import math
            opaque with open(x) as file:
            opaque     y = file.read()
            opaque del y
            opaque def inner(t):
            opaque     return t
            opaque for a in x:
            opaque     print(a)
            opaque else:
            opaque     print(x)
            opaque if (n := len(x)) > 2:
            opaque     print(n)
            opaque raise ValueError(x)
            """,
        ),
        (
            changing,
            """
            opaque y = xs.pop()
            opaque changing_value = xs.pop() + y
            return changing_value
            """,
        ),
        (bare, "return None"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_function_is_lowered_to(function, text):
    body = "\n".join(line.removeprefix("  ") for line in show(lower(function)).splitlines()[1:])
    assert body == expected(text)


def test_a_lambda_is_a_function_of_one_return():
    assert show(lower(lambda x: x * x)) == "function lambda_(x)\n  return np.multiply(x, x)"


def with_defaults(a, /, b=1, *, c=square, d):
    return a


def test_parameters_keep_their_kinds_and_defaults():
    found = [(p.name, p.kind, p.default is not None) for p in lower(with_defaults).params]
    assert found == [
        ("a", "POSITIONAL_ONLY", False),
        ("b", "POSITIONAL_OR_KEYWORD", True),
        ("c", "KEYWORD_ONLY", True),
        ("d", "KEYWORD_ONLY", False),
    ]


def test_an_operator_keeps_its_spelling():
    spelled = [s.value.spelled for s in statements(lower(augmented).body) if isinstance(s, ir.Assign)]
    assert spelled == ["+=", "@="]


def test_every_statement_knows_its_place():
    first = branches.__code__.co_firstlineno
    assert [s.place.line - first for s in statements(lower(branches).body)] == [1, 2, 3, 4, 6, 7]


def test_a_test_reads_its_names():
    [test, _] = lower(branches).body
    assert test.test.reads == {"x", "y"}


def test_an_opaque_statement_knows_what_it_reads_writes_and_changes():
    [_, store, *_] = lower(stores).body
    assert (store.reads, store.writes, store.mutates) == ({"m", "x"}, set(), {"m"})


def test_a_name_that_is_unpacked_twice_is_copied_whole():
    def f(p):
        a, a = p
        return a

    assert isinstance(lower(f).body[0], ir.Opaque)


# ---- refusals


def yielding(x):
    yield x


def globalised(x):
    global act
    act = x


async def waiting(x):
    return x


def looking(x):
    return locals()


def many(*xs):
    return xs


def options(**xs):
    return xs


def leaving(x):
    for _ in x:
        with x:
            break
    return x


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (yielding, "`yield`"),
        (globalised, "`global`"),
        (waiting, "`async`"),
        (looking, "`locals`"),
        (many, r"`\*args`"),
        (options, r"`\*\*kwargs`"),
        (leaving, "a jump out of `with`"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_what_changes_the_meaning_of_its_surroundings_is_refused(function, what):
    with pytest.raises(Refusal, match=f"KN101 knetc cannot differentiate {what}"):
        lower(function)

"""Every class of syntax that this Python knows is differentiated, or refused with a place: none is forgotten."""

# ruff: noqa: E501
from __future__ import annotations

import ast
import linecache
import sys

import pytest

import knetc
from knetc.errors import Refusal

PROGRAMS = {
    "Add Mult Sub Div Pow BinOp": "def f(x): return (x + 1) * x - x / 2 + x**2",
    "Mod FloorDiv": "def f(x): return x % 5.0 + x * (7 // 2)",
    "MatMult": "import numpy as np\ndef f(x): return np.array([x, 2 * x]) @ np.array([x, 3.0])",
    "LShift RShift BitOr BitXor BitAnd": "def f(x): return x * ((1 << 3 | 5 ^ 2) & 7 >> 1)",
    "UAdd USub UnaryOp": "def f(x): return +x * -x",
    "Invert Not": "def f(x): return x * ~2 if not x > 5 else x",
    "And Or BoolOp": "def f(x): return (x and 2 * x) or x",
    "Compare Eq NotEq Lt LtE Gt GtE": "def f(x): return x * x if 0 < x <= 1 and x == x and x != 3 and x >= 0 and x > 0 else x",
    "Is IsNot In NotIn": "def f(x): return x * x if x is not None and x in [x] and x not in () and None is None else x",
    "FunctionDef arguments arg Return": "def f(x):\n    def g(y, /, z=2.0, *, k: float = 1.0):\n        return y * z * k\n    return g(x) * x",
    "Lambda": "def f(x): return (lambda y: y * x)(x)",
    "ClassDef": "def f(x):\n    class A:\n        def g(self):\n            return x * x\n    return A().g()",
    "Delete Del": "def f(x):\n    d = {'a': x, 'b': 2 * x}\n    del d['a']\n    return d['b'] * x",
    "Assign Name Load Store": "def f(x):\n    y = z = x * x\n    return y + z",
    "AugAssign": "def f(x):\n    y = x\n    y *= x\n    return y",
    "AnnAssign": "def f(x):\n    y: float = x * x\n    return y",
    "For": "def f(x):\n    for i in range(3):\n        x = x * i + x\n    return x",
    "While Break Continue": "def f(x):\n    n = 0\n    while True:\n        n += 1\n        if n == 2:\n            continue\n        x = x * 1.5\n        if n > 4:\n            break\n    return x * x",
    "If": "def f(x):\n    if x > 0:\n        return x * x\n    return x",
    "With withitem": "import contextlib\ndef f(x):\n    with contextlib.nullcontext(x) as y:\n        return y * x",
    "Raise Try ExceptHandler": "def f(x):\n    try:\n        raise ValueError(x)\n    except ValueError as error:\n        return error.args[0] * x",
    "TryStar": "def f(x):\n    try:\n        raise ExceptionGroup('g', [ValueError(x)])\n    except* ValueError as group:\n        y = group.exceptions[0].args[0]\n    return y * x",
    "Assert": "def f(x):\n    assert x > 0, x\n    return x * x",
    "Import ImportFrom alias": "def f(x):\n    import math as m\n    from math import exp\n    return m.sin(x) * exp(x)",
    "Global": "G = 0.0\ndef f(x):\n    global G\n    G = x * x\n    return G * x",
    "Nonlocal": "def f(x):\n    y = x\n    def g():\n        nonlocal y\n        y = y * x\n    g()\n    return y",
    "Expr Pass Constant Call keyword": "def f(x):\n    'text'\n    pass\n    print(x, end='')\n    return x * x",
    "NamedExpr": "def f(x): return (y := x * x) + y",
    "IfExp": "def f(x): return 2.0 * (x * x if x > 0 else x)",
    "Dict": "def f(x): return {'a': x, **{'b': x * x}}['b']",
    "Set": "def f(x): return sum({x, 2 * x}) * x",
    "ListComp comprehension": "def f(x): return sum([x * i for i in range(3) if i])",
    "SetComp": "def f(x): return sum({x * i for i in range(3)})",
    "DictComp": "def f(x): return {i: x * i for i in range(3)}[2] * x",
    "GeneratorExp": "def f(x): return sum(x * i for i in range(3))",
    "Yield": "def f(x):\n    def g():\n        yield x\n        yield x * x\n    return sum(g())",
    "YieldFrom": "def f(x):\n    def g():\n        yield from [x, x * x]\n    return sum(g())",
    "JoinedStr FormattedValue": "def f(x):\n    text = f'{x:.2f} {x!r:.3}'\n    return x * len(text)",
    "Attribute": "import math\ndef f(x): return x * math.pi",
    "Subscript Slice": "def f(x): return [x, 2 * x, 3 * x][1:][0] * x",
    "Starred": "def f(x):\n    a, *b = [x, 2 * x, 3 * x]\n    return sum([*b, a]) * x",
    "List Tuple": "def f(x):\n    [a, (b, c)] = [x, (2 * x, 3.0)]\n    return a * b * c",
    "Match match_case MatchValue MatchAs": "def f(x):\n    match 2:\n        case 1:\n            return x\n        case n:\n            return x * x * n",
    "MatchSingleton MatchOr": "def f(x):\n    match None:\n        case True | None:\n            return x * x",
    "MatchSequence MatchStar": "def f(x):\n    match [x, 2 * x, 3 * x]:\n        case [a, *rest]:\n            return a * sum(rest)",
    "MatchMapping": "def f(x):\n    match {'a': x, 'b': 2 * x}:\n        case {'a': y, **rest}:\n            return y * rest['b']",
    "MatchClass": "def f(x):\n    match x:\n        case float(y):\n            return y * x",
    "AsyncFunctionDef Await": "async def g(x): return x\nasync def f(x): return await g(x)",
    "AsyncFor AsyncWith": "async def f(x):\n    async for y in x:\n        async with y as z:\n            return z",
    "TypeAlias": "def f(x):\n    type A = int\n    return x * x",
    "TypeVar TypeVarTuple ParamSpec": "def f(x):\n    def g[T, *Ts, **P](y: T) -> T:\n        return y * x\n    return g(x)",
    "TemplateStr Interpolation": "def f(x):\n    text = t'{x}'\n    return x * len(text.strings)",
}
"""A program for every class, several classes each."""

LATER = {"TypeAlias": (3, 12), "TypeVar": (3, 12), "TemplateStr": (3, 14)}
ABSTRACT = set(
    "AST mod stmt expr expr_context boolop operator unaryop cmpop excepthandler pattern type_ignore type_param slice "
    "Module Interactive Expression FunctionType TypeIgnore Suite Param AugLoad AugStore Index ExtSlice Num Str Bytes "
    "NameConstant Ellipsis".split()
)
"""Base classes, whole files, and what is left of old versions."""


def known(classes):
    return sys.version_info >= next((v for name, v in LATER.items() if name in classes), (3, 0))


RUN = {classes: text for classes, text in PROGRAMS.items() if known(classes)}


def test_every_class_of_syntax_has_a_program():
    here = {
        name
        for name, cls in vars(ast).items()
        if isinstance(cls, type) and issubclass(cls, ast.AST) and name[0] != "_"
    }
    assert here - ABSTRACT - {name for classes in RUN for name in classes.split()} == set()


@pytest.mark.parametrize("classes", RUN)
def test_the_programs_hold_what_they_are_for(classes):
    found = {type(node).__name__ for node in ast.walk(ast.parse(RUN[classes]))}
    assert set(classes.split()) <= found


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("classes", RUN)
def test_syntax_is_differentiated_or_refused(classes):
    name, text = f"{classes.split()[0]}.py", RUN[classes]
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    names = {"__name__": "syntax"}
    exec(compile(text, name, "exec"), names)
    f = names["f"]
    if "Async" in classes:
        with pytest.raises(Refusal, match=r"KN101 knetc cannot differentiate `async`"):
            knetc.grad(f)(0.7)
        return
    difference = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    assert knetc.grad(f)(0.7) == pytest.approx(difference, rel=1e-6)

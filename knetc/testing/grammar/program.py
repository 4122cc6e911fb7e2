"""A whole module: imports, classes, helpers, and the function `f(a, b, v, u, m, xs, ps)` that is differentiated."""

from __future__ import annotations

import ast
import re

from knetc.testing.grammar import blocks, closures, containers, loops, stores
from knetc.testing.grammar.assignments import body, one
from knetc.testing.grammar.callees import HELPERS, classes
from knetc.testing.grammar.expressions import squashed
from knetc.testing.grammar.writer import Choose, Writer

PARAMETERS = {
    "a": "float",
    "b": "float",
    "v": "vector",
    "u": "vector",
    "m": "matrix",
    "xs": "list",
    "ps": "dict",
}
CLASSES = re.compile(r"\b(?:Cell|Child|Record|Scaled|scaled)\b")
IMPORTS = "contextlib copy dataclasses functools itertools math operator".split()
TABLES = (blocks, closures, containers, loops, stores)
"""Modules that enter their productions when they are imported."""

SUMS = {
    "float": "{0}",
    "vector": "np.sum({0} * np.arange(1, 4))",
    "matrix": "np.sum({0} * np.arange(6).reshape(2, 3))",
    "list": "({0}[0] + {0}[-1]) * 0.5",
    "rows": "np.sum({0}[0] * {0}[-1])",
    "dict": "{0}['p'] * 1.5 + {0}['q']",
    "pair": "{0}[0] * np.sum({0}[1])",
    "object": "{0}.h * 0.5 + np.sum({0}.v)",
    "function": "{0}(0.5)",
}


def program(choose: Choose, family: str) -> str:
    """The text of a random program, made mostly of one family of constructs.

    >>> print(program(lambda n: 0, "flow"))
    import numpy as np
    <BLANKLINE>
    def f(a, b, v, u, m, xs, ps):
    ...
    """
    w = Writer(choose, family, pure=choose(2) == 0)
    for i in range(w.choose(3)):
        w.limit = len(w.lines) + 12
        HELPERS.choose(w)(w, f"helper{i}")
    with w.function(f"def f({', '.join(PARAMETERS)}):", PARAMETERS, outside=False):
        w.limit = len(w.lines) + 3 + w.choose(30)
        if w.chance(2):
            own_copies(w)
        body(w, 4)
        while not w.full:
            one(w)
        w.line(f"return {result(w)}")
    return ast.unparse(ast.parse(surrounded(w)))


def own_copies(w: Writer) -> None:
    """Copies under the names of the arguments, so that what is written afterwards stays inside."""
    for name in ("v", "u", "m"):
        w.line(
            f"{name} = {w.one_of(('{0}.copy()', 'np.copy({0})', '{0} * 1.5', 'np.array({0})'))}".format(name)
        )


def surrounded(w: Writer) -> str:
    """The functions with the classes and imports that they need."""
    text = w.text()
    if CLASSES.search(text):
        text = classes(w) + text
    imports = [f"import {name}" for name in IMPORTS if f"{name}." in text]
    return "\n".join([*imports, "import numpy as np", text])


def result(w: Writer) -> str:
    """A number that depends on much of what is in scope at the end."""
    parts = [SUMS[kind].format(name) for name, kind in w.scope.types.items() if kind in SUMS]
    kept = [part for part in parts if not w.chance(3)]
    return " + ".join([squashed(w), *kept])

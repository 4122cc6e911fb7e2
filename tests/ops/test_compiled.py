"""The compiler, given a function of one line around each call of the corpus, arrives at what the rules say."""

from __future__ import annotations

import itertools
import linecache

import numpy as np
import pytest

import knetc
from tests.ops.checker import cotangents, direction, floats, leaves
from tests.ops.corpus import CASES

WITHOUT_LISTS = {family: cases for family, cases in CASES.items() if family != "transposes"}
number = itertools.count()


def compiled(c, wrt, g):
    """The gradient of `np.sum(function(...) * g)` in the arguments number `wrt`, and those arguments."""
    values = {f"a{i}": x for i, x in enumerate(c.args)} | c.options
    fixed = {name: x for name, x in values.items() if name not in {f"a{i}" for i in wrt}}
    plain = {name: repr(x) for name, x in fixed.items() if is_literal(x)}
    said = [plain.get(f"a{i}", f"a{i}") for i in range(len(c.args))]
    said += [f"{name}={plain.get(name, name)}" for name in c.options]
    text = f"def f({', '.join(f'a{i}' for i in wrt)}):\n    return np.sum(function({', '.join(said)}) * g)\n"
    file = f"<corpus {next(number)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space = {"np": np, "function": c.function, "g": g, **fixed}
    exec(compile(text, file, "exec"), space)
    return knetc.grad(space["f"], wrt=tuple(range(len(wrt))))(*(c.args[i] for i in wrt))


def is_literal(x):
    if type(x) is tuple:
        return all(map(is_literal, x))
    return type(x) in (int, bool, str, type(None)) or (type(x) is float and np.isfinite(x))


@pytest.mark.parametrize("family", WITHOUT_LISTS)
def test_compiled_gradients_are_those_of_the_rules(family):
    for c in WITHOUT_LISTS[family]:
        y, bars = cotangents(c)
        wrt = [i for i in bars if floats(c.args[i]) and i not in c.constant]
        if isinstance(y, (list, tuple)) or not wrt:
            continue
        for i, bar in zip(wrt, compiled(c, wrt, direction(y)), strict=True):
            for a, b in zip(leaves(bars[i]), leaves(bar), strict=True):
                np.testing.assert_allclose(
                    b, a, rtol=1e-9, atol=1e-12, err_msg=str(c)
                )  # sums in another order

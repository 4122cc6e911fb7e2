"""Which names a statement may change in place."""

from __future__ import annotations

import gast
import numpy as np
import pytest

from knetc.front.effects import SOMETHING, changed_by_calls, changed_parameters, mutated
from knetc.front.source import source_of

LOCAL = frozenset("x y xs state self model i f".split())


def reads_only(x, y):
    return np.sum(x) + len(y)


def fills(x, y):
    x[0] = y


def appends(xs, *, y):
    xs.append(y)


def through_another(x, y):
    fills(y, x)


def through_a_view(x, y):
    z = x[1:]
    z[0] = y


def through_rows(x, y):
    for row in x:
        row[0] = y


def of_a_copy(x, y):
    z = x.copy()
    z[0] = np.sum(y)
    w = np.zeros_like(x)
    w[0] = y
    return z + w


def recursive(x, n):
    return recursive(x, n - 1) if n else x


def reference(x):
    """A function whose text names the module that the snippets below are resolved in."""
    return x


def statement(text):
    [node] = gast.parse(text).body
    return node


def changes(text, *, sure=False):
    return set(mutated(source_of(reference), LOCAL, statement(text), sure=sure))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x[0] = y", {"x"}),
        ("x[i][1:] = y", {"x"}),
        ("self.w = y", {"self"}),
        ("self.layers[0].w = y", {"self"}),
        ("del x[0]", {"x"}),
        ("x += y", {"x"}),
        ("x[0] *= y", {"x"}),
        ("x[0], y[1] = i, i", {"x", "y"}),
    ],
)
def test_a_store_changes_the_root_of_its_target(text, names):
    assert changes(text) == names


@pytest.mark.parametrize("text", ["xs.append(x[0] + 1)", "xs.sort()", "xs.clear()", "xs.update(a=1)"])
def test_a_method_that_changes_its_owner_does_so_for_sure(text):
    assert changes(text, sure=True) == {"xs"}


@pytest.mark.parametrize(
    "text", ["print(x)", "x.sum()", "len(xs)", "np.sum(x)", "x.tolist()", "reads_only(x, y)"]
)
def test_what_only_reads_changes_nothing(text):
    assert changes(text) == set()


def test_an_unknown_callee_may_change_everything_it_gets():
    assert changes("f(x, [y], k=model.w)") == {"f", "x", "y", "model", SOMETHING}


def test_an_unknown_callee_changes_nothing_for_sure():
    assert changes("f(x, [y], k=model.w)", sure=True) == set()


@pytest.mark.parametrize("text", ["np.add(x, 1, out=y)", "np.copyto(y, x)", "np.fill_diagonal(y, 0)"])
def test_numpy_functions_that_write_change_their_target(text):
    assert changes(text) == {"y"}


def test_a_function_of_the_user_changes_what_its_body_changes():
    assert changes("fills(y, x)") == {"y"}
    assert changes("appends(xs, y=x)") == {"xs"}
    assert changes("through_another(x, y)") == {"y"}


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (reads_only, set()),
        (fills, {"x"}),
        (appends, {"xs"}),
        (through_another, {"y"}),
        (through_a_view, {"x"}),
        (through_rows, {"x"}),
        (of_a_copy, set()),
        (recursive, set()),
    ],
)
def test_the_parameters_that_a_function_changes(function, names):
    assert changed_parameters(function) == names


def test_a_function_without_source_may_change_all_its_parameters():
    namespace = {}
    exec("def f(x, y): pass", namespace)
    assert changed_parameters(namespace["f"]) == {"x", "y"}


def test_only_known_changes_count_inside_an_expression():
    source = source_of(reference)
    assert changed_by_calls(source, LOCAL, statement("y = xs.pop() + f(x)")) == {"xs"}

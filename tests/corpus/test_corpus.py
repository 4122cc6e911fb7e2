"""What holds for every function of the corpus."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import knetc
from knetc.runtime.tree import gradient_of
from tests.corpus.case import Case, caller
from tests.corpus.checker import assert_gradient, numbers, part_at
from tests.corpus.effects import alike, plain, run
from tests.corpus.functions import table

OPTIONAL = "fold,copyprop,dce,nest,shapes,coalesce"
TABLE = table()
each = pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)


def wanted(case: Case) -> tuple[str, ...]:
    """The parameters whose arguments hold something to differentiate."""
    return tuple(name for name, x in case.call().arguments.items() if numbers(x))


def gradients(case: Case) -> tuple[Any, ...]:
    found: tuple[Any, ...] = run(case, knetc.grad(case.function, wrt=wanted(case))).result
    return found


def close(x: Any, expected: Any) -> None:
    """The same up to the order of sums."""
    rtol = 1e-5 if np.result_type(x) == np.float32 else 1e-12
    np.testing.assert_allclose(x, expected, rtol=rtol, atol=1e-14)


def same(a: Any, b: Any) -> bool:
    """Whether two values hold the same numbers, to the last bit."""
    return all(np.array_equal(x, part_at(b, path), equal_nan=True) for path, x in numbers(a))


def test_the_corpus_is_large():
    assert len(TABLE) >= 200
    assert len({case.function for case in TABLE.values()}) >= 120


@each
def test_gradients_agree_with_central_differences(case):
    for name, gradient in zip(wanted(case), gradients(case), strict=True):
        assert_gradient(plain(case), case.call(), name, gradient)


@each
def test_one_argument_at_a_time_gives_the_same_gradient(case):
    for name, gradient in zip(wanted(case), gradients(case), strict=True):
        alone = run(case, knetc.grad(case.function, wrt=name)).result
        for path, x in numbers(gradient):
            close(x, part_at(alone, path))


@each
def test_the_value_is_that_of_the_function(case):
    value, gradient = run(case, knetc.value_and_grad(case.function, wrt=wanted(case))).result

    assert np.array_equal(value, run(case, case.function).result)
    assert same(gradient, gradients(case))


@each
def test_optional_passes_change_no_gradient(case, monkeypatch):
    expected = gradients(case)
    monkeypatch.setenv("KNETC_SKIP", OPTIONAL)

    for path, x in numbers(gradients(case)):
        close(x, part_at(expected, path))


@each
def test_called_by_another_function_it_has_the_same_gradient(case):
    outer, text = caller(case)
    found = run(case, knetc.grad(outer, wrt=wanted(case), source=text)).result

    for path, x in numbers(gradients(case)):
        np.testing.assert_allclose(part_at(found, path), 1.5 * x, rtol=1e-5, atol=1e-12)


@each
def test_arguments_globals_and_text_are_left_as_the_function_leaves_them(case):
    assert alike(
        run(case, knetc.grad(case.function, wrt=wanted(case))).behind, run(case, case.function).behind
    )


@each
def test_calling_twice_changes_nothing(case):
    gradient = knetc.grad(case.function, wrt=wanted(case))
    first = run(case, gradient).result
    kept = copy.deepcopy(first)
    second = run(case, gradient).result

    assert same(kept, first)
    assert same(kept, second)


@each
def test_forward_and_backward_make_the_same_gradient(case):
    gradient = knetc.grad(case.function, wrt=wanted(case))

    def forward_and_backward(*args, **options):
        value, residuals = gradient.forward(*args, **options)
        return value, gradient.backward(residuals, 1.0)

    value, bars = run(case, forward_and_backward).result
    bars = bars if len(wanted(case)) > 1 else (bars,)

    assert np.array_equal(value, run(case, case.function).result)
    for name, bar, expected in zip(wanted(case), bars, gradients(case), strict=True):
        argument = case.call().arguments[name]
        for path, x in numbers(gradient_of(argument, bar)):
            close(x, part_at(expected, path))

"""The facts that hold for every op of the corpus."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from knetc import ops
from knetc.ops.registry import OPS
from tests.ops.checker import check, cotangents, leaves, mapped, strided
from tests.ops.corpus import CASES

COMPOSED = {ops.conv, ops.deconv, ops.rnn_forward}  # they are differentiated through their source

each_family = pytest.mark.parametrize("cases", CASES.values(), ids=CASES)


@each_family
def test_pullbacks_agree_with_central_differences(cases):
    for c in cases:
        check(c)


@each_family
def test_float32_stays_float32_in_results_and_cotangents(cases):
    for c in cases:
        single = replace(c, args=mapped(to_single, c.args))
        if not any(map(is_single, leaves(single.args))):
            continue
        y, bars = cotangents(single)
        if not all(map(is_single, floating(y))):  # numpy widens some by itself, such as float32 ** int64
            assert vars(ops).get(c.op.name) is not c.function, f"{c}: {floating(y)[0].dtype}"
            continue
        for i, bar in bars.items():
            if all(map(is_single, leaves(single.args[i]))):
                assert all(map(is_single, leaves(bar))), f"{c}: {leaves(bar)[0].dtype}"


@each_family
def test_the_layout_of_arguments_changes_no_result(cases):
    for c in cases:
        y, bars = cotangents(c)
        y_strided, bars_strided = cotangents(replace(c, args=mapped(strided, c.args)))
        for a, b in zip(
            leaves([y, *bars.values()]), leaves([y_strided, *bars_strided.values()]), strict=True
        ):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14, err_msg=str(c))  # sums in another order


@each_family
def test_pullbacks_leave_their_arguments_alone(cases):
    for c in cases:
        before = mapped(np.copy, c.args)
        cotangents(c)
        for a, b in zip(leaves(before), leaves(c.args), strict=True):
            assert np.array_equal(a, b), str(c)


def test_every_op_with_a_derivative_is_in_the_corpus():
    tried = {c.op.name for family in CASES.values() for c in family}
    declared = {op.name for op in OPS.values() if op.kind != "nondifferentiable" and not of_a_test(op)}
    assert declared - tried == set()


@pytest.mark.parametrize("name", ops.__all__)
def test_every_public_op_has_documentation_with_an_example(name):
    function = getattr(ops, name)
    assert function in OPS or function in COMPOSED
    assert ">>>" in function.__doc__


def of_a_test(op):
    """Whether an operation is a user's, as tests of `@primitive` make them."""
    home = (getattr(op.function, "__module__", None) or "builtins").partition(".")[0]
    return home not in {"knetc", "numpy", *sys.stdlib_module_names}


def floating(y):
    return [part for part in leaves(y) if not isinstance(part, int)]


def to_single(x):
    return x.astype(np.float32) if x.dtype == float else x


def is_single(x):
    return getattr(x, "dtype", None) == np.float32

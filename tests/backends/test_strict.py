from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knetc.ops.assemble import unnest
from knetc.ops.dropout import dropout_forward
from tests.backends.strict import StrictArray, module, strict
from tests.ops.checker import cotangents, leaves, mapped
from tests.ops.corpus import CASES

# These make arrays of numpy, or are methods of them, or take lists that cupy would not.
ON_THE_HOST = {
    np.array,
    np.asarray,
    np.asanyarray,
    np.ascontiguousarray,
    np.asfortranarray,
    np.float64,
    np.full,
    unnest,
}
METHODS = type(np.ndarray.reshape)
TAKE_LISTS = {np.where, np.repeat}


def runs_anywhere(c):
    """Whether a call is one that cupy could be asked for: of a function that dispatches on arrays it is given."""
    if c.function in ON_THE_HOST or isinstance(c.function, METHODS):
        return False
    if c.function in TAKE_LISTS and not all(isinstance(x, (float, int, np.ndarray)) for x in c.args):
        return False
    return any(isinstance(x, np.ndarray) for x in leaves(c.args))


@pytest.mark.parametrize("family", CASES)
def test_ops_and_rules_compute_with_the_module_of_their_arrays(family):
    for c in filter(runs_anywhere, CASES[family]):
        y, bars = cotangents(c)
        y_strict, bars_strict = cotangents(replace(c, args=mapped(StrictArray, c.args)), like=strict)
        for a, b in zip(leaves([y, *bars.values()]), leaves([y_strict, *bars_strict.values()]), strict=True):
            same(a, b, str(c))


def same(a, b, message):
    if isinstance(a, np.ndarray):
        assert isinstance(b, StrictArray), message
    b = b.get() if isinstance(b, StrictArray) else b
    np.testing.assert_allclose(a, b, rtol=1e-12, err_msg=message)


def test_dropout_draws_where_its_argument_lives():
    y, mask = dropout_forward(module.ones(100), 0.5)
    assert isinstance(mask, StrictArray)
    assert set(y.get()) == {0.0, 2.0}


def test_the_stand_in_refuses_implicit_conversion():
    with pytest.raises(TypeError, match="implicit conversion"):
        np.asarray(module.ones(3))
    with pytest.raises(TypeError, match="unsupported type"):
        module.ones(3) + np.ones(3)


def test_the_stand_in_returns_arrays_from_reductions():
    assert isinstance(np.sum(module.ones(3)), StrictArray)
    assert np.sum(module.ones(3)).shape == ()

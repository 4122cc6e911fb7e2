from __future__ import annotations

import math
import operator

import numpy as np
import pytest

from knetc.ops import registry
from knetc.ops.registry import METHODS, OPS, SYMBOLS, elementwise, find, nondifferentiable, traceable


@pytest.fixture
def scratch(monkeypatch):
    """A registry that may be written to."""
    monkeypatch.setattr(registry, "OPS", dict(OPS))


def test_all_spellings_of_an_operation_are_one_op():
    assert find(np.multiply) is find(operator.mul)
    assert find(np.absolute) is find(np.abs) is find(abs) is find(np.fabs)
    assert find(np.exp) is find(math.exp)


def test_what_has_no_rule_is_not_found():
    assert find(print) is None
    assert find([]) is None


def test_an_op_is_named_as_it_is_written():
    names = {
        np.tanh: "np.tanh", np.sum: "np.sum", np.linalg.inv: "np.linalg.inv", math.erf: "math.erf", len: "builtins.len",
        np.ndarray.reshape: "ndarray.reshape",
    }  # fmt: skip
    assert {f: OPS[f].name for f in names} == names


def test_a_method_is_the_op_of_its_function():
    assert METHODS["sum"] is OPS[np.sum]


def test_a_second_rule_for_a_function_is_refused(scratch):
    with pytest.raises(ValueError, match=r"np\.sin has a rule already"):
        elementwise(np.sin, lambda y, x: 1)


def test_a_spelling_that_is_the_same_object_may_be_named_twice(scratch):
    def twice(x):
        return 2 * x

    op = elementwise(twice, lambda y, x: 2, aliases=(twice,))
    assert registry.find(twice) is op


def test_nondifferentiable_functions_have_no_pullback(scratch):
    nondifferentiable(print)
    assert registry.OPS[print].kind == "nondifferentiable"
    assert registry.OPS[print].pullbacks == {}


def test_a_traceable_function_hands_symbols_to_their_printer(monkeypatch):
    class Name(str):
        """The simplest symbol."""

        __slots__ = ()

    @traceable
    def double(x, *, by=2):
        return by * x

    monkeypatch.setitem(SYMBOLS, Name, lambda f, args, options: f"{f.__name__}({', '.join(args)}, {options})")
    assert double(4) == 8
    assert double(Name("x"), by=3) == "double(x, {'by': 3})"


def test_an_op_can_be_a_key_although_its_rules_are_in_a_dict():
    assert {OPS[np.sin]: 1}[OPS[np.sin]] == 1

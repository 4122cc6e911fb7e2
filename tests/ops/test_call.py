"""Calls of what is known only at run time: the value, and the pullback to callee and arguments."""

from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.errors import Refusal
from knetc.ops import softmax
from knetc.ops.call import call, call_method
from knetc.testing import gradcheck

ROW = np.array([0.5, -0.25, 0.75])


def square(x, n=2, *, by=1.0):
    return by * x**n


class Layer:
    def __init__(self, w, act=None):
        self.w = w
        self.act = act

    def __call__(self, x):
        return self.w * x

    def scaled(self, x, *, by):
        return self.w * x * by

    @staticmethod
    def static(x):
        return x * 3.0


def test_a_python_function_is_compiled():
    value, back = call(square, ROW)
    np.testing.assert_array_equal(value, ROW**2)
    callee, x = back(np.ones(3))
    assert callee is None
    np.testing.assert_allclose(x, 2 * ROW, rtol=1e-12)


def test_a_keyword_argument_has_its_cotangent_behind():
    _, back = call(square, 3.0, by=2.0)
    assert back(1.0) == (None, 12.0, 9.0)


def test_an_integer_argument_takes_a_zero():
    _, back = call(square, 2.0, 3)
    callee, x, _ = back(1.0)
    assert (callee, x) == (None, 12.0)


def test_an_op_is_called_by_its_rule():
    value, back = call(np.tanh, ROW)
    np.testing.assert_array_equal(value, np.tanh(ROW))
    np.testing.assert_allclose(back(np.ones(3))[1], 1 - np.tanh(ROW) ** 2, rtol=1e-12)


def test_an_option_of_an_op_has_no_cotangent():
    assert call(softmax, ROW, axis=0)[1](ROW)[2] is None


def test_a_nondifferentiable_op_has_zeros():
    value, back = call(np.argmax, ROW)
    assert value == 2
    assert back(1.0)[1].tolist() == [0.0, 0.0, 0.0]


def test_a_callable_object_gets_a_cotangent():
    value, back = call(Layer(ROW), 2.0)
    np.testing.assert_array_equal(value, 2 * ROW)
    layer, x = back(np.ones(3))
    np.testing.assert_array_equal(layer.w, [2.0, 2.0, 2.0])
    assert x == ROW.sum()


def test_a_bound_method_holds_its_object():
    _, back = call(Layer(ROW).scaled, 2.0, by=3.0)
    owner, x, by = back(np.ones(3))
    np.testing.assert_array_equal(owner.__dict__["__self__"].w, [6.0, 6.0, 6.0])
    assert (x, by) == (3 * ROW.sum(), 2 * ROW.sum())


def test_a_method_of_a_value_is_an_op():
    value, back = call_method(ROW, "sum")
    assert value == 1.0
    assert back(2.0)[0].tolist() == [2.0, 2.0, 2.0]


def test_a_method_gets_the_cotangent_of_its_receiver_first():
    _, back = call_method(Layer(ROW), "scaled", 2.0, by=3.0)
    assert back(np.ones(3))[0].w.tolist() == [6.0, 6.0, 6.0]


def test_an_attribute_that_is_called_holds_the_cotangent_of_the_callee():
    _, back = call_method(Layer(ROW, Layer(2.0)), "act", 3.0)
    receiver, x = back(1.0)
    assert receiver.act.w == 3.0
    assert x == 2.0


def test_a_function_of_a_module_has_no_cotangent_of_the_module():
    _, back = call_method(math, "exp", 0.0)
    assert back(1.0) == (None, 1.0)


def test_a_static_method_is_called_without_its_receiver():
    value, back = call_method(Layer(ROW), "static", 2.0)
    assert value == 6.0
    assert back(1.0) == (None, 3.0)


def test_nothing_that_flows_back_is_zeros():
    _, back = call(square, ROW)
    assert back(None)[1].tolist() == [0.0, 0.0, 0.0]


def test_a_callee_without_rule_may_get_constants():
    value, back = call(divmod, 7, 2)
    assert value == (3, 1)
    assert back(None)[0] is None


@pytest.mark.parametrize("callee", [lambda: call(math.nextafter, 1.0, 2.0), lambda: call([1.0].index, 1.0)])
def test_a_callee_without_rule_must_not_get_floats(callee):
    with pytest.raises(
        Refusal, match=r"KN103 `.*` was called with something to differentiate, but has neither"
    ):
        callee()


def chosen(x, n):
    for act in [square, np.sin, Layer.static][:n]:
        x = np.tanh(act(x))
    return np.sum(x)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_functions_in_a_list_agree_with_differences(n):
    gradcheck(lambda x: chosen(x, n), ROW)

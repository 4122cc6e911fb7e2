"""`grad` and `value_and_grad` as a user meets them."""

# ruff: noqa: PYI024  programs for the compiler are written in every way
from __future__ import annotations

import functools
import inspect
import os
import subprocess
import sys
import threading
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.testing import gradcheck

ROOT = Path(__file__).parent.parent
RNG = np.random.default_rng(0)
W = RNG.normal(size=3)
X = RNG.normal(size=3)
scale = 2.0
Pair = namedtuple("Pair", "w b")


def loss(w, x):
    """The sum of squares."""
    return np.sum((w * x) ** 2)


def power(x, n=3, *, factor=0.5):
    return factor * x**n


@knetc.grad
def decorated(w, x):
    return np.sum(np.sin(w * x))


@knetc.grad(wrt="x")
def decorated_by(w, x):
    return np.sum(np.sin(w * x))


class Layer:
    def __init__(self, w):
        self.w = w
        self.size = 3
        self.name = "layer"

    def __call__(self, x):
        return np.sum(self.w * x * x)

    def cubed(self, x):
        return np.sum(self.w * x**3)

    @knetc.grad(wrt="x")
    def slope(self, x):
        return np.sum(self.w * x * x)


@dataclass
class Weights:
    w: np.ndarray
    steps: int = 7


class Slotted:
    __slots__ = ("b", "w")

    def __init__(self, w, b):
        self.w = w
        self.b = b


def of_object(m, x):
    return np.sum(m.w * x * x)


def scaled(x):
    return scale * x * x


def doubled(x):
    return 2.0 * x


def composed(x):
    return doubled(x) * x


# ---- the forms


def test_grad_of_a_function_is_the_gradient_by_its_first_parameter():
    np.testing.assert_allclose(knetc.grad(loss)(W, X), 2 * W * X**2, rtol=1e-12)


def test_grad_agrees_with_differences():
    gradcheck(loss, W, X)


def test_value_and_grad_returns_both():
    value, gradient = knetc.value_and_grad(loss)(W, X)
    assert value == loss(W, X)
    np.testing.assert_array_equal(gradient, knetc.grad(loss)(W, X))


def test_a_decorator_without_arguments():
    np.testing.assert_allclose(decorated(W, X), np.cos(W * X) * X, rtol=1e-12)


def test_a_decorator_with_arguments():
    np.testing.assert_allclose(decorated_by(W, X), np.cos(W * X) * W, rtol=1e-12)


def test_value_and_grad_decorates_with_arguments():
    @knetc.value_and_grad(wrt=1)
    def f(a, b):
        return a * b * b

    assert f(3.0, 2.0) == (12.0, 12.0)


def test_a_lambda_has_a_gradient():
    assert knetc.grad(lambda x: x * x)(3.0) == 6.0


# ---- wrt


@pytest.mark.parametrize("wrt", [1, "x", -1])
def test_wrt_names_a_parameter_by_position_name_or_from_the_end(wrt):
    np.testing.assert_allclose(knetc.grad(loss, wrt)(W, X), 2 * W**2 * X, rtol=1e-12)


def test_a_tuple_of_wrt_gives_a_tuple_in_its_order():
    by_x, by_w = knetc.grad(loss, ("x", 0))(W, X)
    np.testing.assert_array_equal(by_x, knetc.grad(loss, "x")(W, X))
    np.testing.assert_array_equal(by_w, knetc.grad(loss, "w")(W, X))


def test_a_tuple_of_one_gives_a_tuple_of_one():
    assert knetc.grad(lambda x: x * x, (0,))(3.0) == (6.0,)


def test_a_parameter_may_be_named_twice():
    assert knetc.grad(lambda x, y: x * y, (1, 0, 1))(2.0, 5.0) == (2.0, 5.0, 2.0)


@pytest.mark.parametrize("wrt", [2, -3, "z", 1.0, True])
def test_wrt_that_names_no_parameter_is_refused(wrt):
    with pytest.raises(ArgumentError, match=r"KN303 `wrt` is .*, but the parameters of `loss` are `w`, `x`"):
        knetc.grad(loss, wrt)


# ---- callables


def test_a_bound_method_is_differentiated_by_its_own_first_parameter():
    np.testing.assert_allclose(knetc.grad(Layer(W).cubed)(X), 3 * W * X**2, rtol=1e-12)


def test_a_callable_object_is_differentiated_by_the_parameters_of_its_call():
    np.testing.assert_allclose(knetc.grad(Layer(W))(X), 2 * W * X, rtol=1e-12)


def test_a_decorated_method_is_bound():
    np.testing.assert_allclose(Layer(W).slope(X), 2 * W * X, rtol=1e-12)


def test_a_function_of_a_class_is_differentiated_by_self():
    gradient = knetc.grad(Layer.cubed)(Layer(W), X)
    assert isinstance(gradient, Layer)
    np.testing.assert_allclose(gradient.w, X**3, rtol=1e-12)


def test_a_layer_of_knetc_is_a_callable_object_as_well():
    layer = knetc.nn.Linear(3, 1)
    x, y = np.ones((2, 3), np.float32), np.zeros(2, int)

    np.testing.assert_allclose(
        knetc.grad(knetc.nn.Chain(layer, loss=lambda s, y: np.sum(s)))(x, y), [layer.w[0]] * 2
    )


@pytest.mark.parametrize("callee", [np.tanh, len, functools.partial(loss, x=W)])
def test_what_is_no_python_function_is_refused(callee):
    with pytest.raises(ArgumentError, match=r"KN304 .* is not a Python function"):
        knetc.grad(callee)


# ---- arguments


def test_keyword_arguments_and_defaults():
    assert knetc.grad(power)(2.0) == 6.0
    assert knetc.grad(power)(2.0, n=2) == 2.0
    assert knetc.grad(power)(x=2.0, n=2, factor=1.0) == 4.0


def test_a_gradient_by_an_argument_given_by_keyword():
    assert knetc.grad(power, "factor")(2.0, factor=9.0) == 8.0


def test_a_gradient_by_a_default_value():
    assert knetc.grad(power, "factor")(2.0) == 8.0


def test_too_many_arguments_are_the_type_error_of_the_function():
    with pytest.raises(TypeError, match="too many positional arguments"):
        knetc.grad(loss)(W, X, X)


@pytest.mark.parametrize("value", [3, np.arange(3), True, "text", None, [1, 2]])
def test_an_argument_without_floats_is_refused(value):
    with pytest.raises(DtypeError, match="KN302 cannot differentiate with respect to `x`"):
        knetc.grad(lambda x: x)(value)


def test_a_result_that_is_not_a_scalar_is_refused():
    with pytest.raises(ShapeError, match=r"KN301 `grad` needs a scalar, but .* is an array of shape \(3,\)"):
        knetc.grad(lambda w: w * 2.0)(W)


# ---- looks like the function


def test_the_gradient_wraps_the_function():
    gradient = knetc.grad(loss)
    assert gradient.__wrapped__ is loss
    assert gradient.__name__ == "loss"
    assert gradient.__doc__ == "The sum of squares."


def test_the_gradient_has_the_signature_of_the_function():
    assert inspect.signature(knetc.grad(power)) == inspect.signature(power)


def test_the_gradient_says_what_it_is():
    assert repr(knetc.grad(loss, (0, 1))) == "<gradient of loss with respect to w, x>"


# ---- source, forward, backward


def test_source_before_a_call_is_made_from_the_annotations():
    def f(x, n):
        return x * n

    assert "unbroadcast" in knetc.grad(f).source
    f.__annotations__ = {"x": float, "n": int}
    assert "unbroadcast" not in knetc.grad(f).source


def test_source_after_a_call_is_that_of_the_variant_that_ran():
    gradient = knetc.grad(lambda x, y: np.sum(x * y))
    gradient(np.ones(2), np.ones((2, 2)))
    assert "unbroadcast" in gradient.source
    gradient(np.ones(2), np.ones(2))
    assert "unbroadcast" not in gradient.source


def test_source_is_a_module_that_runs_by_itself():
    namespace = {}
    gradient = knetc.grad(loss)
    gradient(W, X)
    exec(gradient.source, namespace)
    np.testing.assert_array_equal(namespace["loss_grad"](W, X), gradient(W, X))


def test_forward_and_backward_are_the_two_sweeps():
    gradient = knetc.grad(loss)
    value, residuals = gradient.forward(W, X)
    assert value == loss(W, X)
    np.testing.assert_allclose(gradient.backward(residuals, 2.0), 2 * gradient(W, X), rtol=1e-12)


def test_the_sweeps_take_a_cotangent_of_an_array():
    gradient = knetc.grad(lambda w, x: w * x)
    value, residuals = gradient.forward(W, X)
    np.testing.assert_array_equal(value, W * X)
    np.testing.assert_allclose(gradient.backward(residuals, X), X * X, rtol=1e-12)


# ---- gradients mirror their argument


def test_the_gradient_of_a_dict_has_its_keys():
    gradient = knetc.grad(lambda p: np.sum(p["w"] * p["w"]) * p["b"])({"w": W, "b": 2.0, "n": 3})
    assert list(gradient) == ["w", "b", "n"]
    np.testing.assert_allclose(gradient["w"], 4 * W, rtol=1e-12)
    assert gradient["n"] is None


def test_the_gradient_of_a_list_is_a_list():
    assert knetc.grad(lambda p: p[0] * p[1])([2.0, 3.0]) == [3.0, 2.0]


def test_the_gradient_of_a_tuple_is_a_tuple():
    assert knetc.grad(lambda p: p[0] * p[1])((2.0, 3.0)) == (3.0, 2.0)


def test_the_gradient_of_a_namedtuple_is_one():
    gradient = knetc.grad(lambda p: p.w * p.b)(Pair(2.0, 3.0))
    assert gradient == Pair(3.0, 2.0)
    assert type(gradient) is Pair


@pytest.mark.parametrize(
    "make", [Layer, Weights, lambda w: Slotted(w, 1.0)], ids=["plain", "dataclass", "slots"]
)
def test_the_gradient_of_an_object_is_of_its_class(make):
    model = make(W)
    gradient = knetc.grad(of_object)(model, X)
    assert type(gradient) is type(model)
    np.testing.assert_allclose(gradient.w, X * X, rtol=1e-12)


def test_the_gradient_of_an_object_holds_nothing_but_gradients():
    assert vars(knetc.grad(of_object)(Layer(W), X)).keys() == {"w"}


def test_what_nothing_flows_into_has_a_zero_gradient():
    gradient = knetc.grad(lambda p: p["a"] * 2.0)({"a": 1.0, "b": 3.0, "c": np.ones(2)})
    assert gradient["b"] == 0.0
    assert gradient["c"].tolist() == [0.0, 0.0]


def test_a_parameter_that_is_not_used_has_a_zero_gradient():
    assert knetc.grad(lambda x, y: x * x, "y")(2.0, np.ones(2)).tolist() == [0.0, 0.0]


def test_what_is_frozen_has_no_gradient():
    gradient = knetc.grad(lambda p: np.sum(p["a"] * p["b"]))({"a": W, "b": knetc.frozen(X)})
    assert gradient["b"] is None
    np.testing.assert_allclose(gradient["a"], X, rtol=1e-12)


# ---- dtypes


def test_float32_stays_float32():
    gradient = knetc.grad(loss)(W.astype(np.float32), X.astype(np.float32))
    assert gradient.dtype == np.float32


def test_float32_stays_float32_where_the_other_argument_is_wider():
    assert knetc.grad(loss)(W.astype(np.float32), X).dtype == np.float32


def test_the_gradient_of_a_python_float_is_one():
    assert type(knetc.grad(lambda x: np.tanh(x) * x)(0.5)) is float


def test_the_gradient_of_a_0d_array_is_one():
    gradient = knetc.grad(lambda x: np.tanh(x) * x)(np.array(0.5))
    assert isinstance(gradient, np.ndarray)
    assert gradient.shape == ()


# ---- the world changes


def test_a_rebound_global_number_is_seen(monkeypatch):
    gradient = knetc.grad(scaled)
    assert gradient(1.0) == 4.0
    monkeypatch.setitem(globals(), "scale", 5.0)
    assert gradient(1.0) == 10.0


def test_a_global_that_becomes_an_array_is_compiled_anew(monkeypatch):
    gradient = knetc.grad(lambda x: np.sum(scale * x * x))
    assert gradient(1.0) == 4.0
    monkeypatch.setitem(globals(), "scale", np.ones(3))
    assert gradient(1.0) == 6.0


def test_a_rebound_global_function_is_seen(monkeypatch):
    gradient = knetc.grad(composed)
    assert gradient(3.0) == 12.0
    monkeypatch.setitem(globals(), "doubled", lambda x: 5.0 * x)
    assert gradient(3.0) == 30.0


def test_a_captured_variable_is_read_at_the_call():
    factor = 2.0
    gradient = knetc.grad(lambda x: factor * x * x)
    assert gradient(1.0) == 4.0
    factor = 3.0
    assert gradient(1.0) == 6.0


def test_arguments_are_not_changed():
    w, x = W.copy(), X.copy()
    knetc.grad(loss, (0, 1))(w, x)
    np.testing.assert_array_equal(w, W)
    np.testing.assert_array_equal(x, X)


# ---- processes and threads

PROGRAM = """
import numpy as np, knetc
from tests.test_api import Layer, Pair, composed, loss, of_object
def model(m, p, x):
    h = np.tanh(m.w * x)
    for w in (p.w, p.b):
        h = h * w if w > 0 else h - w
    return np.sum(h) * composed(p.b)
gradient = knetc.grad(model, (0, 1))
gradient(Layer(np.ones(3)), Pair(2.0, -3.0), np.ones(3))
print(gradient.source)
"""


def printed(seed, path):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, path], env=environment, capture_output=True, check=True).stdout


def test_the_generated_text_does_not_depend_on_hashes(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    texts = {printed(seed, path) for seed in ("0", "1", "77")}
    assert len(texts) == 1
    assert b"def model_grad" in texts.pop()


def test_threads_may_compile_at_once():
    gradient = knetc.grad(loss)
    found = []
    threads = [threading.Thread(target=lambda: found.append(gradient(W, X))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.array_equal(g, found[0]) for g in found)


FORKING = """
import os, numpy as np, knetc
from tests.test_api import loss
gradient = knetc.grad(loss)
gradient(np.ones(3), np.ones(3))
child = os.fork()
if child == 0:
    os._exit(0 if gradient(np.ones((2, 3)), np.ones(3)).shape == (2, 3) else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_compiles_on(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(FORKING)
    printed("0", path)


def shared(params, x):
    return np.sum(params["a"] * x) + np.sum(params["b"] * x)


def test_parts_of_a_gradient_share_memory_with_nothing() -> None:
    x = np.array([0.5, -1.5])
    gradient = knetc.grad(shared)({"a": np.ones(2), "b": np.ones(2)}, x)

    gradient["a"] *= 10.0

    assert gradient["b"].tolist() == [0.5, -1.5]
    assert x.tolist() == [0.5, -1.5]


def parts(x):
    return {"square": x * x, "cube": x**3}


def only_one_part(x):
    return parts(x)["square"]


def test_an_unused_key_of_a_returned_dict_is_zero() -> None:
    assert knetc.grad(only_one_part)(1.5) == 3.0


def test_lambdas_made_in_a_comprehension_are_differentiated() -> None:
    functions = [lambda x: x * x for _ in range(1)]

    assert knetc.grad(functions[0])(1.5) == 3.0


def test_a_bug_of_the_compiler_is_told_and_the_function_recorded(monkeypatch):
    def broken(*args, **options):
        raise KeyError("x")

    monkeypatch.delenv("KNETC_STRICT")
    monkeypatch.setattr("knetc.session.Session.gradient", broken)

    with pytest.warns(RuntimeWarning, match=r"could not compile `power` \(KeyError\('x'\)\): a bug"):
        assert knetc.grad(power)(3.0) == 13.5


def cubed(x, n=3, *, k=2.0):
    return k * x**n


class Cubic:
    def __init__(self, w):
        self.w = w

    def value(self, x):
        return self.w * x**3


def test_the_gradient_of_a_gradient_is_the_second_derivative():
    second = knetc.grad(knetc.grad(cubed))
    assert second(2.0) == 24.0
    assert second(2.0, 2, k=1.5) == 3.0
    assert knetc.grad(second)(2.0) == 12.0


def test_gradients_of_gradients_take_methods_lambdas_and_names():
    assert knetc.grad(knetc.grad(lambda x: x**3))(2.0) == 12.0
    assert knetc.grad(knetc.grad(Cubic(2.0).value, wrt="x"), wrt="x")(2.0) == 24.0
    assert knetc.grad(knetc.grad(cubed), wrt="k")(2.0) == 12.0


def test_a_gradient_of_an_array_is_no_scalar():
    with pytest.raises(ShapeError, match="KN301"):
        knetc.grad(knetc.grad(lambda x: np.sum(x**3)))(np.ones(3))

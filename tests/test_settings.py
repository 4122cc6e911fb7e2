from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, GradientError, Refusal
from knetc.settings import options


def inserts(x):
    found = []
    found.insert(0, x * x)
    return found[0]


def text(x):
    return x * float(str(x))


def test_what_is_not_to_be_recorded_is_refused():
    with knetc.config(record=False), pytest.raises(Refusal, match=r"\.insert"):
        knetc.grad(inserts)(3.0)


def test_a_setting_ends_with_its_block():
    with knetc.config(check=True):
        assert options().check
    assert not options().check


def test_a_setting_without_a_block_stays():
    setting = knetc.config(check=True)
    assert options().check
    setting.__exit__()
    assert not options().check


def test_an_unknown_setting_is_refused():
    with pytest.raises(ArgumentError, match="`check`, `record`"):
        knetc.config(fast=True)


def test_a_setting_is_a_bool():
    with pytest.raises(ArgumentError, match="`check` is 'yes'"):
        knetc.config(check="yes")


def test_the_first_call_of_a_wrong_gradient_is_caught():
    with knetc.config(check=True), pytest.raises(GradientError, match="the gradient of `text` is wrong"):
        knetc.grad(text)(2.0)


@pytest.mark.parametrize("x", [2.0, np.float32(2.0)])
def test_a_right_gradient_passes(x):
    with knetc.config(check=True):
        assert knetc.grad(inserts)(x) == 4.0


def test_every_argument_and_every_part_of_it_is_checked():
    def loss(model, x):
        return np.sum(model["w"] * x) * model["b"][0] ** 2

    with knetc.config(check=True):
        model = {"w": np.array([0.5, 1.5, 2.0]), "b": (2.0, 1)}
        gradient, _ = knetc.grad(loss, wrt=("model", "x"))(model, np.arange(3.0))

    assert gradient["b"][0] == 22.0


def test_a_function_that_draws_random_numbers_is_not_judged():
    def noisy(x):
        return x * np.random.rand()  # noqa: NPY002  of the global generator, as users draw it

    with knetc.config(check=True):
        knetc.grad(noisy)(2.0)


def test_only_the_first_call_of_a_kind_is_checked():
    calls = []

    def counted(x):
        calls.append(1)
        return x * x

    gradient = knetc.grad(counted)
    with knetc.config(check=True):
        gradient(2.0)
        first = len(calls)
        gradient(3.0)

    assert len(calls) == first + 1


def test_what_has_been_recorded_before_is_refused_as_well():
    gradient = knetc.grad(inserts)
    assert gradient(3.0) == 6.0

    with knetc.config(record=False), pytest.raises(Refusal, match=r"\.insert"):
        gradient(3.0)
    assert gradient(3.0) == 6.0


def test_a_gradient_may_evaluate_what_would_train():
    moments = knetc.BatchNormMoments(mean=np.zeros(2), var=np.full(2, 4.0))
    params = np.array([2.0, 3.0, 0.5, -1.5])

    def f(x):
        return np.sum(knetc.dropout(knetc.batchnorm(x, moments, params, eps=1e-12), 0.5) ** 2)

    def g(x):
        yield f(x)

    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    slopes = np.array([1.0, 1.5])  # scale over deviation
    expected = 2 * (x * slopes + np.array([0.5, -1.5])) * slopes
    with knetc.config(training=False):
        assert np.allclose(knetc.grad(f)(x), expected)
        assert np.allclose(knetc.grad(lambda x: sum(g(x)))(x), expected)
        assert not knetc.is_training()
    assert moments.mean.tolist() == [0.0, 0.0]
    assert not np.allclose(knetc.grad(f)(x), expected)

from __future__ import annotations

import threading

import numpy as np
import pytest

import knetc
from knetc import dropout
from knetc.runtime.training import Training, is_training

ONES = np.ones(1000)


def seen(x, log):
    log.append(is_training())
    return np.sum(x * x)


def test_a_gradient_trains_and_a_plain_call_does_not():
    log = []
    seen(ONES, log)
    knetc.grad(seen)(ONES, log)
    assert log == [False, True]
    assert not is_training()


def test_the_sweeps_of_a_gradient_train():
    log = []
    knetc.grad(seen).forward(ONES, log)
    assert log == [True]


def test_a_gradient_within_a_gradient_ends_by_itself():
    with Training():
        with Training():
            pass
        assert is_training()
    assert not is_training()


def test_an_error_ends_it():
    def fails(x):
        raise KeyError

    with pytest.raises(KeyError):
        knetc.grad(lambda x: np.sum(x) * fails(1))(ONES)
    assert not is_training()


def test_another_thread_is_not_in_it():
    log = []
    with Training():
        thread = threading.Thread(target=lambda: log.append(is_training()))
        thread.start()
        thread.join()
    assert log == [False]


def test_what_no_derivative_flows_through_trains_as_well():
    def of_data(w, x):
        return np.sum(w * dropout(x, 0.5))

    def recorded(w, x):
        total = 0.0
        for part in map(lambda w: w * dropout(x, 0.5), [w]):  # noqa: C417 - a call that is recorded
            total += np.sum(part)
        return total

    for f in (of_data, recorded):
        assert set(knetc.grad(f)(ONES, ONES)) == {0.0, 2.0}
        assert f(ONES, ONES) == 1000


def test_a_self_check_compares_with_the_function_in_training():
    moments = knetc.BatchNormMoments()
    x = np.random.default_rng(0).normal(3.0, 2.0, (6, 4))

    def loss(w, x):
        return np.sum(np.sin(knetc.batchnorm(x * w, moments)))

    with knetc.config(check=True):
        knetc.grad(loss)(np.array([1.0, 2.0, -1.0, 0.5]), x)
    assert knetc.gradcheck(loss, np.array([1.0, 2.0, -1.0, 0.5]), x)

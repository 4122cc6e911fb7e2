"""Small functions with control flow have the gradients that autograd and JAX compute."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import knetc
from knetc.runtime.tree import parts
from tests.peers.programs import PROGRAMS


def speaking(numpy):
    """The programs, with another package's numpy for `np`."""
    path = Path(__file__).with_name("programs.py")
    spec = importlib.util.spec_from_file_location(f"programs_of_{numpy.__name__}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.np = numpy
    return module.PROGRAMS


def assert_same(a, b):
    """Equal, number by number; the containers of the other package may be of other types."""
    if not isinstance(a, dict | list | tuple):
        np.testing.assert_allclose(a, np.asarray(b), rtol=1e-9, atol=1e-12)
        return
    assert len(a) == len(b)
    for _, key, value in parts(a):
        assert_same(value, b[key])


@pytest.mark.peers("autograd")
@pytest.mark.parametrize("name", PROGRAMS)
def test_autograd_has_the_same_gradient(autograd, name):
    ours, *args = PROGRAMS[name]
    theirs, *_ = speaking(importlib.import_module("autograd.numpy"))[name]

    assert_same(knetc.grad(ours)(*args), autograd.grad(theirs)(*args))


@pytest.mark.peers("jax")
@pytest.mark.parametrize("name", PROGRAMS)
def test_jax_has_the_same_value_and_gradient(jax, name):
    ours, *args = PROGRAMS[name]
    theirs, *_ = speaking(jax.numpy)[name]
    value, gradient = knetc.value_and_grad(ours)(*args)
    expected, expected_gradient = jax.value_and_grad(theirs)(*args)

    np.testing.assert_allclose(value, expected, rtol=1e-10)
    assert_same(gradient, expected_gradient)

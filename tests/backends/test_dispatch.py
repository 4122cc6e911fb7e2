from __future__ import annotations

import sys
import types

import numpy as np

from knetc.backends import array_module, is_device_array
from tests.backends.strict import module


def test_arrays_of_numpy_and_numbers_are_numpy_s():
    for x in (np.ones(2), np.float32(1), 2.5, 3, np.ma.masked_array([1.0])):
        assert array_module(x) is np


def test_a_registered_type_has_its_module():
    assert array_module(module.ones(3)) is module


def test_an_array_of_cupy_finds_cupy_which_must_be_loaded_then(monkeypatch):
    cupy = types.ModuleType("cupy")
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    kind = type("ndarray", (), {"__module__": "cupy._core.core"})
    assert array_module(kind()) is cupy


def test_only_arrays_of_a_device_are_device_arrays(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", types.ModuleType("cupy"))
    array, ufunc = (type(name, (), {"__module__": "cupy._core.core"})() for name in ("ndarray", "ufunc"))
    assert is_device_array(array)
    assert is_device_array(module.ones(2))
    assert not is_device_array(ufunc)
    assert not is_device_array(np.ones(2))

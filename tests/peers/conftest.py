"""The other packages, loaded only by the tests that compare with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.fixture
def torch() -> Any:
    import torch

    return torch


@pytest.fixture
def autograd() -> Any:
    import autograd

    return autograd


@pytest.fixture
def jax(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)

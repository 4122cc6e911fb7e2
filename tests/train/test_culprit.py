from __future__ import annotations

import numpy as np
import pytest

from knetc.train.culprit import bad, index_of_bad


@pytest.mark.parametrize(
    "value", [np.nan, -np.inf, np.float32(np.inf), np.array(np.nan), 1j * np.inf, np.array([0, 1j * np.nan])]
)
def test_nan_and_infinity_are_bad(value):
    assert bad(value)


@pytest.mark.parametrize(
    "value", [0.0, 3, True, None, "nan", np.zeros(0), np.arange(3), np.array(["nan"]), np.array([None])]
)
def test_everything_else_is_not(value):
    assert not bad(value)


def test_the_first_nan_is_found_or_else_the_first_infinity():
    assert index_of_bad(np.array([0.0, np.inf, np.nan, np.nan])) == (2,)
    assert index_of_bad(np.array([0.0, -np.inf, np.inf])) == (1,)
    assert index_of_bad(np.array([[0.0, 1.0], [np.nan, np.inf]])) == (1, 0)
    assert index_of_bad(np.array(np.inf)) == ()

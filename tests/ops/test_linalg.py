from __future__ import annotations

import numpy as np

from tests.ops.checker import case

A = np.diag([2.0, 4.0])


def test_the_sign_of_a_determinant_is_constant():
    pullback = case(np.linalg.slogdet, A).op.pullbacks["a"]
    assert not pullback([1.0, None], None, A).any()
    np.testing.assert_allclose(pullback([None, 1.0], None, A), np.diag([0.5, 0.25]), rtol=1e-12)

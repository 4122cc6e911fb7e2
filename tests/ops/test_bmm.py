from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ShapeError
from knetc.ops import bmm

rng = np.random.default_rng(0)


@pytest.mark.parametrize("batch", [(), (5,), (2, 3)])
@pytest.mark.parametrize("transA", [False, True])
@pytest.mark.parametrize("transB", [False, True])
def test_each_matrix_meets_its_partner(batch, transA, transB):
    a, b = rng.normal(size=(*batch, 2, 4)), rng.normal(size=(*batch, 4, 3))
    left, right = (m.swapaxes(-1, -2) if t else m for m, t in ((a, transA), (b, transB)))
    y = bmm(left, right, transA=transA, transB=transB)
    for i in np.ndindex(*batch):
        np.testing.assert_allclose(y[i], a[i] @ b[i], rtol=1e-12)


def test_float32_stays_float32():
    assert bmm(np.ones((2, 3, 4), np.float32), np.ones((2, 4, 1), np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("a", "b", "options"),
    [
        ((5, 2, 3), (5, 2, 3), {}),
        ((5, 2, 3), (1, 3, 2), {}),
        ((5, 2, 3), (3, 2), {}),
        ((5, 2, 3), (5, 3, 2), {"transA": True}),
        ((5, 2, 3), (5, 3, 2), {"transB": True}),
    ],
)
def test_matrices_that_do_not_fit_are_refused(a, b, options):
    with pytest.raises(
        ShapeError, match=r"KN218 bmm: `a` has shape .* and `b` .*; expected \(\.\.\., M, K\)"
    ):
        bmm(np.ones(a), np.ones(b), **options)


@pytest.mark.parametrize("x", [np.ones(3), 2.5])
def test_vectors_are_no_matrices(x):
    with pytest.raises(ShapeError, match=r"KN218 bmm: an argument has shape .*; expected at least two axes"):
        bmm(x, np.ones((3, 3)))

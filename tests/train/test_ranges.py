from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.ranges import check_count, check_fraction, check_non_negative, check_positive


@pytest.mark.parametrize(
    ("check", "fine", "wrong"),
    [
        (
            check_non_negative,
            [0, 0.5, np.float32(2), np.int64(3)],
            [-1, -1e-9, math.nan, math.inf, None, "1", True, 1j],
        ),
        (check_positive, [1e-30, 2], [0, -1, math.nan, None, np.ones(2)]),
        (check_fraction, [0, 0.999, np.float32(0.5)], [1, 1.0, -0.1, math.nan, "0.5", False]),
        (
            lambda code, **values: check_count(code, "steps", **values),
            [1, np.int32(7)],
            [0, -1, 1.0, None, True],
        ),
    ],
)
def test_numbers_out_of_range_and_what_are_no_numbers_are_refused(check, fine, wrong):
    for value in fine:
        check("KN407", option=value)
    for value in wrong:
        with pytest.raises(ArgumentError, match="KN407 `option` is ") as caught:
            check("KN407", option=value)
        assert caught.value.help.startswith("option=")

"""Every function of the corpus, recorded: the gradient is that of central differences, and nothing else changes."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from knetc.recording.entry import Recording
from tests.corpus.checker import assert_gradient
from tests.corpus.functions import table
from tests.corpus.test_corpus import parameters, same, wanted

TABLE = table()
each = pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)


def recording(case):
    function = getattr(case.function, "__func__", case.function)
    return Recording(function, inspect.signature(function, follow_wrapped=False), wanted(case))


@each
def test_recorded_gradients_agree_with_central_differences(case):
    args = case.arguments()
    owner = [case.function.__self__] if hasattr(case.function, "__self__") else []
    value, gradients = recording(case).gradient(*owner, *args, **case.options)

    assert np.array_equal(value, case.function(*case.arguments(), **case.options))
    assert same(args, case.args)
    for name, gradient in zip(wanted(case), gradients, strict=True):
        assert_gradient(case.function, case.args, case.options, parameters(case).index(name), gradient)

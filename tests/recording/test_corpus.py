"""Every function of the corpus, recorded: the gradient is that of central differences, and nothing else changes."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from knetc.recording.entry import Recording
from tests.corpus.checker import assert_gradient
from tests.corpus.effects import alike, plain, run
from tests.corpus.functions import table
from tests.corpus.test_corpus import wanted

TABLE = table()
each = pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)


def recording(case):
    function = getattr(case.function, "__func__", case.function)
    return Recording(function, inspect.signature(function), wanted(case))


@each
def test_recorded_gradients_agree_with_central_differences(case):
    owner = [case.function.__self__] if hasattr(case.function, "__self__") else []
    recorded = run(case, lambda *args, **options: recording(case).gradient(*owner, *args, **options))
    expected = run(case, case.function)
    value, gradients = recorded.result

    assert np.array_equal(value, expected.result)
    assert alike(recorded.behind, expected.behind)
    for name, gradient in zip(wanted(case), gradients, strict=True):
        assert_gradient(plain(case), case.call(), name, gradient)

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest

import knetc
from knetc.nn import Chain, Dropout, Linear, Residual, summary

X = np.zeros((7, 4), np.float32)


def table(model, *inputs):
    found = summary(model, *inputs)
    return [(row.path, row.layer, row.shape, row.parameters) for row in found.rows], found.total


def test_a_row_has_path_sizes_shape_and_parameters():
    rows, total = table(Chain(Linear(4, 8), knetc.relu, Residual(Dropout(0.5), Linear(8, 8))), X)

    assert rows == [
        ("", "Chain", "(7, 8)", 112),
        ("layers[0]", "Linear(4 -> 8)", "(7, 8)", 40),
        ("layers[1]", "relu", "(7, 8)", 0),
        ("layers[2]", "Residual", "(7, 8)", 72),
        ("layers[2].layers[0]", "Dropout(0.5)", "(7, 8)", 0),
        ("layers[2].layers[1]", "Linear(8 -> 8)", "(7, 8)", 72),
    ]
    assert total == 112


def test_a_function_in_two_places_has_two_rows():
    rows, _ = table(Chain(Linear(4, 8), knetc.relu, Linear(8, 2), knetc.relu), X)
    assert rows[2] == ("layers[1]", "relu", "(7, 8)", 0)
    assert rows[4] == ("layers[3]", "relu", "(7, 2)", 0)


class Pair(NamedTuple):
    a: Any
    b: Any


class Slotted:
    __slots__ = ("inner", "w")

    def __init__(self, inner):
        self.inner, self.w = inner, np.ones(3)

    def __call__(self, x):
        return self.inner(x), [self.w]


def test_layers_of_all_kinds_are_watched():
    class Own:
        def __init__(self):
            self.parts = {"slotted": Slotted(Linear(4, 2)), "pair": Pair(partial(np.sum, axis=1), abs)}
            self.calls = 0

        def __call__(self, x):
            assert isinstance(self.parts["slotted"], Slotted)
            self.calls += 1
            y, _ = self.parts["slotted"](x)
            return self.parts["pair"].b(self.parts["pair"].a(y))

    own = Own()
    rows, _ = table(own, X)

    assert [(row[0], row[2]) for row in rows] == [
        ("", "(7,)"),
        ("parts['slotted']", "(7, 2), (3,)"),
        ("parts['slotted'].inner", "(7, 2)"),
        ("parts['pair'][0]", "(7,)"),
        ("parts['pair'][1]", "(7,)"),
    ]
    assert own.calls == 0  # the model itself did not run


def test_a_shared_layer_has_one_row_and_counts_once():
    layer = Linear(4, 4)
    rows, total = table(Chain(layer, layer), X)

    assert [row[0] for row in rows] == ["", "layers[0]"]
    assert total == 20


def test_a_summary_is_a_table():
    lines = repr(summary(Chain(Linear(4, 300)), X)).splitlines()

    assert len({len(line) for line in lines}) == 1
    assert lines[0].split() == ["path", "layer", "output", "parameters"]
    assert lines[-1].split() == ["total", "1,500"]


def test_an_input_that_does_not_fit_is_told_as_without_summary():
    with pytest.raises(ValueError, match="5"):
        summary(Chain(Linear(5, 2)), X)

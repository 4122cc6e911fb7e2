"""Once kinds are known, methods and properties of arrays are the ops they are."""

# ruff: noqa: PYI024  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.analysis.infer import Inference, infer
from knetc.canon.methods import resolve_methods
from knetc.ir.names import Namer
from knetc.ir.show import show
from knetc.ops import relu
from tests.stages import NOWHERE, anf, kinds_of

ROW, ROWS = np.ones(3), np.ones((2, 3))


class Model:
    def __init__(self):
        self.act = relu
        self.w = ROW


def method(x):
    return x.sum(axis=0)


def prop(x):
    return x.T


def attribute(m, x):
    return m.act(x)


def item(p):
    return p.w


def plus(x, y):
    return x + y


def times(x, y):
    return x * y


def shape(x):
    return x.shape


def resolved(function, *args):
    f, _ = anf(function)
    facts = Inference(infer(f, kinds_of(function, args), NOWHERE), NOWHERE)
    return show(resolve_methods(f, facts, Namer())[0]).splitlines()[1].partition(" = ")[2]


@pytest.mark.parametrize(
    ("function", "args", "line"),
    [
        (method, (ROWS,), "np.sum(x, axis=0)"),
        (method, (object(),), "dynamic x.sum(axis=0)"),
        (method, ([1.0],), "dynamic x.sum(axis=0)"),
        (prop, (ROWS,), "np.transpose(x)"),
        (prop, (object(),), "x.T"),
        (shape, (ROWS,), "x.shape"),
        (attribute, (Model(), ROW), "relu(x)"),
        (attribute, (object(), ROW), "dynamic m.act(x)"),
        (plus, (ROW, 1.0), "np.add(x, y)"),
        (plus, (object(), ROW), "np.add(x, y)"),
        (plus, (object(), object()), "add_items(x, y)"),
        (plus, ([1.0], object()), "add_items(x, y)"),
        (plus, ([1.0], ROW), "np.add(x, y)"),
        (plus, ((1.0,), (2.0,)), "concatenate_items(x, y)"),
        (times, ([1.0], 3), "repeat_items(x, y)"),
        (times, (3, [1.0]), "repeated_items(x, y)"),
        (times, (object(), object()), "np.multiply(x, y)"),
    ],
)
def test_an_expression_becomes(function, args, line):
    assert resolved(function, *args) == line


def test_the_field_of_a_namedtuple_is_an_item():
    from collections import namedtuple

    pair = namedtuple("Pair", "b w")(1.0, ROW)
    assert resolved(item, pair) == "p[1]"

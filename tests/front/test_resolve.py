"""What a dotted name stands for, if that is certain when compiling."""

from __future__ import annotations

import math

import gast
import numpy as np
import pytest

from knetc.front.resolve import UNKNOWN, dotted, free_value, resolve

table = {"tanh": np.tanh}
number = 2.5


class Ops:
    @staticmethod
    def double(x):
        return 2 * x

    @property
    def value(self):
        return 1.0


ops = Ops()


def closing_over(act):
    def inner(x):
        return act(x)

    return inner


def reads_later_cell():
    def inner():
        return later

    found = free_value(inner, "later")
    later = 1
    return found, free_value(inner, "later")


def parsed(text):
    return gast.parse(text, mode="eval").body


def found(text, function=parsed, local=frozenset()):
    return resolve(function, local, parsed(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("np", np), ("np.tanh", np.tanh), ("np.linalg.norm", np.linalg.norm), ("math.exp", math.exp), ("number", 2.5),
        ("len", len), ("Ops", Ops), ("Ops.double", Ops.__dict__["double"]), ("Ops.value", Ops.__dict__["value"]),
    ],
)  # fmt: skip
def test_names_go_through_modules_and_classes(text, value):
    assert found(text) is value


@pytest.mark.parametrize(
    "text", ["nothing", "np.nothing", "Ops.nothing", "ops.double", "table['tanh']", "len(np)"]
)
def test_what_may_differ_from_call_to_call_is_unknown(text):
    assert found(text) is UNKNOWN


def test_a_local_name_hides_the_global_one():
    assert found("np.tanh", local=frozenset(("np",))) is UNKNOWN


def test_a_captured_name_is_what_its_cell_holds():
    assert found("act", closing_over(np.sin)) is np.sin


def test_a_cell_that_is_not_filled_yet_is_unknown():
    assert reads_later_cell() == (UNKNOWN, 1)


def test_a_global_name_hides_a_builtin(monkeypatch):
    monkeypatch.setitem(globals(), "len", max)
    assert found("len") is max


def test_dotted_is_the_text_of_a_name():
    assert dotted(parsed("np.linalg.norm")) == "np.linalg.norm"
    assert dotted(parsed("f(x).norm")) == ".norm"

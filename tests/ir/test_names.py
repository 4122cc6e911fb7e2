"""Generated names: readable, deterministic, never taken."""

# ruff: noqa: C416, F821  programs for the compiler are written in every way
from __future__ import annotations

import pytest

from knetc.front.lower import lower
from knetc.ir.names import Namer, namer_for


def function(x, y_bar=1):
    for row in x:
        h = [t for t in row]
        print(missing)
    return h


def test_a_free_name_is_given_as_wished():
    assert Namer().fresh("h_bar") == "h_bar"


def test_a_taken_name_gets_the_next_number():
    namer = Namer({"h", "h_2"})
    assert [namer.fresh("h"), namer.fresh("h")] == ["h_3", "h_4"]


@pytest.mark.parametrize(("wish", "name"), [("lambda", "lambda_2"), ("sum", "sum_2"), ("None", "None_2")])
def test_keywords_and_builtins_are_taken(wish, name):
    assert Namer().fresh(wish) == name


@pytest.mark.parametrize("name", ["x", "y_bar", "row", "h", "t", "missing"])
def test_no_name_of_a_function_is_handed_out(name):
    assert namer_for(lower(function)).fresh(name) == f"{name}_2"


def test_further_names_can_be_reserved():
    assert namer_for(lower(function), ("np",)).fresh("np") == "np_2"

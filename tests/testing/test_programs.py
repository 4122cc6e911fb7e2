"""Random programs: both forms of the gradient agree with differences, and what was found once is found again.

The default profile of `conftest.py` tries 300 programs, always the same; `make fuzz` tries 20,000 others. A program
that has shown a fault is shrunk and kept in `tests/fuzz`, one file each, named after what was wrong.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import knetc
from knetc.testing.differences import arguments, flat
from knetc.testing.grammar.program import PARAMETERS
from knetc.testing.grammar.program import program as random_text
from knetc.testing.grammar.writer import FAMILIES
from knetc.testing.programs import Program, examine, loaded, programs

KEPT = sorted((Path(__file__).parent.parent / "fuzz").glob("*.py"))
CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@pytest.mark.fuzz
@pytest.mark.parametrize("family", FAMILIES)
@settings(suppress_health_check=CHECKS)
@given(data=st.data())
def test_gradients_of_random_programs_are_right(family: str, data: st.DataObject) -> None:
    report = examine(data.draw(programs(family)))
    assume(report.usable)

    assert report.findings == [], str(report)
    assert "recorded" not in report.refused, str(report)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_was_found_once_is_right_now(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    for seed in range(10):
        report = examine(Program(text, seed))
        assert report.findings == [], str(report)
        assert "recorded" not in report.refused, str(report)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_is_kept_can_be_checked(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert any(examine(Program(text, seed)).usable for seed in range(10))


# ---- what `examine` finds


def found(text: str) -> str:
    report = examine(Program(text))
    assert report.usable
    return "\n".join(report.findings)


def wrong_sine(x):
    return np.sin(x)


@pytest.fixture(autouse=True, scope="module")
def _rules():
    """A wrong rule, for this module only."""
    knetc.ops.registry.elementwise(wrong_sine, lambda y, x: x)
    yield
    del knetc.ops.registry.OPS[wrong_sine]


HEAD = f"from {__name__} import wrong_sine\n"


@pytest.mark.parametrize("form", ["compiled", "recorded"])
def test_a_wrong_gradient_is_found_in_both_forms(form, monkeypatch):
    monkeypatch.setitem(
        sys.modules, __name__, sys.modules.get(__name__, types.SimpleNamespace(wrong_sine=wrong_sine))
    )

    assert f"wrong: {form}: the slope by `a` is" in found(HEAD + "def f(a):\n    return wrong_sine(a)\n")


@pytest.mark.parametrize(
    "body",
    [
        "raise ValueError",
        "return 1 / 0",
        "return abs(a - KINK)",
        "return v",
        "return a * float('nan')",
        "return (",
    ],
)
def test_what_cannot_be_checked_is_left_out(body):
    with loaded("def f(a):\n    return a\n") as f:
        kink = arguments(f, 0)["a"]

    assert not examine(Program(f"KINK = {kink}\ndef f(a, v):\n    {body}\n")).usable


def test_a_program_that_is_not_deterministic_is_left_out():
    assert not examine(
        Program("count = []\ndef f(a):\n    count.append(a)\n    return a * len(count)\n")
    ).usable


def test_a_refusal_is_told_by_form():
    report = examine(Program("def f(a):\n    return eval('a * 2')\n"))

    assert "KN101" in report.refused["compiled"]


def test_a_report_shows_the_program():
    program = Program("def f(a):\n    return a\n", 3)

    assert str(examine(program)) == "# seed 3\ndef f(a):\n    return a\n"


# ---- the grammar


def test_the_same_choices_write_the_same_program():
    assert random_text(lambda n: n - 1, "flow") == random_text(lambda n: n - 1, "flow")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_first_choices_make_a_small_program(family):
    assert len(random_text(lambda n: 0, family).splitlines()) < 15


def test_arguments_have_the_types_that_the_grammar_promises():
    with loaded(random_text(lambda n: 0, "arithmetic")) as f:
        found = arguments(f, 0)

    kinds = {"float": (), "vector": (3,), "matrix": (2, 3), "list": (3,), "dict": (2,)}
    assert {name: flat(x).shape for name, x in found.items()} == {n: kinds[k] for n, k in PARAMETERS.items()}

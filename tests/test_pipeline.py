"""The passes in their order: optional ones change the text, never a number."""

# ruff: noqa: RUF005  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.compiled import finish
from knetc.session import Session
from tests.stages import kinds_of

OPTIONAL = ("fold", "copyprop", "dce", "nest", "shapes", "coalesce")
RNG = np.random.default_rng(0)
A, B, C = RNG.normal(size=3), RNG.normal(size=3), RNG.normal(size=(4, 3))


def straight(x, y):
    h = np.tanh(x * y + x)
    return np.sum(h * h)


def overwritten(x, y):
    x = np.sin(x)
    x = x * y
    x = x * x
    return np.sum(x)


def broadcast(x, y):
    return np.mean((x * 2.5 - y) ** 2)


def branches(x, y):
    if np.sum(x) > 0:
        h = x * y
    elif np.sum(y) > 0:
        h = x - y
    else:
        h = x / (y * y + 1.5)
    return np.sum(h * x)


def counted(x, y):
    h = x
    for i in range(3):
        h = h * y + i
    return np.sum(h * h)


def over_rows(x, y):
    total = 0.0
    for row in y:
        total += np.sum(np.tanh(row * x))
    return total


def left_early(x, y):
    for i in range(5):
        x = x * y
        if np.sum(x * x) < 0.5:
            return np.sum(x) * i
    return np.sum(x)


def until(x, y):
    while np.sum(x * x) > 0.1:
        x = x * 0.5
        if np.max(x) < -1.0:
            break
    return np.sum(x * y)


def of_dict(p, y):
    return np.sum(np.exp(p["w"] * y) + p["b"])


def of_list(p, y):
    h = y
    for w in p:
        h = np.tanh(h * w)
    return np.sum(h)


def built(x, y):
    hs = []
    for row in y:
        hs = hs + [row * x]
    return np.sum(hs[0] * hs[-1])


def squared(x):
    return x * x * 0.5


def calling(x, y):
    return np.sum(squared(x) * squared(y) - squared(x - y))


def indexed(x, y):
    return np.sum(y[1:, 0] * x) + y[0, 1] ** 2 * x[2]


def dynamic(x, y):
    act = squared if np.sum(x) > 0 else np.sin
    return np.sum(act(x) * y)


PROGRAMS = [
    (straight, (A, B)),
    (overwritten, (A, B)),
    (broadcast, (A, C)),
    (branches, (A, B)),
    (counted, (A, B)),
    (over_rows, (A, C)),
    (left_early, (A, B)),
    (until, (A, B)),
    (of_dict, ({"w": A, "b": 0.25}, B)),
    (of_list, ([A, B, A * 0.5], B)),
    (built, (A, C)),
    (calling, (A, B)),
    (indexed, (A, C)),
    (dynamic, (A, B)),
]


def gradient(function, args, skip=frozenset()):
    session = Session(skip)
    name = session.gradient(
        function, kinds_of(function, args), frozenset(kinds_of(function, args)), value=True
    )
    return finish(session, name).loaded.functions[name](*args)


def leaves(value):
    if isinstance(value, dict):
        return [leaf for key in value for leaf in leaves(value[key])]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list | tuple) else [value]


@pytest.mark.parametrize("left_out", [*OPTIONAL, "all of them"])
@pytest.mark.parametrize(("function", "args"), PROGRAMS, ids=lambda v: getattr(v, "__name__", ""))
def test_an_optional_pass_changes_no_result(function, args, left_out):
    skip = frozenset(OPTIONAL) if left_out == "all of them" else frozenset((left_out,))
    with_all, without = leaves(gradient(function, args)), leaves(gradient(function, args, skip))
    assert len(with_all) == len(without)
    for a, b in zip(with_all, without, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)  # sums in another order


@pytest.mark.parametrize("name", OPTIONAL)
def test_every_optional_pass_changes_some_text(name):
    def text(skip):
        session = Session(frozenset(skip))
        for function, args in PROGRAMS:
            kinds = kinds_of(function, args)
            session.gradient(function, kinds, frozenset(kinds), value=False)
        return finish(session, "all").module.text

    assert text((name,)) != text(())


def test_the_environment_leaves_passes_out(monkeypatch):
    monkeypatch.setenv("KNETC_SKIP", "fold,nest")
    assert Session().passes.skip == {"fold", "nest"}


STAGES = ["lower", "tails", "webs", "anf", "methods", "augmented", "final"]


def test_the_stages_are_dumped_in_their_order(monkeypatch, capsys):
    monkeypatch.setenv("KNETC_DUMP", "all")
    knetc.grad(lambda x: x * x)(2.0)
    dumped = [line.split()[1] for line in capsys.readouterr().err.splitlines() if line.startswith("----")]
    assert dumped == STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_one_stage_is_dumped_if_asked_for(monkeypatch, capsys, stage):
    monkeypatch.setenv("KNETC_DUMP", stage)
    knetc.grad(lambda x: x * x)(2.0)
    assert [line for line in capsys.readouterr().err.splitlines() if line.startswith("----")] == [
        f"---- {stage} ----"
    ]


def test_nothing_is_dumped_unasked(capsys):
    knetc.grad(lambda x: x * x)(2.0)
    assert capsys.readouterr() == ("", "")


def test_a_dump_is_the_function_one_statement_a_line(monkeypatch, capsys):
    monkeypatch.setenv("KNETC_DUMP", "anf")
    knetc.grad(straight)(A, B)
    assert capsys.readouterr().err == (
        "---- anf ----\n"
        "function straight(x, y)\n"
        "  prod = np.multiply(x, y)\n"
        "  total = np.add(prod, x)\n"
        "  h = np.tanh(total)\n"
        "  prod_2 = np.multiply(h, h)\n"
        "  sum_out = np.sum(prod_2)\n"
        "  return sum_out\n"
    )


def test_a_callee_is_compiled_once_for_the_same_kinds():
    session = Session(frozenset())
    kinds = kinds_of(calling, (A, B))
    session.gradient(calling, kinds, frozenset(kinds), value=False)
    names = [g.function.name for g in session.generated]
    assert names == ["squared_forward", "squared_backward", "calling_grad"]


def test_generated_names_avoid_those_of_the_user():
    session = Session(frozenset())
    kinds = kinds_of(straight, (A, B))
    first = session.gradient(straight, kinds, frozenset(kinds), value=False)
    second = session.gradient(straight, kinds, frozenset(kinds), value=False)
    assert (first, second) == ("straight_grad", "straight_grad_2")

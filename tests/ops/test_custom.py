from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, Refusal

calls: list[str] = []


@knetc.primitive(elementwise=True, x=lambda y, x, p: p * x ** (p - 1), p=lambda y, x, p: y * np.log(x))
def power(x, p):
    calls.append("power")
    return x**p


@knetc.primitive(x=lambda g, y, x, n=2: spread(g, y, x, n))
def smallest(x, n=2):
    """The sum of the n smallest elements."""
    return np.sort(x)[:n].sum()


def spread(g, y, x, n=2):
    bar = np.zeros_like(x)
    for i in np.argsort(x)[:n]:
        bar[i] = g
    return bar


@knetc.primitive(a=lambda g, y, a, b, *, times: g * times)
def scaled(a, b, *, times):
    return a * times + b


@knetc.nondifferentiable
def sign(x):
    return [(1.0 if value > 0 else -1.0) for value in x]


def test_partials_broadcast_and_are_summed_for_every_argument():
    @knetc.grad(wrt=("x", "p"))
    def f(x, p):
        return np.sum(np.sin(power(x, p)))

    x, p = np.array([[1.5, 0.7, 2.0], [0.3, 1.1, 0.9]]), np.array([2.0, 3.0, 1.5])
    calls.clear()
    x_bar, p_bar = f(x, p)
    assert calls == ["power"]
    assert x_bar.shape == x.shape
    assert p_bar.shape == p.shape
    assert knetc.gradcheck(f, x, p)


def test_a_rule_that_is_an_expression_is_printed_and_another_is_called():
    @knetc.grad
    def f(x):
        return smallest(x, n=3) * np.sum(power(x, 2.0))

    assert knetc.gradcheck(f, np.array([2.0, -1.5, 0.4, 3.0]))
    assert 'pullback(smallest, "x", ' in f.source
    assert "* x**1.0" in f.source


def test_a_parameter_without_rule_is_refused_where_it_is_active():
    def f(a, b):
        return scaled(a, b, times=3.0) ** 2

    assert knetc.grad(f)(2.0, 1.0) == 42.0
    with pytest.raises(Refusal, match="with respect to `b`"):
        knetc.grad(f, wrt="b")(2.0, 1.0)


def test_the_body_of_what_is_nondifferentiable_may_contain_anything():
    @knetc.grad
    def f(x):
        return np.sum(np.array(sign(x)) * x)

    assert f(np.array([2.0, -3.0])).tolist() == [1.0, -1.0]


def test_recorded_functions_use_the_rules_too():
    def terms(x):
        yield smallest(x)
        yield np.sum(np.array(sign(x)) * power(x, 2.0))

    @knetc.grad
    def f(x):
        return sum(terms(x))

    assert f(np.array([2.0, 1.0, 3.0])).tolist() == [5.0, 3.0, 6.0]


def test_a_callee_known_only_at_run_time_may_be_a_primitive():
    @knetc.grad
    def f(x, functions):
        for function in functions:
            x = function(x, 2.0)
        return np.sum(x)

    assert f(np.array([2.0]), [power, power]).tolist() == [32.0]


@pytest.mark.parametrize("rules", [{}, {"z": lambda g, y, x: g}, {"x": lambda g: g}])
def test_rules_that_fit_no_parameter_are_refused(rules):
    def f(x):
        return x

    with pytest.raises(ArgumentError, match=r"KN350 primitive: `f` has the parameters x,") as error:
        knetc.primitive(**rules)(f)
    assert "x=lambda g, y, x: ..." in str(error.value)


def test_a_module_written_ahead_of_time_holds_the_rules(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from knetc.cli.main import commands

    (tmp_path / "clipping.py").write_text(
        "import numpy as np\nimport knetc\n\n"
        "def inside(g, y, x, limit=1.0):\n    if limit > 0:\n        return g * (np.abs(x) <= limit)\n    return g\n\n"
        "@knetc.primitive(x=inside)\ndef clipped(x, limit=1.0):\n    return np.clip(x, -limit, limit)\n\n"
        "def loss(x: np.ndarray):\n    return np.sum(clipped(x) * x)\n"
    )
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(
        commands, ["compile", "clipping.py:loss", "-o", "ready.py"], prog_name="knetc"
    )
    assert result.exit_code == 0, result.output
    text = (tmp_path / "ready.py").read_text()
    assert "import clipping" not in text
    assert "from clipping" not in text
    scope: dict[str, object] = {}
    exec(compile(text, "ready.py", "exec"), scope)
    assert scope["grad"](np.array([0.5, 3.0])).tolist() == [1.0, 1.0]


def test_a_rule_that_can_only_be_looked_up_is_not_written_ahead_of_time():
    from knetc.cli.ahead import ahead

    def f(x: np.ndarray):
        return smallest(x)

    with pytest.raises(Refusal, match="KN120 the rule of `smallest` cannot be written"):
        ahead(f, None).module()

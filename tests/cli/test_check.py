"""`knetc check`: all functions of a file, all refusals at once."""

from __future__ import annotations

from pathlib import Path


def test_every_function_is_listed(knetc, model):
    result = knetc("check", "model.py")

    assert result.exit_code == 1
    assert "model.py:4  loss  ok, by w\n" in result.stdout
    assert (
        "model.py:9  refused  refused\nmodel.py:10:9: KN101 knetc cannot differentiate `eval`"
        in result.stdout
    )
    assert (
        "model.py:14  recorded  ok, by x, recorded:\n"
        "model.py:15:5: KN101 knetc cannot differentiate `with`" in result.stdout
    )
    assert result.stdout.endswith("1 of 3 refused\n")


def test_a_file_without_refusals_passes(knetc, folder):
    Path("model.py").write_text("def f(x):\n    return x * x\n\n\ndef g(x):\n    return f(x) + 1\n")
    result = knetc("check", "model.py")

    assert result.exit_code == 0
    assert result.stdout.endswith("2 checked, none refused\n")


def test_one_function_can_be_checked(knetc, model):
    result = knetc("check", "model.py:loss")

    assert result.exit_code == 0
    assert result.stdout == "model.py:4  loss  ok, by w\n1 checked, none refused\n"


def test_where_functions_are_decorated_only_those_are_checked(knetc, folder):
    text = (
        "import knetc\n\n\n@knetc.grad(wrt='y')\ndef f(x, y):\n    return x * y\n\n\ndef g(x):\n    yield x\n"
    )
    Path("model.py").write_text(text)
    result = knetc("check", "model.py")

    assert result.exit_code == 0
    assert result.stdout == "model.py:4  f  ok, by y\n1 checked, none refused\n"


def test_functions_without_floats_are_passed_over(knetc, folder):
    Path("model.py").write_text("def f():\n    return 1\n\n\ndef g(n: int):\n    return n\n")
    result = knetc("check", "model.py")

    assert result.exit_code == 0
    assert "model.py:1  f  nothing to differentiate\n" in result.stdout
    assert "model.py:5  g  nothing to differentiate\n" in result.stdout


def test_a_named_function_without_floats_is_refused(knetc, folder):
    Path("model.py").write_text("def g(n: int):\n    return n\n")
    result = knetc("check", "model.py:g")

    assert result.exit_code == 1
    assert "KN302 cannot differentiate with respect to `n`, which is annotated as int" in result.stdout


def test_a_file_without_functions_passes(knetc, folder):
    Path("model.py").write_text("")

    assert knetc("check", "model.py").stdout == "0 checked, none refused\n"


def test_the_program_that_is_checked_does_not_run(knetc, folder):
    text = "def f(x):\n    return x\n\n\nif __name__ == '__main__':\n    raise SystemExit(9)\n"
    Path("model.py").write_text(text)

    assert knetc("check", "model.py").exit_code == 0


def test_a_function_of_numpy_without_rule_is_refused_and_not_recorded(knetc, folder):
    text = "import numpy as np\n\n\ndef f(x):\n    return np.sum(np.interp(x, [0, 1], [0, 1]))\n"
    Path("model.py").write_text(text)
    result = knetc("check", "model.py")

    assert result.exit_code == 1
    assert "`np.interp`, which has no rule" in result.stdout
    assert result.stdout.endswith("1 of 1 refused\n")

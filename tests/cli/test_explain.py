"""`knetc explain`: the texts of the table, and help where there is none."""

from __future__ import annotations

import pytest

from knetc.explain import EXPLANATIONS


def test_a_code_is_explained_with_an_example(knetc):
    entry = EXPLANATIONS["KN301"]
    result = knetc("explain", "KN301")

    assert result.exit_code == 0
    assert result.output == f"KN301  {entry.title}\n\n{entry.text}\n\nAn example:\n\n    {entry.example}\n"


def test_small_letters_will_do(knetc):
    assert knetc("explain", "kn301").output == knetc("explain", "KN301").output


def test_without_a_code_all_are_listed(knetc):
    lines = knetc("explain").output.splitlines()

    assert [line.split("  ")[0] for line in lines] == sorted(EXPLANATIONS)


@pytest.mark.parametrize(("code", "near"), [("KN30", "KN30"), ("KN999", "`knetc explain` lists all")])
def test_an_unknown_code_is_a_usage_error(knetc, code, near):
    result = knetc("explain", code)

    assert result.exit_code == 2
    assert f"there is no error `{code}`" in result.stderr
    assert near in result.stderr


def test_the_example_of_a_failing_file_is_true(knetc, folder):
    (folder / "model.py").write_text("import no_such_module\n")
    result = knetc("check", "model.py")

    assert result.exit_code == 1
    assert "KN111" in result.stderr


def test_the_example_of_an_array_that_cannot_be_written_is_true(knetc, folder):
    _, *lines, _ = EXPLANATIONS["KN120"].example.splitlines()
    (folder / "model.py").write_text("\n".join(lines))
    result = knetc("compile", "model.py:loss")

    assert result.exit_code == 1
    assert "KN120" in result.stderr

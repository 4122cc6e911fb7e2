"""From the command line to a function: files are run, mistakes are explained."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from knetc.cli.target import find
from knetc.errors import SourceError


def test_a_function_is_found_by_file_and_name(model):
    assert find("model.py:loss").function().__name__ == "loss"


def test_a_method_is_found_by_its_dotted_name(folder):
    Path("model.py").write_text("class A:\n    def f(self): ...\n")

    assert find("model.py:A.f").function().__qualname__ == "A.f"


def test_the_functions_of_a_file_are_listed_in_order(folder):
    text = (
        "import knetc\nfrom math import sin\n\n@knetc.grad\ndef b(x): ...\n\ndef a(x): ...\n\nclass C: ...\n"
    )
    Path("model.py").write_text(text)

    assert list(find("model.py").functions()) == ["b", "a"]


@pytest.mark.parametrize("text", ["model", "model.py:", "model.py:a b", ":loss", "loss"])
def test_another_form_is_a_usage_error(folder, text):
    with pytest.raises(click.UsageError, match=r"is not of the form model\.py:loss"):
        find(text)


def test_a_missing_file_is_named_with_the_nearest(model):
    with pytest.raises(click.UsageError, match=r"there is no file `modle\.py`; did you mean `model\.py`\?"):
        find("modle.py:loss")


def test_a_missing_file_without_a_near_one_is_named(model):
    with pytest.raises(click.UsageError, match=r"there is no file `zzz/other\.py`$"):
        find("zzz/other.py:loss")


def test_a_missing_function_is_named_with_the_nearest(model):
    with pytest.raises(click.UsageError, match=r"`model\.py` has no function `los`; did you mean `loss`\?"):
        find("model.py:los").function()


def test_a_missing_name_asks_for_one(model):
    with pytest.raises(click.UsageError, match=r"say which function: model\.py:loss"):
        find("model.py").function()


def test_what_is_no_function_is_refused(model):
    with pytest.raises(click.UsageError, match=r"`SCALE` of model\.py is no function, but of type float"):
        find("model.py:SCALE").function()


# ---- running the file


def test_neighbouring_modules_can_be_imported(folder):
    Path("model_parts.py").write_text("def f(x): ...\n")
    Path("model.py").write_text("from model_parts import f\n")

    assert find("model.py:f").function().__name__ == "f"


def test_a_file_in_a_package_may_import_relatively(folder):
    Path("model_package").mkdir()
    Path("model_package/__init__.py").write_text("")
    Path("model_package/parts.py").write_text("def f(x): ...\n")
    Path("model_package/model.py").write_text("from .parts import f\n")

    assert find("model_package/model.py:f").function().__name__ == "f"


def test_a_file_named_like_a_module_does_not_replace_it(folder):
    import string

    Path("string.py").write_text("def f(x): ...\n")
    find("string.py:f").function()

    import string as again

    assert again is string


def test_a_file_that_fails_is_reported_with_its_line(folder):
    Path("model.py").write_text("x = 1\ny = x / 0\n")

    with pytest.raises(SourceError) as caught:
        find("model.py:f")
    assert str(caught.value) == (
        "model.py:2:5: KN111 running model.py ended with ZeroDivisionError: division by zero\n"
        "  2 | y = x / 0\n"
        "    |     ^^^^^\n"
        'help: correct it, or put it under `if __name__ == "__main__":`\n'
        "more: knetc explain KN111"
    )


def test_a_file_that_exits_is_reported(folder):
    Path("model.py").write_text("import sys\nsys.exit(3)\n")

    with pytest.raises(SourceError, match=r"KN111 running model\.py ended with SystemExit: 3"):
        find("model.py:f")


def test_a_file_with_wrong_syntax_is_reported_with_its_line(folder):
    Path("model.py").write_text("def f(x)\n    return x\n")

    with pytest.raises(
        SourceError, match=r"(?s)model\.py:1:9: KN111 .* SyntaxError: expected ':'.*def f\(x\)\n.*\^"
    ):
        find("model.py:f")


def test_an_error_in_an_imported_module_points_at_the_import(folder):
    Path("model_parts.py").write_text("1 / 0\n")
    Path("model.py").write_text("import model_parts\n")

    with pytest.raises(
        SourceError, match=r"(?s)model\.py:1:1: KN111 .*ZeroDivisionError.*import model_parts"
    ):
        find("model.py:f")

"""From a function to its text, wherever Python keeps it."""

# ruff: noqa: E731, PLW0108  programs for the compiler are written in every way
from __future__ import annotations

import ast
import functools
import linecache

import pytest

from knetc.errors import SourceError
from knetc.front.source import source_of


def passed_on(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


def same(function):
    return function


def plain(x):
    return x * x


@same
@same
def decorated(x):
    return x + 1


def over_several_lines(
    x,
    y=(
        1,
        2,
    ),
):
    return (
        x
        + y[0]
    )  # fmt: skip


class Model:
    def method(self, x):
        """A method."""
        return self, x

    @staticmethod
    def static(x):
        return -x

    class Inner:
        def deep(self):
            return 1.5


def made(n):
    def inner(x):
        return x * n

    return inner


first, second = (lambda x: x + 1), lambda x: x * 2
twins = [(lambda x: x), (lambda x: x)]
nested_lambda = lambda f: lambda x: f(x)
over_lines = functools.partial(
    lambda x, y: (
        x  # a comment
        - y
    ),
    1,
).func
umlaut, after = "äöü", lambda x: x - 3
with_default = lambda x, n=(lambda: 2): x ** n()


def text_of(function, text=None):
    return ast.unparse(source_of(function, text).definition)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (plain, "def plain(x):\n    return x * x"),
        (decorated, "@same\n@same\ndef decorated(x):\n    return x + 1"),
        (over_several_lines, "def over_several_lines(x, y=(1, 2)):\n    return x + y[0]"),
        (Model.method, 'def method(self, x):\n    """A method."""\n    return (self, x)'),
        (Model.static, "@staticmethod\ndef static(x):\n    return -x"),
        (Model.Inner.deep, "def deep(self):\n    return 1.5"),
        (made(2), "def inner(x):\n    return x * n"),
    ],
    ids=lambda v: getattr(v, "__qualname__", ""),
)
def test_the_definition_of_a_function_is_found(function, text):
    assert text_of(function) == text


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (first, "lambda x: x + 1"),
        (second, "lambda x: x * 2"),
        (nested_lambda, "lambda f: lambda x: f(x)"),
        (nested_lambda(abs), "lambda x: f(x)"),
        (over_lines, "lambda x, y: x - y"),
        (after, "lambda x: x - 3"),
        (with_default, "lambda x, n=lambda: 2: x ** n()"),
        (with_default.__defaults__[0], "lambda: 2"),
    ],
    ids=[
        "first",
        "second",
        "outer",
        "inner",
        "over several lines",
        "behind umlauts",
        "with a default",
        "a default",
    ],
)
def test_a_lambda_is_told_from_others_on_its_line(function, text):
    assert text_of(function) == text


def test_lambdas_that_say_the_same_are_told_apart():
    columns = [source_of(f).definition.col_offset for f in twins]
    assert columns == [10, 25]


def test_a_wrapper_is_not_what_it_wraps():
    assert text_of(passed_on(plain)).splitlines()[1] == "def wrapper(*args):"


def test_a_function_made_by_exec_is_found_if_its_text_is_registered():
    text = "a = 1\ndef f(x):\n    return x * a\n"
    linecache.cache["<cell 7>"] = (len(text), None, text.splitlines(keepends=True), "<cell 7>")
    namespace = {}
    exec(compile(text, "<cell 7>", "exec"), namespace)
    assert text_of(namespace["f"]) == "def f(x):\n    return x * a"


def test_a_function_of_a_doctest_is_found():
    """The cell of a doctest is registered while it runs.

    >>> def cubed(x):
    ...     return x**3
    >>> import ast
    >>> from knetc.front.source import source_of
    >>> print(ast.unparse(source_of(cubed).definition))
    def cubed(x):
        return x ** 3
    """


def test_text_that_is_given_takes_the_place_of_a_file():
    namespace = {}
    exec("def f(x):\n    return x + 2", namespace)
    assert text_of(namespace["f"], "def f(x):\n    return x + 2") == "def f(x):\n    return x + 2"


def test_a_function_without_text_is_refused():
    namespace = {}
    exec(compile("def lost(x):\n    return x", "<nowhere>", "exec"), namespace)
    with pytest.raises(SourceError, match=r"KN110 the source of `lost` cannot be found \(<nowhere>\)"):
        source_of(namespace["lost"])


def test_the_refusal_says_how_to_give_the_text():
    namespace = {}
    exec(compile("def lost(x):\n    return x", "<nowhere>", "exec"), namespace)
    with pytest.raises(SourceError, match=r"knetc\.grad\(lost, source='def lost\.\.\.'\)"):
        source_of(namespace["lost"])


def test_text_that_has_changed_is_no_source():
    namespace = {}
    exec(compile("def gone(x):\n    return x", "<changed>", "exec"), namespace)
    linecache.cache["<changed>"] = (6, None, ["x = 1\n"], "<changed>")
    with pytest.raises(SourceError, match="`gone` cannot be found"):
        source_of(namespace["gone"])


def test_places_are_lines_of_the_file():
    source = source_of(decorated)
    assert source.place(source.definition).line == decorated.__code__.co_firstlineno + 2
    assert source.place(source.definition.body[0]).text == "    return x + 1"


def test_columns_are_counted_in_characters():
    source = source_of(after)
    place = source.place(source.definition)
    assert place.text[place.col : place.end_col] == "lambda x: x - 3"


def test_a_place_over_several_lines_ends_with_its_first():
    source = source_of(over_several_lines)
    place = source.place(source.definition.body[0])
    assert place.text[place.col : place.end_col] == "return ("

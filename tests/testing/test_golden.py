"""Golden files: read, compared, rewritten on demand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knetc.testing.golden import Case, check, parse

TEXT = "x = 1\n\n# output\n\nX = 1\n"


def fails_if_called(text: str) -> str:
    raise AssertionError(text)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.py"
    path.write_text(TEXT)
    return path


def test_a_file_has_two_halves() -> None:
    assert parse(TEXT) == Case("x = 1\n", "X = 1\n")


def test_blank_lines_around_the_halves_do_not_count() -> None:
    assert parse("\n\nx = 1\n# output\nX = 1\n\n\n") == Case("x = 1\n", "X = 1\n")


def test_blank_lines_within_a_half_count() -> None:
    assert parse("x\n\n\ny\n# output\nX\n\nY") == Case("x\n\n\ny\n", "X\n\nY\n")


def test_indented_marks_belong_to_the_text() -> None:
    assert parse("x\n    # output\n") == Case("x\n    # output\n", None)


def test_only_the_first_mark_divides() -> None:
    assert parse("x\n# output\ny\n# output\nz\n") == Case("x\n", "y\n# output\nz\n")


def test_a_file_without_output_has_none() -> None:
    assert parse("x = 1\n") == Case("x = 1\n", None)


def test_equal_output_passes(case: Path) -> None:
    check(case, str.upper)


def test_different_output_shows_both_lines_and_the_remedy(case: Path) -> None:
    with pytest.raises(AssertionError, match=r"(?s)case\.py.*--update-golden.*-X = 1\n\+x = 1"):
        check(case, str.lower)


def test_missing_output_says_how_to_write_it(case: Path) -> None:
    case.write_text("x = 1\n")

    with pytest.raises(AssertionError, match=r"no line `# output`.*--update-golden"):
        check(case, str.upper)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"absent\.py"):
        check(tmp_path / "absent.py", str.upper)


def test_checking_leaves_the_file_alone(case: Path) -> None:
    with pytest.raises(AssertionError):
        check(case, str.lower)

    assert case.read_text() == TEXT


@pytest.mark.parametrize("before", ["x = 1\n", "x = 1\n\n# output\n\nanything\n", "\nx = 1\n# output\n"])
def test_an_update_writes_the_output(case: Path, before: str) -> None:
    case.write_text(before)

    check(case, str.upper, update=True)

    assert case.read_text() == TEXT


def test_an_update_that_changes_nothing_keeps_the_file(case: Path) -> None:
    check(case, str.upper, update=True)

    assert case.read_text() == TEXT


def test_a_failing_producer_leaves_the_file_alone(case: Path) -> None:
    with pytest.raises(AssertionError, match="x = 1"):
        check(case, fails_if_called, update=True)

    assert case.read_text() == TEXT


def test_text_outside_ascii_is_kept(case: Path) -> None:
    check(case, lambda text: f"# ∂{text}", update=True)

    assert parse(case.read_text(encoding="utf-8")).expected == "# ∂x = 1\n"


def test_the_fixture_follows_the_option(
    case: Path, check_golden: Callable[[Path, Callable[[str], str]], None]
) -> None:
    check_golden(case, str.upper)

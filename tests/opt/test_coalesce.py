"""Webs get the name of the user back where their lives do not overlap."""

# ruff: noqa: RET504, RUF059  programs for the compiler are written in every way
from __future__ import annotations

from dataclasses import replace

from knetc.opt.coalesce import coalesce
from tests.stages import expected, generated, shown, webs


def in_a_row(x):
    x = x * 2.0
    x = x * x
    return x


def still_read(x, y):
    x_2 = y * 2.0
    return x_2 * x


def read_in_the_next_round(x, n):
    for _ in range(n):
        t = x * 2.0
        x_2 = t * x
        t = x_2 * x
    return t


def bound_together(p):
    x, x_2 = p
    return x


def two_wishes(y):
    a = y * 2.0
    b = y * 3.0
    return a * b


def coalesced(function, wishes):
    f = replace(webs(function)[0], body=generated(function))
    return shown(coalesce(f, wishes).body)


def test_webs_in_a_row_get_one_name_back():
    f, wishes = webs(in_a_row)
    assert shown(coalesce(f, wishes).body) == expected("""
        x = np.multiply(x, 2.0)
        x = np.multiply(x, x)
        return x
    """)


def test_a_name_that_is_still_read_is_not_given_away():
    assert coalesced(still_read, {"x_2": "x"}) == shown(generated(still_read))


def test_a_name_that_the_next_round_reads_is_not_given_away():
    assert coalesced(read_in_the_next_round, {"x_2": "x"}) == shown(generated(read_in_the_next_round))


def test_names_bound_at_once_stay_two():
    assert coalesced(bound_together, {"x_2": "x"}) == shown(generated(bound_together))


def test_of_two_that_overlap_only_one_gets_its_wish():
    text = coalesced(two_wishes, {"a": "z", "b": "z"})
    assert text.splitlines()[-1] == "return np.multiply(z, b)"


def test_without_wishes_nothing_changes():
    f, _ = webs(still_read)
    assert coalesce(f, {}) is f

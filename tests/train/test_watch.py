from __future__ import annotations

import operator

from knetc.train.watch import Best, Watched


def test_values_pass_through_and_are_seen_first():
    seen = []
    for value in Watched([1, 2], seen.append):
        assert seen[-1] == value
    assert seen == [1, 2]


def test_only_true_ends_the_loop_after_its_value():
    assert list(Watched([1, 2, 3], lambda value: value)) == [1, 2, 3]
    assert list(Watched([1, 2, 3], lambda value: value == 2)) == [1, 2]


def test_the_length_is_known_if_it_was():
    assert len(Watched([1, 2], print)) == 2
    assert operator.length_hint(Watched(iter(()), print), -1) in (-1, 0)


def test_nothing_is_taken_before_it_is_asked_for():
    iterator = iter([1, 2])
    Watched(iterator, print)
    assert next(iterator) == 1


def test_the_first_value_is_the_best_so_far_in_both_modes():
    for mode in ("min", "max"):
        best = Best(1, mode=mode)
        assert best.report(5.0)
        assert (best.value, best.is_overdue) == (5.0, False)

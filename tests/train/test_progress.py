from __future__ import annotations

import importlib
import itertools

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.train.progress import progress
from knetc.train.snapshot import Snapshot

module = importlib.import_module("knetc.train.progress")  # not the function of that name


class Recorder:
    def __init__(self):
        self.shown = []
        self.closed = []

    def show(self, snapshot):
        self.shown.append(snapshot)

    def close(self, snapshot):
        self.closed.append(snapshot)


class Clock:
    """Seconds go by only when the loop lets them."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "perf_counter", clock)
    return clock


def test_everything_passes_through():
    assert list(progress("abc", renderer=Recorder())) == ["a", "b", "c"]


def test_the_total_is_the_length():
    recorder = Recorder()
    list(progress([1, 2], renderer=recorder))
    assert recorder.shown[0].total == 2
    assert len(progress([1, 2], renderer=recorder)) == 2


def test_the_total_can_be_given():
    recorder = Recorder()
    list(progress(iter("ab"), total=9, renderer=recorder))
    assert recorder.shown[0].total == 9


def test_without_a_length_the_total_is_unknown():
    recorder = Recorder()
    list(progress((i for i in range(3)), renderer=recorder))
    assert recorder.closed == [recorder.closed[0]]
    assert (recorder.closed[0].count, recorder.closed[0].total) == (3, None)


def test_it_draws_at_most_ten_times_a_second(clock):
    recorder = Recorder()
    for _ in progress(range(1000), renderer=recorder):
        clock.now += 0.001
    assert len(recorder.shown) == pytest.approx(11, abs=1)


def test_the_loss_shown_is_a_running_mean():
    recorder = Recorder()
    list(progress([1.0, 2.0, np.float32(6.0)], renderer=recorder))
    assert recorder.closed[0].loss == pytest.approx(3.0, rel=1e-12)


def test_the_running_mean_forgets():
    recorder = Recorder()
    list(progress([9.0] * 100 + [1.0] * 400, renderer=recorder))
    assert recorder.closed[0].loss == pytest.approx(1.0, abs=0.01)  # 0.98 ** 400 is 3e-4


@pytest.mark.parametrize("values", [range(3), [True], ["a"], [(1.0, 2.0)]])
def test_values_that_are_no_losses_are_not_averaged(values):
    recorder = Recorder()
    list(progress(values, renderer=recorder))
    assert recorder.closed[0].loss is None


def test_an_end_closes_the_display():
    recorder = Recorder()
    list(progress(range(3), renderer=recorder))
    assert [(last.count, last.stopped) for last in recorder.closed] == [(3, False)]


def test_an_exception_in_the_loop_closes_the_display():
    recorder = Recorder()
    with pytest.raises(ZeroDivisionError):
        for i in progress(range(3), renderer=recorder):
            1 / (i - 1)
    assert [(last.count, last.stopped) for last in recorder.closed] == [(2, True)]


def test_an_exception_in_the_iterator_closes_the_display():
    recorder = Recorder()
    with pytest.raises(ZeroDivisionError):
        list(progress((1 / (i - 2) for i in range(3)), renderer=recorder))
    assert [(last.count, last.stopped) for last in recorder.closed] == [(2, True)]


def test_leaving_the_loop_closes_the_display():
    recorder = Recorder()
    list(itertools.islice(progress(range(9), renderer=recorder), 2))
    assert [(last.count, last.stopped) for last in recorder.closed] == [(2, True)]


def test_every_must_be_positive():
    with pytest.raises(ArgumentError, match="KN411 `every` is 0; expected more than 0 seconds"):
        progress([], every=0)


@pytest.mark.parametrize(
    ("snapshot", "text"),
    [
        (Snapshot(0, 10, 0.0), "0/10  0%  00:00"),
        (Snapshot(5, 10, 1.0, 0.04123), "5/10  50%  5.0 it/s  loss 0.04123  00:01 < 00:01"),
        (Snapshot(10, 10, 4000.0, 2e-7), "10/10  100%  400.0 s/it  loss 2e-07  1:06:40"),
        (Snapshot(812, None, 1.0), "812  812 it/s  00:01"),
        (Snapshot(3, 10, 1.0, stopped=True), "3/10  30%  3.0 it/s  00:01  stopped"),
        (Snapshot(0, 0, 0.0), "0/0  0%  00:00"),
    ],
)
def test_a_snapshot_reads(snapshot, text):
    assert snapshot.text() == text

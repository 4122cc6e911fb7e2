from __future__ import annotations

import importlib

import pytest

from knetc.errors import ArgumentError
from knetc.train.progress import progress
from knetc.train.render import Lines

module = importlib.import_module("knetc.train.progress")


class Recorder:
    def __init__(self):
        self.shown = []

    def show(self, snapshot):
        self.shown.append((snapshot.count, snapshot.message))

    def close(self, snapshot):
        self.shown.append((snapshot.count, snapshot.message, snapshot.stopped))


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module, "perf_counter", lambda: now[0])
    return now


def asked(values, clock=None, **options):
    """When the message was asked, with which value, and what was shown."""
    found, recorder = [], Recorder()

    def message(p):
        found.append((p.count, p.value))
        return f"at {p.count}"

    for _ in progress(values, message=message, renderer=recorder, **options):
        if clock is not None:
            clock[0] += 0.25
    return found, recorder.shown


def test_it_is_asked_first_every_so_many_steps_and_at_the_end():
    found, shown = asked("abcdefg", steps=3)
    assert found == [(1, "a"), (3, "c"), (6, "f"), (7, "g")]
    assert shown == [(0, ""), (1, "at 1"), (3, "at 3"), (6, "at 6"), (7, "at 7", False)]


def test_it_is_asked_every_so_many_seconds(clock):
    assert [count for count, _ in asked(range(7), clock, seconds=0.5)[0]] == [1, 3, 5, 7]


def test_it_is_asked_every_second_if_nothing_else_is_said(clock):
    assert [count for count, _ in asked(range(11), clock)[0]] == [1, 5, 9, 11]


def test_it_is_not_asked_twice_at_the_end():
    assert [count for count, _ in asked("abcd", steps=2)[0]] == [1, 2, 4]


def test_stop_ends_the_loop_and_its_value_is_not_passed_on():
    recorder = Recorder()
    loop = progress(
        [4.0, 3.0, 2.0], steps=1, message=lambda p: "stop" if p.value < 4 else "", renderer=recorder
    )
    assert list(loop) == [4.0]
    assert recorder.shown[-1] == (2, "stop", True)


def test_nothing_to_say_is_nothing_shown():
    recorder = Recorder()
    list(progress([1.0], message=lambda _: None, renderer=recorder))
    assert recorder.shown[-1] == (1, "", False)


def test_it_sees_the_running_mean_and_the_total():
    seen = []
    list(progress([1.0, 3.0], steps=1, message=lambda p: seen.append((p.loss, p.total)), renderer=Recorder()))
    assert seen == [(1.0, 2), (2.0, 2)]


def test_in_a_pipe_there_is_a_line_whenever_it_is_asked(capsys, clock):
    list(progress([1.0, 2.0], steps=1, message=lambda p: f"error {p.value}"))
    assert isinstance(module.choose(0.0), Lines)
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition("  ")[2] for line in lines[-2:]] == ["error 1.0", "error 2.0"]


def test_an_error_in_it_closes_the_display():
    recorder = Recorder()
    with pytest.raises(ZeroDivisionError):
        list(progress([1.0], message=lambda p: 1 / 0, renderer=recorder))
    assert recorder.shown[-1] == (1, "", True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": -1}, "`steps` is -1; expected 0 or more"),
        ({"seconds": float("nan")}, "`seconds` is nan"),
        ({"message": "loss"}, "`message` is 'loss'; expected a function"),
    ],
)
def test_options_have_their_ranges(options, message):
    with pytest.raises(ArgumentError, match=f"KN411 {message}"):
        progress([], **options)

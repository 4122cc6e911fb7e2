"""What computes in C without a rule is refused, not run: a number that comes back would have lost its derivative."""

# ruff: noqa: C416, ICN001, RUF015
from __future__ import annotations

import collections
import datetime
import json
import statistics
import time

import numpy as np
import pytest

import knetc
from knetc.errors import Refusal

X = np.array([0.3, 0.5])


class Meters(float):
    pass


class Doubled(float):
    def __new__(cls, value):
        return super().__new__(cls, value * 2.0)

    def square(self):
        return self * self


def subclass_of_float(x):
    return [Meters(v) for v in x][0] * 3.0


def subclass_of_float_that_computes(x):
    return [Doubled(v) for v in x][1].square()


def put_repeats_values(x):
    y = np.zeros(4)
    z = y[:]
    np.put(y, [0, -1, 1], x)
    return np.sum(z * np.arange(1.0, 5.0))


@pytest.mark.parametrize("f", [subclass_of_float, subclass_of_float_that_computes, put_repeats_values])
def test_the_derivative_passes_through(f):
    assert knetc.gradcheck(f, X)


def through_a_duration(x):
    return datetime.timedelta(seconds=[v for v in x][0]).total_seconds()


def through_a_counter(x):
    counter = collections.Counter()
    counter["a"] = [v for v in x][0]
    counter.update(["a"])
    return counter["a"]


def through_json(x):
    return json.loads(json.dumps([v for v in x]))[0]


def through_a_library_in_c(x):
    return statistics.mean([v for v in x])


def through_time(x):
    return time.mktime(time.localtime([v for v in x][0]))


@pytest.mark.parametrize(
    "f", [through_a_duration, through_a_counter, through_json, through_a_library_in_c, through_time]
)
def test_what_would_lose_it_is_refused(f):
    with pytest.raises(Refusal, match="KN10"):
        knetc.grad(f)(X)

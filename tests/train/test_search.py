from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.errors import ArgumentError, NonFiniteError
from knetc.train.search import goldensection, hyperband

# ---- goldensection


def bowl(x):
    return (x[0] - 3) ** 2 + abs(x[1] + 0.5)


# What Knet's goldensection evaluates for `bowl`, with dxmin=0.3.
KNETS_STEPS = [
    ([0.0, 0.0], 9.5), ([1.0, 0.0], 4.5), ([1.0, 1.0], 5.5), ([2.618034, 0.0], 0.645898), ([5.236068, 0.0], 5.5),
    ([3.618034, 0.0], 0.881966), ([2.618034, -0.618034], 0.263932), ([2.618034, -1.618034], 1.263932),
    ([2.618034, -1.0], 0.645898), ([2.0, -0.618034], 1.118034), ([3.0, -0.618034], 0.118034),
    ([3.618034, -0.618034], 0.5), ([3.0, -0.132624], 0.367376),
]  # fmt: skip


def test_the_steps_are_those_of_knet():
    history = []
    fmin, xmin = goldensection(bowl, 2, dxmin=0.3, history=history)
    assert [([round(value, 6) for value in x.tolist()], round(f, 6)) for x, f in history] == KNETS_STEPS
    assert (round(fmin, 6), xmin.round(6).tolist()) == (0.118034, [3.0, -0.618034])


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_smooth_minimum_is_found_as_closely_as_asked_for(n):
    goal = np.array([2.5, -7.0, 0.3, 40.0])[:n]
    fmin, xmin = goldensection(lambda x: np.sum((x - goal) ** 2), n, dxmin=1e-3)
    np.testing.assert_allclose(xmin, goal, atol=2e-3)
    assert fmin == np.sum((xmin - goal) ** 2)


def test_no_point_is_evaluated_twice():
    seen = []

    def f(x):
        seen.append(tuple(x))
        return bowl(x)

    goldensection(f, 2, dxmin=0.01)
    assert len(seen) == len(set(seen)) > 20


def test_what_is_in_the_history_is_not_evaluated():
    history = []
    expected = goldensection(bowl, 2, history=history)
    known, count = [(x, f) for x, f in history if x[0] < 2], len(history)

    def f(x):
        assert x[0] >= 2
        return bowl(x)

    found = goldensection(f, 2, history=known)
    assert found[0] == expected[0]
    assert len(known) == count


def test_nan_is_a_step_that_did_not_help():
    def f(x):
        return math.nan if abs(x[0]) > 2 else (x[0] - 5) ** 2

    fmin, xmin = goldensection(f, 1, dxmin=1e-3)
    assert abs(xmin[0] - 2) < 2e-3
    assert fmin == f(xmin)


def test_nan_everywhere_but_at_the_start_ends_the_search():
    fmin, xmin = goldensection(lambda x: math.nan if x.any() else 1.0, 3)
    assert (fmin, xmin.tolist()) == (1.0, [0.0] * 3)


def test_an_argument_that_is_changed_changes_nothing():
    def f(x):
        value = bowl(x)
        x[:] = 100.0
        return value

    assert goldensection(f, 2)[0] == goldensection(bowl, 2)[0]


def test_the_first_step_is_as_long_as_the_smallest_that_is_wanted():
    assert goldensection(bowl, 2, dxmin=1.0)[1].tolist() == [0.0, 0.0]


def test_the_steps_are_printed_when_asked_for(capsys):
    goldensection(bowl, 2, dxmin=0.5)
    assert capsys.readouterr().out == ""
    goldensection(bowl, 2, dxmin=0.5, verbose=True)
    assert capsys.readouterr().out.startswith("f([0. 0.]) = 9.5  f([1. 0.]) = 4.5\n")


def test_a_start_that_is_nan_is_refused():
    with pytest.raises(NonFiniteError, match="KN427 `f` is nan at the start"):
        goldensection(lambda x: math.nan, 1)


def test_a_function_without_a_minimum_ends_in_an_error():
    with pytest.raises(NonFiniteError, match="KN427 `f` has no minimum"), np.errstate(over="ignore"):
        goldensection(lambda x: -(x[0] ** 3), 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "`n` is 0; expected the number of coordinates"),
        ({"n": 1.0}, "`n` is 1.0; expected the number of coordinates"),
        ({"dxmin": 0.0}, "`dxmin` is 0.0; expected a step of more than 0"),
        ({"dxmin": math.nan}, "`dxmin` is nan; expected a step"),
        ({"accel": 1.0}, "`accel` is 1.0; expected a factor of more than 1"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ArgumentError, match=f"KN427 {message}"):
        goldensection(bowl, **{"n": 2, **options})


# ---- hyperband


def recorded(maxresource, reduction, loss=lambda config, resource: config):
    """The result of a search over 0, 1, 2 ... and the calls in order."""
    calls, configs = [], iter(range(100_000))

    def getloss(config, resource):
        calls.append((config, resource))
        return loss(config, resource)

    return hyperband(lambda: next(configs), getloss, maxresource, reduction), calls


def rounds(calls):
    """How often each resource was asked for, in the order of the calls."""
    found = []
    for _, resource in calls:
        if found and found[-1][1] == resource:
            found[-1][0] += 1
        else:
            found.append([1, resource])
    return found


def test_the_rounds_are_those_of_the_paper():
    _, calls = recorded(27, 3)
    assert rounds(calls) == [
        [27, 1], [9, 3], [3, 9], [1, 27],
        [12, 3], [4, 9], [1, 27],
        [6, 9], [2 + 4, 27],  # the last of the third round, and the fourth
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("maxresource", "last"), [(3, 1), (9, 2), (27, 3), (81, 4), (243, 5), (729, 6), (2187, 7)]
)
def test_powers_are_counted_exactly(maxresource, last):
    _, calls = recorded(maxresource, 3)
    assert rounds(calls)[0] == [3**last, 1]  # the logarithm of 243 to the base 3 is 4.999... in floats


def test_a_resource_is_an_int_where_it_is_whole():
    _, calls = recorded(10, 2)
    found = {resource: type(resource) for _, resource in calls}
    assert found == {1.25: float, 2.5: float, 5: int, 10: int}


def test_a_reduction_may_be_a_fraction():
    _, calls = recorded(6.25, 2.5)
    assert rounds(calls) == [[7, 1], [2, 2.5], [1, 6.25], [4, 2.5], [1 + 3, 6.25]]


def test_the_best_of_each_round_go_on():
    def loss(config, resource):
        return (config * 7) % 27

    _, calls = recorded(27, 3, loss)
    first, second = calls[:27], calls[27:36]
    best = sorted((loss(config, 1), config) for config, _ in first)[:9]
    assert [config for config, _ in second] == [config for _, config in best]


def test_the_result_is_the_smallest_loss_with_its_resource_and_configuration():
    best, calls = recorded(27, 3, lambda config, resource: abs(config - 30) + 1 / resource)
    assert best == min((abs(c - 30) + 1 / r, r, c) for c, r in calls)
    assert best[1:] == (27, 30)


def test_of_equal_losses_the_first_wins():
    best, _ = recorded(9, 3, lambda config, resource: 1.0)
    assert best == (1.0, 1, 0)


def test_nan_is_the_worst_loss():
    best, calls = recorded(9, 3, lambda config, resource: math.nan if config % 2 else float(config + 1))
    assert best == (1.0, 1, 0)
    assert [config for config, resource in calls[9:12]] == [0, 2, 4]  # the first third of the nine


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_without_a_finite_loss_there_is_no_best(value):
    with pytest.raises(NonFiniteError, match="KN427 every loss was nan or infinite"):
        recorded(9, 3, lambda config, resource: value)


@pytest.mark.parametrize(
    ("maxresource", "reduction", "message"),
    [
        (0, 3, "`maxresource` is 0; expected 1 or more"),
        (math.nan, 3, "`maxresource` is nan; expected 1 or more"),
        (math.inf, 3, "`maxresource` is inf; expected 1 or more"),
        (27, 1, "`reduction` is 1; expected a factor of more than 1"),
    ],
)
def test_resources_out_of_range_are_refused(maxresource, reduction, message):
    with pytest.raises(ArgumentError, match=f"KN427 {message}"):
        recorded(maxresource, reduction)

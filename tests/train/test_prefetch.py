from __future__ import annotations

import itertools
import os
import threading
import traceback

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError
from knetc.settings import options
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.prefetch import prefetch


@pytest.fixture(autouse=True)
def no_thread_is_left():
    yield
    assert [thread for thread in threading.enumerate() if thread.name == "knetc-prefetch"] == []


class Counted:
    """Numbers from 0 on, which note how many have been read, and wait for whoever waits for them."""

    def __init__(self, stop=10**6):
        self.stop = stop
        self.read = 0
        self.reached = {}

    def __iter__(self):
        for i in range(self.stop):
            self.read = i + 1
            if i + 1 in self.reached:
                self.reached[i + 1].set()
            yield i


@pytest.mark.parametrize("n", [1, 2, 7])
def test_items_come_in_order(n):
    assert list(prefetch(range(100), n)) == list(range(100))


def test_data_can_be_gone_through_again_and_have_a_length():
    data = prefetch(minibatch(np.arange(10), 2))
    assert len(data) == 5
    assert [x.tolist() for x in data] == [x.tolist() for x in data]


def test_items_are_read_ahead_and_no_further_than_n():
    data = Counted()
    data.reached[4] = threading.Event()
    items = iter(prefetch(data, 3))
    assert next(items) == 0
    assert data.reached[4].wait(30)  # the one that was given out, and three more
    assert data.read == 4
    items.close()


def test_nothing_is_read_before_the_first_item_is_asked_for():
    data = Counted()
    items = iter(prefetch(data))
    assert data.read == 0
    assert items is not data


def test_reading_is_done_in_another_thread():
    assert threading.get_ident() not in set(prefetch(threading.get_ident() for _ in range(3)))


def test_an_error_comes_where_its_item_would_have_come():
    def broken():
        yield 1
        yield 2
        raise OSError("disk")

    items = iter(prefetch(broken(), 10))
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(OSError, match="disk") as caught:
        next(items)
    assert "broken" in "".join(traceback.format_tb(caught.value.__traceback__))
    with pytest.raises(StopIteration):
        next(items)


def test_a_loop_that_is_left_ends_the_thread():
    for item in prefetch(Counted(), 2):
        if item == 3:
            break
    with pytest.raises(ZeroDivisionError):
        for item in prefetch(Counted(), 2):
            item / 0


def test_an_iterator_that_is_dropped_ends_the_thread():
    items = iter(prefetch(Counted(), 2))
    next(items)
    del items


def test_two_loops_at_once_do_not_disturb_each_other():
    data = prefetch(range(50), 2)
    assert [a - b for a, b in zip(data, data, strict=True)] == [0] * 50


def test_it_composes():
    batches = minibatch(np.arange(6), 2)
    expected = [x.tolist() for x in ncycle(batches, 2)]
    assert [x.tolist() for x in prefetch(ncycle(batches, 2))] == expected
    assert [x.tolist() for x in ncycle(prefetch(batches), 2)] == expected
    assert [x.tolist() for x in prefetch(prefetch(ncycle(batches, 2)))] == expected
    assert len(list(itertools.islice(prefetch(batches), 2))) == 2


def test_a_model_is_trained_as_without():
    def trained(wrap):
        w = {"w": np.array(3.0)}
        data = minibatch(np.arange(20.0), 2, shuffle=True, seed=1)
        return [*knetc.sgd(lambda p, x: np.sum((p["w"] * x - 1) ** 2), wrap(data), lr=1e-4, params=w)]

    assert trained(prefetch) == trained(lambda data: data)


@pytest.mark.parametrize("stop", [2, 4, 6, 9])
@pytest.mark.parametrize("inside", [True, False])
def test_what_was_only_read_ahead_is_not_lost_when_a_run_goes_on(stop, inside, tmp_path):
    def training(seed):
        batches = minibatch(np.arange(20.0), 5, shuffle=True, seed=seed)
        data = ncycle(prefetch(batches, 3), 3) if inside else prefetch(ncycle(batches, 3), 3)
        return knetc.sgd(
            lambda p, x: np.sum((p["w"] * x - 1) ** 2), data, lr=1e-4, params={"w": np.array(3.0)}
        )

    whole = list(training(7))
    begun = list(itertools.islice(knetc.checkpointed(training(7), tmp_path, every=1), stop))
    assert begun[:-1] + list(knetc.checkpointed(training(8), tmp_path)) == whole


@pytest.mark.parametrize("n", [0, 3, 5, 9])
def test_the_first_items_can_be_skipped(n):
    assert list(prefetch(range(5)).skipping(n)) == list(range(n, 5))
    assert list(prefetch(Counted(5)).skipping(n)) == list(range(n, 5))


def test_the_thread_sees_the_settings_of_whoever_starts_it():
    with knetc.config(record=False):
        assert list(prefetch(options().record for _ in range(2))) == [False, False]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_begins_its_own_loop_and_is_told_so():
    items = iter(prefetch(range(5), 2))
    next(items)
    child = os.fork()
    if child == 0:
        try:
            fresh = list(prefetch(range(5), 2)) == [0, 1, 2, 3, 4]
            try:
                next(items)
                code = 1
            except ArgumentError as error:
                code = 0 if fresh and error.code == "KN436" else 2
        except BaseException:  # noqa: BLE001 - a child must not return into pytest
            code = 3
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert list(items) == [1, 2, 3, 4]


def test_data_can_be_gone_through():
    with pytest.raises(ArgumentError, match="KN436 `data` is a int, which cannot be gone through"):
        prefetch(3)


@pytest.mark.parametrize("n", [0, -1, 1.5, True])
def test_at_least_one_item_is_read_ahead(n):
    with pytest.raises(ArgumentError, match=f"KN436 `n` is {n}; expected at least 1 item"):
        prefetch([1], n)

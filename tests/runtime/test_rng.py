from __future__ import annotations

import threading

import numpy as np

from knetc.runtime.rng import generator, seed


def numbers_of_threads(n):
    """The first numbers of `n` threads, started one after the other."""
    found = []

    def draw():
        found.append(generator().random())

    for _ in range(n):
        thread = threading.Thread(target=draw)
        thread.start()
        thread.join()
    return found


def test_a_seed_repeats_the_stream():
    seed(1)
    first = generator().random(5)
    seed(1)
    assert np.array_equal(first, generator().random(5))


def test_different_seeds_have_different_streams():
    seed(1)
    first = generator().random()
    seed(2)
    assert first != generator().random()


def test_without_a_seed_the_stream_is_fresh():
    seed()
    first = generator().random()
    seed()
    assert first != generator().random()


def test_threads_have_streams_of_their_own_that_repeat_in_order():
    seed(1)
    first = numbers_of_threads(3)
    assert len(set(first)) == 3
    seed(1)
    assert numbers_of_threads(3) == first


def test_the_thread_that_seeds_has_the_first_stream_whoever_draws_first():
    seed(1)
    alone = generator().random()
    seed(1)
    numbers_of_threads(2)
    assert generator().random() == alone

from __future__ import annotations

import threading

import numpy as np

from knetc.train.scratch import scratch


def test_it_has_the_shape_and_the_dtype():
    for w in (np.ones((2, 3), np.float32), np.ones(()), np.ones((0, 2)), np.ones(4, complex)):
        assert (scratch(w).shape, scratch(w).dtype) == (w.shape, w.dtype)


def test_memory_is_used_again_and_grows_as_needed():
    small, large = np.ones(5), np.ones((40, 50))
    first = scratch(large)
    assert np.shares_memory(scratch(small), first)
    assert np.shares_memory(scratch(large), first)


def test_numbers_and_dtypes_have_memory_of_their_own():
    w = np.ones(5)
    assert not np.shares_memory(scratch(w), scratch(w, 1))
    assert not np.shares_memory(scratch(w), scratch(w.astype(np.float32)))


def test_so_have_threads():
    w, found = np.ones(5), []
    thread = threading.Thread(target=lambda: found.append(scratch(w)))
    thread.start()
    thread.join()
    assert not np.shares_memory(scratch(w), found[0])


def test_an_array_in_another_order_gets_one_like_it():
    w = np.ones((3, 4), order="F")
    assert scratch(w).flags.f_contiguous

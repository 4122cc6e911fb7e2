from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from knetc.runtime.rng import generator, restore, seed, state


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


@pytest.mark.parametrize("n", [1, None, 2**100])
def test_a_state_continues_the_stream_in_the_middle(n):
    seed(n)
    generator().random(3)
    generator().integers(10, dtype=np.uint32)  # leaves half a number behind
    saved = state()
    expected = generator().integers(2**32, size=3, dtype=np.uint32), generator().random(4)
    seed(5)
    restore(saved)
    found = generator().integers(2**32, size=3, dtype=np.uint32), generator().random(4)
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))


def test_threads_that_start_after_a_restored_state_have_the_streams_of_then():
    seed(1)
    numbers_of_threads(2)
    saved = state()
    expected = numbers_of_threads(2)
    seed(9)
    restore(saved)
    assert numbers_of_threads(2) == expected


def test_a_state_is_taken_and_kept_without_changing_the_stream():
    seed(1)
    first = state()
    generator().random(3)
    assert state() != first
    seed(1)
    assert state() == first


PROGRAM = """
import json, knetc
import numpy as np
knetc.seed(7)
x = np.arange(40.0).reshape(20, 2)
batches = knetc.minibatch(x, 4, shuffle=True)
model = {"w": knetc.xavier(3, 2), "b": knetc.gaussian(3)}
def loss(model, x):
    return np.mean((knetc.dropout(x @ model["w"].T, 0.5) + model["b"]) ** 2)
losses = list(knetc.adam(loss, knetc.ncycle(batches, 2), params=model))
print(json.dumps([value.hex() for value in losses] + [array.tobytes().hex() for array in model.values()]))
"""


def test_the_same_seed_gives_the_same_bits_in_every_process_whatever_the_hash_seed(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)

    def result(hash_seed):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        output = subprocess.run([sys.executable, file], check=True, capture_output=True, env=environment)
        return json.loads(output.stdout)

    first, second, third = result("0"), result("1"), result("random")
    assert first == second == third
    assert len(set(first)) == 12

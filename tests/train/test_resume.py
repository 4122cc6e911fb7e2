from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, FileError
from knetc.ops import dropout
from knetc.runtime.rng import generator, seed
from knetc.runtime.tree import leaves
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.folder import Checkpoints
from knetc.train.history import History
from knetc.train.log import logged
from knetc.train.loops import adam, momentum, sgd
from knetc.train.minimize import minimize, run
from knetc.train.optim import Adam
from knetc.train.progress import progress
from knetc.train.render import Quiet
from knetc.train.resume import checkpointed

X = np.random.default_rng(0).standard_normal((20, 3)).astype(np.float32)
Y = np.sum(X, axis=1, keepdims=True)
STEPS = 15


class Net:
    """Dropout, a mean that it updates itself, a counter, tied weights, and random numbers of three kinds."""

    def __init__(self, hidden=4):
        self.w1 = generator().normal(0, 1, (3, hidden)).astype(np.float32)
        self.w2 = generator().normal(0, 1, (hidden, 1)).astype(np.float32)
        self.tied = [self.w2]
        self.f = np.tanh
        self.calls = 0

    def __call__(self, x, y):
        self.calls += 1
        noise = 1.0 + 0.1 * float(np.random.random()) + 0.1 * random.random()  # noqa: NPY002
        h = self.f(dropout(x @ self.w1, 0.5, drop=True))
        return np.mean((noise * (h @ self.w2) - y) ** 2)


def training(*, passes=3, hidden=4, optimiser=None, batchsize=4, x=X, **options):
    """A training as a fresh process would set it up."""
    data = ncycle(minibatch(x, Y[: len(x)], batchsize, shuffle=True), passes)
    return minimize(Net(hidden), data, optimiser or Adam(lr=lambda step: 0.1 / (1 + step)), **options)


def start(n=1):
    """The random generators as in a new process that was seeded, or in one that was not (another n)."""
    seed(n)
    np.random.seed(n)  # noqa: NPY002
    random.seed(n)


def unbroken(**options):
    start()
    return list(training(**options))


def weights(training):
    return [training.trained.w1.tobytes(), training.trained.w2.tobytes(), training.trained.calls]


# ---- in one process


@pytest.mark.parametrize("stop", [3, 4, 5, 9, 14])
def test_a_resumed_run_gives_the_losses_of_an_unbroken_one(tmp_path, stop):
    start()
    whole = training()
    expected = list(whole)
    start()
    first = list(islice(checkpointed(training(), tmp_path, every=2), stop))
    start(99)  # nothing of the new process may matter
    later = training()
    rest = list(checkpointed(later, tmp_path, every=2))
    done = (stop - 1) // 2 * 2  # the last step was never finished
    assert first[:done] + rest == expected
    assert first == expected[:stop]
    assert weights(later) == weights(whole)


@pytest.mark.parametrize("loop", [sgd, momentum, adam])
def test_every_optimiser_is_resumed(tmp_path, loop):
    def fresh():
        rng = np.random.default_rng(0)
        model = {"w": rng.standard_normal((3, 1))}
        return loop(lambda p, x, y: np.mean((x @ p["w"] - y) ** 2), minibatch(X, Y, 2, seed=1), params=model)

    list(islice(checkpointed(fresh(), tmp_path, every=3), 5))
    assert list(checkpointed(fresh(), tmp_path)) == list(fresh())[3:]


@pytest.mark.parametrize("accumulate", [2, 4])
def test_steps_of_several_batches_are_resumed(tmp_path, accumulate):
    expected = unbroken(accumulate=accumulate)
    start()
    first = list(islice(checkpointed(training(accumulate=accumulate), tmp_path, every=1), 3))
    rest = list(checkpointed(training(accumulate=accumulate), tmp_path))
    assert first[:2] + rest == expected
    assert len(expected) == -(-STEPS // accumulate)


def test_the_rate_of_the_checkpoint_is_restored(tmp_path):
    start()
    for step, _ in enumerate(
        checkpointed(before := training(optimiser=Adam(0.5)), tmp_path, every=5), start=1
    ):
        if step == 4:
            before.optimiser.lr = 0.25
        if step == 6:
            break
    after = training(optimiser=Adam(0.5))
    next(iter(checkpointed(after, tmp_path)))
    assert after.optimiser.lr == 0.25
    assert after.optimiser.steps == 6


def test_a_finished_run_has_nothing_left(tmp_path):
    start()
    finished = training()
    run(checkpointed(finished, tmp_path))
    again = training()
    assert list(checkpointed(again, tmp_path)) == []
    assert weights(again) == weights(finished)


def test_a_finished_run_can_be_made_longer(tmp_path):
    expected = unbroken(passes=5)
    start()
    first = list(checkpointed(training(passes=2), tmp_path))
    assert first + list(checkpointed(training(passes=5), tmp_path)) == expected


def test_the_effects_of_the_loops_body_are_in_the_checkpoint(tmp_path):
    def body(losses):
        for loss in losses:
            yield loss, float(generator().random())

    start()
    expected = list(body(training()))
    start()
    first = list(islice(body(checkpointed(training(), tmp_path, every=1)), 8))
    assert first[:7] + list(body(checkpointed(training(), tmp_path))) == expected


def test_checkpoints_are_written_every_so_many_steps_and_at_the_end(tmp_path):
    start()
    losses = checkpointed(training(), tmp_path, every=4, keep=9)
    seen = [len(Checkpoints(tmp_path).steps()) for _ in losses]
    assert seen == [0] * 4 + [1] * 4 + [2] * 4 + [3] * 3
    assert Checkpoints(tmp_path).steps() == [4, 8, 12, 15]


def test_an_end_that_has_just_been_written_is_not_written_again(tmp_path, monkeypatch):
    saved = []
    monkeypatch.setattr(Checkpoints, "save", lambda self, step, value: saved.append(step))
    run(checkpointed(training(), tmp_path, every=5))
    assert saved == [5, 10, 15]


def test_nothing_happens_before_the_first_loss_is_asked_for(tmp_path):
    checkpointed(training(), tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("outer", [True, False])
def test_progress_may_stand_on_either_side(tmp_path, outer):
    def shown():
        if outer:
            return progress(checkpointed(training(), tmp_path, every=2), renderer=Quiet())
        return checkpointed(progress(training(), renderer=Quiet()), tmp_path, every=2)

    expected = unbroken()
    start()
    first = list(islice(shown(), 7))
    assert len(shown()) == STEPS - 6
    assert first[:6] + list(shown()) == expected


class Counted:
    """Data of the user's own, which knows nothing of checkpoints."""

    def __iter__(self):
        for i in range(12):
            yield X[i : i + 4], Y[i : i + 4]


@pytest.mark.parametrize(
    "data", [Counted(), list(Counted()), ncycle(Counted(), 2), ncycle(list(Counted()), 2)]
)
def test_data_of_ones_own_are_gone_through_to_the_place(tmp_path, data):
    def fresh():
        start()
        return minimize(Net(), data, Adam())

    expected = list(fresh())
    first = list(islice(checkpointed(fresh(), tmp_path, every=7), 9))
    assert first[:7] + list(checkpointed(fresh(), tmp_path)) == expected


def test_the_arrays_of_a_checkpoint_have_readable_names(tmp_path):
    from safetensors.numpy import load_file

    start()
    run(checkpointed(training(), tmp_path))
    names = set(load_file(tmp_path / "step-00000015.safetensors"))
    assert {"run.model.w1", "run.model.w2", "run.optimiser.memory.w1.m"} < names


class Images:
    """Convolution, batch normalisation with running statistics, dropout."""

    def __init__(self):
        self.conv, self.out = knetc.Conv(1, 4, 3, padding=1), knetc.Dense(4 * 36, 3)
        self.moments, self.scale = knetc.BatchNormMoments(), knetc.bnparams(4)

    def __call__(self, x, y):
        h = knetc.relu(knetc.batchnorm(self.conv(x), self.moments, self.scale))
        return knetc.nll(self.out(dropout(h, 0.3)), y)


class Sentences:
    """Word vectors, of which only some rows have gradients, and a recurrent network with dropout between its layers."""

    def __init__(self):
        self.words, self.rnn = knetc.Embed(20, 4), knetc.LSTM(4, 5, num_layers=2, dropout=0.2)
        self.out = knetc.Linear(5, 3)

    def __call__(self, x, y):
        return knetc.nll(self.out(self.rnn(self.words(x))[-1]), y)


def images():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((12, 1, 6, 6)).astype("f"), rng.integers(0, 3, 12)
    data = knetc.prefetch(ncycle(minibatch(x, y, 3, shuffle=True), 3))
    return adam(Images(), data, lr=knetc.cosine(0.01, 12, warmup=2))


def sentences():
    rng = np.random.default_rng(0)
    words = [rng.integers(0, 20, 2 + i % 4) for i in range(20)]
    data = ncycle(knetc.buckets(words, [i % 3 for i in range(20)], 4, shuffle=True), 2)
    return knetc.rmsprop(Sentences(), data)


@pytest.mark.parametrize("fresh", [images, sentences])
def test_layers_data_and_schedules_of_knetc_are_resumed(tmp_path, fresh):
    start()
    whole = fresh()
    expected = list(whole)
    start()
    first = list(islice(checkpointed(fresh(), tmp_path, every=3), 8))
    start(99)
    later = fresh()
    assert first[:6] + list(checkpointed(later, tmp_path)) == expected
    for (path, old), (_, new) in zip(leaves(whole.trained), leaves(later.trained), strict=True):
        np.testing.assert_array_equal(old, new, err_msg=path)
    if fresh is images:
        np.testing.assert_array_equal(whole.trained.moments.var, later.trained.moments.var)


# ---- what does not fit


def refused(tmp_path, changed, code, message):
    """The changed training is refused; it, the checkpoints and the place are as they were."""
    start()
    list(islice(checkpointed(training(), tmp_path, every=5), 6))
    files = {path.name: path.read_bytes() for path in tmp_path.glob("step*")}
    before = weights(changed), changed.optimiser.steps, changed.place(), generator().bit_generator.state
    with pytest.raises(ArgumentError, match=f"{code} {message}") as caught:
        next(iter(checkpointed(changed, tmp_path)))
    assert caught.value.__notes__ == [f"in the checkpoint of step 5 in `{tmp_path}`, which is intact"]
    assert files == {path.name: path.read_bytes() for path in tmp_path.glob("step*")}
    after = weights(changed), changed.optimiser.steps, changed.place(), generator().bit_generator.state
    assert before[:3] == after[:3]


def test_a_model_of_another_shape_is_refused(tmp_path):
    message = r"`run.model.w1` is float32 \(3, 5\), in the file float32 \(3, 4\)"
    refused(tmp_path, training(hidden=5), "KN614", message)


def test_another_optimiser_is_refused(tmp_path):
    from knetc.train.optim import Momentum

    refused(
        tmp_path,
        training(optimiser=Momentum()),
        "KN614",
        "`run.optimiser` holds a Momentum, in the file a Adam",
    )


def test_other_data_are_refused(tmp_path):
    message = "the data have instances=16, those of the checkpoint instances=20"
    refused(tmp_path, training(x=X[:16]), "KN424", message)


def test_another_division_of_the_data_is_refused(tmp_path):
    message = "the data have batchsize=5, those of the checkpoint batchsize=4"
    refused(tmp_path, training(batchsize=5), "KN424", message)


def test_data_without_an_order_in_the_place_of_such_with_one_are_refused(tmp_path):
    changed = minimize(Net(), list(Counted()), Adam(lr=lambda step: 0.1))
    refused(
        tmp_path, changed, "KN424", "the data are a list, those of the checkpoint had an order of their own"
    )


def test_a_checkpoint_of_something_else_is_refused(tmp_path):
    Checkpoints(tmp_path).save(3, {"w": np.ones(3)})
    changed = training()
    with pytest.raises(ArgumentError, match="KN614 `into` holds a Standing, in the file a dict"):
        next(iter(checkpointed(changed, tmp_path)))


def test_a_generator_has_no_place(tmp_path):
    with pytest.raises(ArgumentError, match="KN423 `iterator` is a generator, whose place cannot be saved"):
        checkpointed((loss for loss in training()), tmp_path)


@pytest.mark.parametrize("every", [0, -1, 2.0, None, True])
def test_an_interval_is_a_number_of_steps(tmp_path, every):
    with pytest.raises(ArgumentError, match=f"KN422 `every` is {every!r}; expected the number of steps"):
        checkpointed(training(), tmp_path, every=every)


def test_a_model_that_cannot_be_saved_is_told_before_anything_is_trained(tmp_path):
    changed = training()
    changed.trained.rng = np.random.default_rng(0)
    with pytest.raises(ArgumentError, match=r"KN615 `run.model.rng` cannot be saved: it is a Generator"):
        next(iter(checkpointed(changed, tmp_path)))
    assert changed.trained.calls == 0


# ---- folders and files that fail


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_trained(tmp_path):
    (tmp_path / "file").write_text("")
    changed = training()
    with pytest.raises(FileError, match=r"KN616 cannot use the folder `.*file.*`: "):
        next(iter(checkpointed(changed, tmp_path / "file" / "run")))
    assert changed.trained.calls == 0


def test_a_folder_that_may_only_be_read_is_told_before_anything_is_trained(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    changed = training()
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileError, match=r"KN616 cannot use the folder `.*`: Permission denied"):
        next(iter(checkpointed(changed, tmp_path)))
    assert changed.trained.calls == 0


def test_a_disk_that_fills_up_leaves_the_older_checkpoints_to_go_on_from(tmp_path, monkeypatch):
    expected = unbroken()
    start()
    fsync, given = os.fsync, []

    def full(descriptor):
        if len(given) > 8:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    with monkeypatch.context() as broken, pytest.raises(FileError, match=r"KN616 .*No space left on device"):
        broken.setattr(os, "fsync", full)
        for loss in checkpointed(training(), tmp_path, every=3):
            given += [loss]
    assert Checkpoints(tmp_path).steps() == [3, 6]
    assert given[:6] + list(checkpointed(training(), tmp_path)) == expected


@pytest.mark.parametrize("damage", [lambda data: data[:-100], lambda data: data[:-9] + b"x" + data[-8:]])
def test_a_damaged_checkpoint_costs_the_steps_since_the_one_before(tmp_path, damage):
    expected = unbroken()
    start()
    list(islice(checkpointed(training(), tmp_path, every=3), 10))
    newest = tmp_path / "step-00000009.safetensors"
    newest.write_bytes(damage(newest.read_bytes()))
    with pytest.warns(
        RuntimeWarning, match=r"skipped a checkpoint: `.*step-00000009.safetensors` is damaged"
    ):
        rest = list(checkpointed(training(), tmp_path, every=3))
    assert rest == expected[6:]
    assert newest.exists()


def test_a_folder_that_is_removed_meanwhile_is_made_again(tmp_path):
    import shutil

    start()
    for step, _ in enumerate(checkpointed(training(), tmp_path / "run", every=2)):
        if step == 5:
            shutil.rmtree(tmp_path / "run")
    assert Checkpoints(tmp_path / "run").steps() == [12, 14, 15]


def test_what_killed_runs_have_left_behind_is_swept(tmp_path):
    old, young, foreign = (tmp_path / name for name in (".knetc-1.tmp", ".knetc-2.tmp", "other.tmp"))
    for path in (old, young, foreign):
        path.touch()
    for path in (old, foreign):
        os.utime(path, (time.time() - 700, time.time() - 700))
    start()
    run(checkpointed(training(), tmp_path))
    assert [path.exists() for path in (old, young, foreign)] == [False, True, True]


# ---- two loops on one folder


def test_a_second_loop_on_the_folder_is_refused_and_the_first_is_undisturbed(tmp_path):
    expected = unbroken()
    start()
    first = iter(checkpointed(training(), tmp_path, every=2))
    given = [next(first) for _ in range(3)]
    state = generator().bit_generator.state
    with pytest.raises(FileError, match=r"KN619 `.*` is in use by another process, or by another loop"):
        next(iter(checkpointed(training(), tmp_path)))
    generator().bit_generator.state = state
    assert given + list(first) == expected


def test_a_loop_that_is_left_gives_the_folder_free(tmp_path):
    start()
    for _ in checkpointed(training(), tmp_path):
        break
    with pytest.raises(KeyError):
        for _ in checkpointed(training(), tmp_path):
            raise KeyError
    assert len(list(checkpointed(training(), tmp_path))) == STEPS


# ---- kill -9

ROOT = str(Path(__file__).parent.parent.parent)
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([ROOT, os.environ.get("PYTHONPATH", "")])}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a system without SIGKILL")
def test_a_folder_is_free_again_when_its_process_has_been_killed(tmp_path):
    program = """
import sys, time
from tests.train.test_resume import training
from knetc.train import checkpointed
for loss in checkpointed(training(), sys.argv[1]):
    print("running", flush=True)
    time.sleep(600)
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT)
    try:
        assert other.stdout.readline() == b"running\n"
        with pytest.raises(FileError, match=r"KN619 `.*` is in use by another process"):
            next(iter(checkpointed(training(), tmp_path)))
    finally:
        other.kill()
        other.communicate()
    assert len(list(checkpointed(training(), tmp_path))) == STEPS


PROGRAM = """
import os, random, signal, sys
import numpy as np
from tests.train.test_resume import start, training
from knetc.train.resume import checkpointed

folder, kill, moment = sys.argv[1], sys.argv[2], int(sys.argv[3])
start(int.from_bytes(os.urandom(2)) if os.listdir(folder) else 1)
count, fsync = 0, os.fsync

def die_in_a_write(descriptor):
    global count
    count += 1
    if count == moment:
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(descriptor)

if kill == "write":
    os.fsync = die_in_a_write
losses = training(passes=12)
for loss in checkpointed(losses, folder, every=3, keep=2):
    count += kill == "step"
    print(losses.optimiser.steps, float(loss).hex(), flush=True)
    if kill == "step" and count == moment:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(folder, kill, moment):
    """The losses by step of a run that dies of SIGKILL at that moment, or comes to its end."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(folder), kill, str(moment)]
    result = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert result.returncode in (0, -signal.SIGKILL), result.stderr
    return [(int(step), loss) for step, loss in map(str.split, result.stdout.splitlines())], result.returncode


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a system without SIGKILL")
@pytest.mark.parametrize(
    ("kill", "moments"),
    [
        ("step", [7, 1, 20, 99]),  # losses after the start
        ("write", [2, 1, 4, 99]),  # files and folders reaching the disk: 1 is within the first write
    ],
)
def test_a_run_that_is_killed_again_and_again_gives_the_losses_of_an_unbroken_one(tmp_path, kill, moments):
    expected = [loss.hex() for loss in unbroken(passes=12)]
    seen = {}
    for moment in moments:
        losses, code = killed(tmp_path, kill, moment)
        assert [expected[step - 1] for step, _ in losses] == [loss for _, loss in losses]
        seen |= dict(losses)
    assert code == 0
    assert sorted(seen) == list(range(1, 61))


def with_a_foreign_pass(folder, *, n):
    """A training in whose log somebody goes through the shuffled data as well."""
    data = minibatch(np.arange(8.0), 2, shuffle=True, seed=1)
    loss = sgd(lambda w, x: np.mean((w["w"] - x) ** 2), ncycle(data, n), lr=0.01, params={"w": np.zeros(1)})
    looked = logged(loss, History(), every=2, total=lambda: sum(float(x.sum()) for x in data))
    return checkpointed(looked, folder, every=3)


@pytest.mark.parametrize("stop", [4, 5, 8, 11])
def test_others_may_go_through_the_data_of_the_loop(tmp_path, stop):
    unbroken = list(with_a_foreign_pass(tmp_path / "a", n=3))
    broken = iter(with_a_foreign_pass(tmp_path / "b", n=3))
    first = [next(broken) for _ in range(stop)]
    broken.close()
    rest = list(with_a_foreign_pass(tmp_path / "b", n=3))
    assert first == unbroken[:stop]
    assert rest == unbroken[len(unbroken) - len(rest) :]
    assert len(rest) < 12

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from knetc.errors import ArgumentError, FileError
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.history import History
from knetc.train.log import logged
from knetc.train.loops import adam
from knetc.train.progress import progress
from knetc.train.render import Quiet
from knetc.train.resume import checkpointed

LOSSES = [0.5, 0.25, 0.125, 0.0625]


def training(passes=5):
    """Eight steps a pass."""
    x = np.random.default_rng(0).standard_normal((16, 3))
    w = {"w": np.ones(3)}
    data = ncycle(minibatch(x, 2, shuffle=True, seed=1), passes)
    return adam(lambda w, x: np.mean((x @ w["w"] - 1.0) ** 2), data, lr=0.1, params=w)


def test_values_pass_through_and_every_one_is_written_down():
    history = History()
    assert list(logged(LOSSES, history)) == LOSSES
    assert history == [{"step": step, "loss": loss} for step, loss in enumerate(LOSSES, start=1)]


def test_there_may_be_several_sinks(tmp_path):
    history = History()
    list(logged(LOSSES, tmp_path / "log.jsonl", str(tmp_path / "log.csv"), history))
    assert History.read(tmp_path / "log.jsonl") == History.read(tmp_path / "log.csv") == history
    assert len(history) == 4


def test_metrics_see_the_model_after_the_step_and_are_asked_every_so_many_steps():
    losses, history, asked = training(1), History(), []

    def weight():
        asked.append(losses.optimiser.steps)
        return losses.trained["w"][0]

    expected = list(training(1))
    assert list(logged(losses, history, every=3, weight=weight)) == expected
    assert asked == [3, 6]
    assert [record["loss"] for record in history] == [expected[2], expected[5]]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (np.float32(0.5), float),
        (np.array(0.5), float),
        (np.int64(3), int),
        (True, int),
        (2, int),
        (0.1, float),
    ],
)
def test_numbers_of_every_kind_are_taken(value, kind):
    history = History()
    list(logged([value], history, m=lambda: value))
    assert history == [{"step": 1, "loss": value, "m": value}]
    assert type(history[0]["m"]) is type(history[0]["loss"]) is kind


@pytest.mark.parametrize("value", ["0.5", None, np.ones(2), [1.0], 1j])
def test_what_is_no_number_is_named(value):
    history = History()
    kind = type(value).__name__
    with pytest.raises(ArgumentError, match=f"KN425 `accuracy` is a {kind}; expected a number"):
        list(logged(LOSSES, history, accuracy=lambda: value))
    assert history == []
    with pytest.raises(ArgumentError, match=f"KN425 `loss` is a {kind}; expected a number"):
        list(logged([value], history))


@pytest.mark.parametrize("sink", [3, None, [], print])
def test_a_sink_that_is_none_is_refused(sink):
    message = f"KN425 a {type(sink).__name__} takes no records; expected a path, a History or a TensorBoard"
    with pytest.raises(ArgumentError, match=message):
        logged(LOSSES, sink)


@pytest.mark.parametrize("every", [0, -2, 1.5, None, True])
def test_an_interval_is_a_number_of_steps(every):
    with pytest.raises(ArgumentError, match=f"KN422 `every` is {every!r}; expected the number of steps"):
        logged(LOSSES, every=every)


def test_nothing_is_opened_before_the_first_value_is_asked_for(tmp_path):
    logged(LOSSES, tmp_path / "log.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_closed_when_the_loop_is_left(tmp_path):
    losses = logged(LOSSES, tmp_path / "log.csv")
    for _ in losses:
        break
    assert losses.sinks[0].file.closed
    assert len(History.read(tmp_path / "log.csv")) == 1


def test_a_file_that_is_there_is_begun_anew(tmp_path):
    for losses in (LOSSES, LOSSES[:2]):
        list(logged(losses, tmp_path / "log.csv"))
    assert [record["loss"] for record in History.read(tmp_path / "log.csv")] == LOSSES[:2]


def test_it_has_the_length_of_what_it_logs():
    assert len(logged(LOSSES)) == 4


def test_a_foreign_file_stops_the_run_before_it_begins(tmp_path):
    (tmp_path / "log.csv").write_text("mine\n")
    losses = training()
    with pytest.raises(FileError, match="KN429"):
        next(iter(logged(losses, tmp_path / "log.csv")))
    assert losses.optimiser.steps == 0


# ---- with checkpoints


@pytest.mark.parametrize("outer", [True, False])
def test_a_resumed_run_has_the_log_of_an_unbroken_one(tmp_path, outer):
    path = tmp_path / "log.jsonl"

    def losses():
        inner = training()
        inner = inner if outer else progress(inner, renderer=Quiet())
        whole = checkpointed(logged(inner, path, every=2), tmp_path, every=5)
        return progress(whole, renderer=Quiet()) if outer else whole

    list(islice(losses(), 19))
    assert [record["step"] for record in History.read(path)] == list(range(2, 20, 2))
    list(losses())
    expected = [{"step": step, "loss": loss} for step, loss in enumerate(training(), start=1)]
    assert History.read(path) == expected[1::2]


@pytest.mark.parametrize("wrap", [lambda losses: losses, lambda losses: progress(losses, renderer=Quiet())])
def test_a_log_around_checkpoints_is_refused(tmp_path, wrap):
    with pytest.raises(ArgumentError, match="KN425 `logged` stands around `checkpointed`"):
        logged(wrap(checkpointed(training(), tmp_path)), tmp_path / "log.csv")


PROGRAM = """
import os, signal, sys
from pathlib import Path
from tests.train.test_log import training
from knetc.train import checkpointed, logged

folder, moment = Path(sys.argv[1]), int(sys.argv[2])
losses = checkpointed(logged(training(), folder / "log.jsonl", folder / "log.csv"), folder, every=6)
for count, _ in enumerate(losses, start=1):
    if count == moment:
        with open(folder / "log.jsonl", "ab") as file:
            file.write(b'{"step": 99, "lo')  # as if it had died within a write
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a system without SIGKILL")
def test_a_run_that_is_killed_has_the_log_of_an_unbroken_one(tmp_path):
    root = Path(__file__).parent.parent.parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    for moment in (4, 21, 99):
        command = [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path), str(moment)]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode in (0, -signal.SIGKILL), result.stderr
    expected = [{"step": step, "loss": loss} for step, loss in enumerate(training(), start=1)]
    assert History.read(tmp_path / "log.jsonl") == History.read(tmp_path / "log.csv") == expected


def test_the_help_for_a_wrong_order_is_the_right_one(tmp_path):
    with pytest.raises(
        ArgumentError, match=re.escape("checkpointed(logged(adam(model, data), path), folder)")
    ):
        logged(checkpointed(training(), tmp_path))

"""Every example as its readers run it, in its short form: a program of its own, without network, in an empty folder.

A result must be better than the number that stands beside it, which is beyond what an untrained program reaches (a
pole falls after 22 steps on average, an untrained generator draws all pixels half black); of errors, less.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PARTS = {"cartpole", "command", "pictures"}
"""Files that examples import."""

ERRORS = {"char_lm", "dcgan", "transformer_lm", "vae"}

BETTER_THAN = {
    "actor_critic": ("mean return", 50.0),
    "char_lm": ("test perplexity", 20.0),
    "custom_op": ("eccentricity", 0.5),
    "dcgan": ("ink", 0.45),
    "dqn": ("mean return", 50.0),
    "fashion": ("test accuracy", 0.6),
    "imdb": ("test accuracy", 0.7),
    "lenet": ("test accuracy", 0.5),
    "linear_regression": ("explained", 0.1),
    "mlp": ("test accuracy", 0.8),
    "neural_ode": ("explained", 0.2),
    "optimisers": ("best test accuracy", 0.6),
    "pos_tagger": ("test accuracy", 0.3),
    "reinforce": ("mean return", 50.0),
    "seq2seq": ("letters right", 0.2),
    "transformer_lm": ("test perplexity", 30.0),
    "translate": ("words right", 0.1),
    "tree_lstm": ("test accuracy", 0.2),
    "vae": ("test bound", 300.0),
}


def test_every_example_has_a_result_that_is_checked():
    assert {path.stem for path in EXAMPLES.glob("*.py")} - PARTS == set(BETTER_THAN)


@pytest.mark.parametrize("name", BETTER_THAN)
def test_a_short_run_gives_a_result_and_no_warning(name, tmp_path):
    label, chance = BETTER_THAN[name]
    command = [sys.executable, "-W", "error", EXAMPLES / f"{name}.py", "--quick"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    [result] = re.findall(rf"^{label}: (\d+\.\d+)", done.stdout, re.MULTILINE)
    assert (float(result) < chance) is (name in ERRORS)


@pytest.mark.parametrize("name", BETTER_THAN)
def test_it_says_how_it_is_run(name):
    text = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    assert f"python examples/{name}.py --quick" in text
    done = subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py", "--help"], capture_output=True, text=True, check=True
    )
    assert "--quick" in done.stdout

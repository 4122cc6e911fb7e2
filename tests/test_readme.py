"""What the README shows is what the code does."""

from __future__ import annotations

import inspect
import linecache
import re
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import knetc

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def defined(source: str) -> dict[str, Any]:
    """What a block defines."""
    linecache.cache["README.md"] = (len(source), None, source.splitlines(keepends=True), "README.md")
    namespace: dict[str, Any] = {"np": np}
    exec(compile(source, "README.md", "exec"), namespace)
    return namespace


def test_the_generated_gradient_is_the_one_shown() -> None:
    source, shown = BLOCKS[:2]
    loss = defined(source)["loss"]
    assert isinstance(loss, knetc.Gradient)

    loss(np.ones((3, 2)), np.ones(2), np.ones((4, 3)), np.ones((4, 2)))

    assert shown.strip() == loss.source.strip()


def test_the_stores_are_the_ones_shown() -> None:
    gradient = knetc.grad(defined(BLOCKS[2])["heat"])

    gradient(np.ones(5), 3)

    assert BLOCKS[3].strip() in gradient.source


def test_the_recorded_form_is_the_one_shown() -> None:
    gradient = knetc.grad(defined(BLOCKS[4])["energy"])

    gradient(0.5, 0.9)

    assert BLOCKS[5].strip() in gradient.source


def test_the_layers_are_those_of_the_example() -> None:
    example = (ROOT / "examples/lenet.py").read_text(encoding="utf-8")

    assert BLOCKS[6] in example


def test_the_training_lines_use_public_names_with_their_arguments() -> None:
    names = set(re.findall(r"\b(minibatch|progress|adam|ncycle|accuracy|run|mnist)\(", BLOCKS[7]))

    homes = {name: getattr(knetc.datasets if name == "mnist" else knetc, name) for name in names}
    assert len(homes) == 7
    assert all(inspect.getdoc(function) for function in homes.values())


class Softmax:
    def __init__(self) -> None:
        self.w, self.b = knetc.param0(3, 2), knetc.param0(3)

    def __call__(self, x: Any, y: Any = None) -> Any:
        scores = x @ self.w.T + self.b
        return scores if y is None else knetc.nll(scores, y)


def test_the_composed_training_learns() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 90)
    x = (
        np.eye(3)[y] @ np.array([[4.0, 0.0], [0.0, 4.0], [-4.0, -4.0]]) + rng.standard_normal((90, 2))
    ).astype("f")
    namespace = vars(knetc.train) | {"nll": knetc.nll, "accuracy": knetc.accuracy}
    exec(BLOCKS[8], namespace)

    batches, held_out = knetc.minibatch(x[:60], y[:60], 10), knetc.minibatch(x[60:], y[60:], 10)
    assert namespace["trained"](Softmax(), batches, held_out) > 0.9


def test_the_resumable_training_has_a_log_and_nothing_left_to_do(tmp_path: Path) -> None:
    resumable = defined("from knetc.train import *\n" + BLOCKS[9])["resumable"]
    batches = knetc.minibatch(np.ones((40, 2), "f"), np.zeros(40, int), 4)

    first = resumable(Softmax(), batches, str(tmp_path))

    assert [record["step"] for record in first] == [10, 20, 30]
    assert not list(knetc.checkpointed(knetc.adam(Softmax(), knetc.ncycle(batches, 3)), tmp_path))


def test_the_layers_have_the_text_and_the_error_shown() -> None:
    model = eval(BLOCKS[10].partition("=")[2], vars(knetc.nn) | {"relu": knetc.relu})

    with pytest.raises(knetc.ShapeError) as caught:
        model(np.ones((32, 1, 30, 30), "f"))
    told = str(caught.value).partition("\nhelp: ")[0]
    assert f"```\n{model!r}\n```" in README
    assert f"```\n{told}\n```" in README


def test_the_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in re.findall(r"\$ make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_folders_of_the_flow_exist() -> None:
    assert all(
        (ROOT / folder).is_dir()
        for folder in re.findall(r"knetc/\w+(?=\s)", textwrap.dedent(README))
        if "." not in folder
    )

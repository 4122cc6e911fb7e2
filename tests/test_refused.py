"""What the compiler cannot write the adjoint of is refused where it may not be recorded: one file per case.

A refusal has a place, a reason and a rewrite.

A case defines `f`, which is differentiated at `arguments`, or at an array of three numbers.
"""

from __future__ import annotations

import linecache
from pathlib import Path

import numpy as np
import pytest

from knetc import config, grad
from knetc.errors import Refusal

CASES = sorted((Path(__file__).parent / "refused").glob("*.py"))


def refusal(file: str, text: str) -> str:
    """What is printed when the gradient of the function `f` in a text is asked for."""
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names = {"__name__": file.removesuffix(".py")}
    exec(compile(text, file, "exec", dont_inherit=True), names)
    with config(record=False), pytest.raises(Refusal) as caught:
        grad(names["f"])(*names.get("arguments", [np.array([1.0, 2.0, 3.0])]))
    return str(caught.value)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_refused_as_written(path, check_golden):
    check_golden(path, lambda text: refusal(path.name, text))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_refusal_is_short_points_and_helps(path):
    text = path.read_text().partition("\n# output\n")[0]
    lines = refusal(path.name, text.strip("\n") + "\n").splitlines()

    assert len(lines) <= 12
    assert lines[0].startswith(f"{path.name}:")
    assert " KN101 " in lines[0]
    assert set(lines[2].strip(" |")) == {"^"}
    assert lines[3].startswith("help: ")
    assert lines[-1] == "more: knetc explain KN101"

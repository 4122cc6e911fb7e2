"""How long knetc takes before it computes: to compile functions, to be imported, to give a first gradient.

python benchmarks/compile_time.py --runs 20
"""

from __future__ import annotations

import linecache
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from timing import Row, options, report, row

import knetc
from knetc.compiled import _pairs

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
from lenet import Chain, Conv, Dense, identity

FIRST_GRADIENT = """
import numpy as np
import knetc
def loss(w, x):
    return np.sum(np.tanh(x @ w) ** 2)
knetc.grad(loss)(np.ones(3), np.ones((4, 3)))
"""
PROCESSES = {
    "python alone": "",
    "import numpy": "import numpy",
    "import knetc": "import knetc",
    "first gradient": FIRST_GRADIENT,
}

LINES_5 = """
def loss(w, b, x, y):
    h = x @ w + b
    p = np.tanh(h)
    error = p - y
    return np.mean(error * error)
"""
LINES_15 = """
def loss(w, b, x, y):
    h = x
    total = 0.0
    for i in range(3):
        h = h @ w + b
        if i == 1:
            h = np.tanh(h)
        else:
            h = np.maximum(h, 0)
        total = total + np.sum(h * h) / (i + 1)
    error = h - y
    square = error * error
    weight = np.exp(-square)
    mean = np.mean(weight * square)
    return mean + 0.01 * total
"""
BLOCK = """
    a{i} = h @ w + b
    if scale > {i}:
        a{i} = np.tanh(a{i})
    else:
        a{i} = a{i} * scale
    for j in range({i}):
        a{i} = a{i} + np.sin(h) * j
    m{i} = np.mean(a{i}, axis=0)
    v{i} = np.sum((a{i} - m{i}) ** 2)
    h = h + a{i} / (1.0 + v{i})
"""
LINES_60 = (
    "def loss(w, b, x, scale):\n    h = x\n"
    + "".join(BLOCK.format(i=i) for i in range(1, 6))
    + "    e = np.exp(-h * h)\n    s = np.sum(e)\n    t = np.max(h)\n    return s + t\n"
)


def function(text: str, name: str) -> Callable[..., Any]:
    """The function in a text, which its line numbers and the compiler can find."""
    file = f"<{name}>"
    text = "\n".join(line for line in text.splitlines() if line) + "\n"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope = {"np": np}
    exec(compile(text, file, "exec"), scope)
    return scope["loss"]


def first_call(f: Callable[..., Any], args: tuple[Any, ...]) -> tuple[float, float]:
    """Seconds of a call that compiles, and of the next one, which does not."""
    _pairs.clear()  # what an earlier first call has compiled for layers
    gradient = knetc.grad(f)
    start = time.perf_counter()
    gradient(*args)
    middle = time.perf_counter()
    gradient(*args)
    return middle - start, time.perf_counter() - middle


def compiling(name: str, f: Callable[..., Any], args: tuple[Any, ...], runs: int) -> Row:
    first_call(f, args)
    return alone(
        "compile", name, [first - second for first, second in (first_call(f, args) for _ in range(runs))]
    )


def starting(name: str, program: str, runs: int) -> Row:
    """A program in a process of its own, once more than is counted: that one compiles all modules to bytecode."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.py"
        file.write_text(program, encoding="utf-8")
        surroundings = os.environ | {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        for _ in range(runs + 1):
            start = time.perf_counter()
            subprocess.run([sys.executable, str(file)], check=True, env=surroundings)
            times.append(time.perf_counter() - start)
    return alone("process", name, times[1:])


def alone(task: str, name: str, times: list[float]) -> Row:
    """A row whose quartiles are relative to its own median: there is nothing to compare with."""
    return row(task, name, times, [statistics.median(times)] * len(times))


def main() -> None:
    """Compile in this process, then start others."""
    chosen = options("what knetc costs before it computes", runs=10)
    rng = np.random.default_rng(0)
    w, b, x = rng.normal(size=(6, 6)), rng.normal(size=6), rng.normal(size=(8, 6))
    lenet = Chain(Conv(3, 3, 1, 2), Conv(3, 3, 2, 3), Dense(12, 4), Dense(4, 3, identity))
    images = rng.random((2, 1, 14, 14), np.float32)
    functions = {
        "5 lines": (function(LINES_5, "5 lines"), (w, b, x, x)),
        "15 lines": (function(LINES_15, "15 lines"), (w, b, x, x)),
        "60 lines": (function(LINES_60, "60 lines"), (w, b, x, 2.5)),
        "LeNet with its layers": (Chain.__call__, (lenet, images, np.array([0, 2]))),
    }
    rows = [compiling(name, f, args, chosen.runs) for name, (f, args) in functions.items()]
    rows += [starting(name, program, chosen.runs) for name, program in PROCESSES.items()]
    report(rows, chosen.json)


if __name__ == "__main__":
    main()

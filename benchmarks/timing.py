"""Timing several ways to compute the same thing against each other: taken in turns, in one process, as ratios."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

PACKAGES = ("numpy", "autograd", "jax", "torch")
SHORTEST_RUN = 0.005
"""Seconds: a run repeats its call until it takes this long, so that the clock does not matter."""


@dataclass(frozen=True)
class Row:
    """One way to compute something: its time a call, and its quartiles relative to the first way."""

    task: str
    way: str
    milliseconds: float
    quartiles: tuple[float, float, float]
    runs: int


def compare(task: str, calls: dict[str, Callable[[], Any]], runs: int) -> list[Row]:
    """Time all calls in turns; the first of them is what the others are compared with."""
    counts = {way: repeats(call) for way, call in calls.items()}
    times: dict[str, list[float]] = {way: [] for way in calls}
    ways = list(calls)
    for run in range(runs):
        first = run % len(ways)  # so that none always follows the same other
        for way in ways[first:] + ways[:first]:
            times[way].append(seconds(calls[way], counts[way]))
    return [row(task, way, times[way], times[ways[0]]) for way in ways]


def row(task: str, way: str, times: list[float], base: list[float]) -> Row:
    ratios = [a / b for a, b in zip(times, base, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return Row(task, way, 1000 * statistics.median(times), (low, middle, high), len(times))


def repeats(call: Callable[[], Any]) -> int:
    """How often a call is repeated in a run; the first call, which may compile, is not counted."""
    call()
    count = 1
    while (taken := count * seconds(call, count)) < SHORTEST_RUN:
        count = max(2 * count, int(count * SHORTEST_RUN / max(taken, 1e-9)))
    return count


def seconds(call: Callable[[], Any], count: int) -> float:
    """Seconds a call takes."""
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def agree(task: str, results: dict[str, list[Any]], rtol: float) -> None:
    """Stop unless all ways have computed the same arrays, up to `rtol` of the largest element of each."""
    ways = iter(results.items())
    first, expected = next(ways)
    for way, arrays in ways:
        for a, b in zip(arrays, expected, strict=True):
            scale = float(np.max(np.abs(b)))
            np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * scale, err_msg=f"{task}: {way}, {first}")


def table(rows: list[Row]) -> str:
    """All rows under a heading; ratios above 1 are slower than the first way of their task."""
    lines = [f"{'':<24}{'':<24}{'ms a call':>12}{'ratio':>9}  {'quartiles':<16}{'runs':>5}"]
    for r in rows:
        low, middle, high = r.quartiles
        spread = f"{low:.2f} to {high:.2f}"
        lines.append(f"{r.task:<24}{r.way:<24}{r.milliseconds:>12.4f}{middle:>9.2f}  {spread:<16}{r.runs:>5}")
    return "\n".join(lines)


def surroundings() -> dict[str, Any]:
    """Versions, and how many threads there are."""
    found = {name: version(name) for name in PACKAGES}
    limits = {name: os.environ[name] for name in sorted(os.environ) if name.endswith("NUM_THREADS")}
    return {"python": platform.python_version(), **found, "cores": os.cpu_count(), **limits}


def version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def options(description: str, runs: int) -> argparse.Namespace:
    """What every benchmark can be told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--runs", type=int, default=runs, help=f"runs of every way ({runs})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    return parser.parse_args()


def report(rows: list[Row], json_file: Path | None, **more: Any) -> None:
    """Print the table and what it was measured with; write both as JSON if asked to."""
    about = surroundings() | more
    print(table(rows))
    print(", ".join(f"{name} {value or 'not installed'}" for name, value in about.items()))
    if json_file is not None:
        text = json.dumps({"about": about, "rows": [asdict(r) for r in rows]}, indent=2)
        json_file.write_text(text + "\n", encoding="utf-8")

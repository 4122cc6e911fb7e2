"""The benchmarks run to their end, with whatever is installed; each of them checks that all its ways agree."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.parametrize("name", ["small_functions", "lenet", "compile_time", "rnn"])
def test_a_benchmark_prints_and_writes_the_same_rows(name, tmp_path):
    file = tmp_path / "results.json"
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), "--runs", "2", "--json", str(file)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]

    printed = done.stdout.splitlines()[1:-1]
    assert [line[:24].rstrip() for line in printed] == [row["task"] for row in rows]
    assert all(row["milliseconds"] > 0 and row["runs"] == 2 for row in rows)

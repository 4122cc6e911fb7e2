"""`import knetc` is cheap: it loads numpy and little else."""

from __future__ import annotations

import subprocess
import sys

import pytest

LAZY = """
    IPython astunparse click cupy filelock gast matplotlib platformdirs pooch pygments requests rich safetensors scipy
    tensorboardX
""".split()


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules in a fresh process after `import knetc`."""
    program = "import sys, knetc; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("package", LAZY)
def test_importing_knetc_does_not_load(package: str, loaded: set[str]) -> None:
    assert package not in loaded


@pytest.mark.parametrize(
    "stage", ["front", "canon", "diff", "opt", "emit", "pipeline", "datasets", "cli", "notebook"]
)
def test_importing_knetc_does_not_load_the_compiler_nor_the_doors(stage: str, loaded: set[str]) -> None:
    assert f"knetc.{stage}" not in loaded

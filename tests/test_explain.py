"""Every error code is explained, and every explanation is true."""

from __future__ import annotations

import linecache
import re
from pathlib import Path

import numpy as np
import pytest

import knetc
from knetc.errors import KnetcError
from knetc.explain import EXPLANATIONS

PACKAGE = Path(knetc.__file__).parent
RUNNABLE = [code for code, entry in EXPLANATIONS.items() if not entry.example.startswith("$")]


def used_codes() -> set[str]:
    """The codes in knetc, those of the explanations and of docstrings about errors left out."""
    texts = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "explain.py"]
    return {code for text in texts for code in re.findall(r'"(KN\d{3})"', text)}


def test_every_code_is_explained():
    assert used_codes() - set(EXPLANATIONS) == set()


def test_every_explanation_belongs_to_a_code():
    assert set(EXPLANATIONS) - used_codes() == set()


def test_the_table_is_in_order():
    assert list(EXPLANATIONS) == sorted(EXPLANATIONS)


@pytest.mark.parametrize("code", EXPLANATIONS)
def test_an_explanation_is_short(code):
    entry = EXPLANATIONS[code]

    assert len(entry.title) <= 60
    assert 1 <= len(entry.text.splitlines()) <= 6


@pytest.mark.parametrize("code", RUNNABLE)
def test_the_example_raises_its_code(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KNETC_DATA", str(tmp_path))
    file, text = str(tmp_path / f"{code}.py"), EXPLANATIONS[code].example
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)

    with pytest.raises(KnetcError) as caught:
        exec(compile(text, file, "exec"), {"np": np, "knetc": knetc, "__name__": code})

    assert caught.value.code == code


def test_the_examples_for_a_shell_are_few():
    assert set(EXPLANATIONS) - set(RUNNABLE) == {"KN111", "KN120"}  # shown in tests/cli

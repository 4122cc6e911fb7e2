"""Golden files: the generated code of one function per construct, as a reader would want to find it.

A case defines `f`, example arguments `args`, and optionally `wrt` and `form` (`grad`, or `pair` for both sweeps).
"""

from __future__ import annotations

import inspect
import linecache
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import knetc
from knetc.analysis.kinds import kind_of
from knetc.compiled import finish
from knetc.session import Session

CASES = sorted(Path(__file__).parent.glob("cases/*.py"))


def executed(text: str, name: str) -> dict[str, Any]:
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    module = sys.modules["case"] = types.ModuleType("case")  # where dataclasses look for it
    namespace = module.__dict__
    exec(compile(text, name, "exec"), namespace)
    return namespace


def generated(text: str, name: str) -> str:
    case = executed(text, name)
    f, args = case["f"], case["args"]
    kinds = dict(zip(inspect.signature(f).parameters, map(kind_of, args), strict=False))
    floats = tuple(p for p, kind in kinds.items() if kind.may_be_active)
    wrt = case.get("wrt", floats)
    if case.get("form") == "pair":
        session = Session()
        session.pair(f, kinds, frozenset(wrt))
        return finish(session, name).module.text
    gradient = knetc.grad(f, wrt)
    gradient(*args)
    return gradient.source


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_generated_code_is_the_golden_text(
    path: Path, check_golden: Callable[[Path, Callable[[str], str]], None]
) -> None:
    check_golden(path, lambda text: generated(text, path.name))

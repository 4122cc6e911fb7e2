"""Generated functions live among the names of the user, and write nothing there."""

# ruff: noqa: F821, T100  the debugger is what is tested
from __future__ import annotations

import inspect
import linecache
import pdb
import threading
from io import StringIO

import numpy as np
import pytest

import knetc
from knetc.emit.loader import PLACES, load
from knetc.emit.module import Module
from knetc.ir.nodes import Runtime

factor = 2.0
ROW = np.ones(3)


def loss(x, n=3, *, shift=1.0):
    return np.sum(factor * x**n + shift)


def loaded(text, imports=None, origin=loss):
    module = Module(text, imports or {}, {})
    names = [line.split("(")[0].removeprefix("def ") for line in text.splitlines() if line.startswith("def ")]
    return load(module, dict.fromkeys(names, origin), "test")


def test_a_function_runs_in_the_globals_of_its_origin():
    f = loaded("def f(x):\n    return factor * x\n").functions["f"]
    assert f.__globals__ is globals()
    assert f(3.0) == 6.0


def test_globals_are_read_at_the_call(monkeypatch):
    f = loaded("def f(x):\n    return factor * x\n").functions["f"]
    monkeypatch.setitem(globals(), "factor", 5.0)
    assert f(3.0) == 15.0


def test_imports_are_closure_cells_and_hide_globals():
    f = loaded("def f(x):\n    return factor(x)\n", {"factor": Runtime("sqrt", "math")}).functions["f"]
    assert f(9.0) == 3.0
    assert factor == 2.0


def test_a_module_may_be_imported_whole():
    f = loaded("def f(x):\n    return m.sqrt(x)\n", {"m": Runtime("", "math")}).functions["f"]
    assert f(9.0) == 3.0


def test_generated_functions_call_each_other():
    functions = loaded("def f(x):\n    return g(x) + 1\n\n\ndef g(x):\n    return 2 * x\n").functions
    assert functions["f"](3.0) == 7.0


def test_closure_cells_are_shared_with_the_origin():
    captured = 2.0

    def origin(x):
        return captured * x

    f = loaded("def f(x):\n    return captured * x\n", origin=origin).functions["f"]
    captured = 7.0
    assert f(1.0) == 7.0


def test_defaults_are_those_of_the_origin():
    f = loaded("def f(x, n=3, *, shift=1.0):\n    return x, n, shift\n").functions["f"]
    assert f(0.0) == (0.0, 3, 1.0)
    assert f.__kwdefaults__ == loss.__kwdefaults__


def test_a_default_is_the_very_object():
    items = []

    def origin(x, held=items):
        return held

    f = loaded("def f(x, held=items):\n    return held\n", origin=origin).functions["f"]
    assert f(1) is items


def test_every_text_has_a_file_name_of_its_own():
    assert loaded("def f(x):\n    return x\n").file != loaded("def f(x):\n    return x\n").file


def test_inspect_shows_the_text():
    f = loaded("def f(x):\n    return x\n").functions["f"]
    assert inspect.getsource(f) == "def f(x):\n    return x\n"


def test_linecache_and_the_debugger_see_the_text():
    found = loaded("def f(x):\n    y = x\n    return y\n")
    linecache.checkcache(found.file)
    assert linecache.getline(found.file, 2) == "    y = x\n"
    out = StringIO()
    debugger = pdb.Pdb(
        stdin=StringIO("step\nstep\nstep\nlist 1, 3\nquit\n"), stdout=out, nosigint=True, readrc=False
    )
    with pytest.raises(pdb.bdb.BdbQuit):
        debugger.runcall(found.functions["f"], 1.0)
    assert "y = x" in out.getvalue()


def test_the_places_of_a_file_are_known():
    gradient = knetc.grad(loss)
    gradient(ROW)
    texts = {p.text.strip() for places in PLACES.values() for p in places.values() if p.file == __file__}
    assert "return np.sum(factor * x**n + shift)" in texts


def test_an_error_is_raised_at_a_line_of_the_text():
    found = loaded("def f(x):\n    return x / 0\n")
    with pytest.raises(ZeroDivisionError) as caught:
        found.functions["f"](1)
    assert caught.traceback[-1].frame.code.raw.co_filename == found.file
    assert caught.traceback[-1].lineno == 1


def test_nothing_is_written_into_the_module_of_the_user():
    before = dict(globals())
    knetc.grad(loss)(ROW)
    assert globals() == before


def test_a_global_that_is_called_like_an_import_is_left_alone(monkeypatch):
    monkeypatch.setitem(globals(), "unbroadcast", "mine")
    gradient = knetc.grad(lambda x, y: np.sum(x * y) * len(unbroadcast))
    assert gradient(ROW, np.ones((2, 3))).tolist() == [8.0, 8.0, 8.0]


def test_threads_load_at_once():
    found = []

    def work():
        found.append(loaded("def f(x):\n    return factor * x\n"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({f.file for f in found}) == 8
    assert [f.functions["f"](1.0) for f in found] == [2.0] * 8

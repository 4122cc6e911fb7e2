"""One module of generated functions: imports, comments, and where each line comes from."""

from __future__ import annotations

import numpy as np

from knetc.compiled import finish
from knetc.emit.module import Generated, assemble
from knetc.errors import Place
from knetc.ir import nodes as ir
from knetc.session import Session
from tests.stages import expected, kinds_of

X, G = ir.Name("x"), ir.Name("g")
FIRST = Place("/home/me/model.py", 3, 4, 9, "    h = x  # a remark")
SECOND = Place("/home/me/model.py", 4, 4, 9, "    return h")
ZERO = ir.Runtime("zero", "knetc.runtime.mirror")
ONES = ir.Runtime("np.ones_like", "numpy")
ROW, ROWS = np.ones(3), np.ones((2, 3))


def function(*body, name="f"):
    return ir.Function(name, (ir.Param("x"),), body)


def call(f):
    return ir.Return(ir.Invoke(f, (X,)))


def text(*functions, taken=()):
    return assemble([Generated(f) for f in functions], frozenset(taken)).text


def test_imports_are_what_is_used():
    module = assemble([Generated(function(call(ZERO))), Generated(function(call(ONES), name="g"))])
    assert (
        module.text
        == expected("""
        import numpy as np
        from knetc.runtime.mirror import zero


        def f(x):
            return zero(x)


        def g(x):
            return np.ones_like(x)
    """)
        + "\n"
    )
    assert module.imports == {
        "zero": ir.Runtime("zero", "knetc.runtime.mirror"),
        "np": ir.Runtime("", "numpy"),
    }


def test_a_name_of_the_user_is_not_hidden_by_an_import():
    found = text(function(call(ONES)), taken=("np",))
    assert "import numpy as np_" in found
    assert "np_.ones_like(x)" in found


def test_a_builtin_is_imported_only_where_its_name_means_something_else():
    length = ir.Runtime("len", "builtins")
    assert "import" not in text(function(call(length)))
    assert "from builtins import len as len_" in text(function(call(length)), taken=("len",))


def test_nothing_is_imported_for_nothing():
    assert text(function(ir.Return(X))) == "def f(x):\n    return x\n"


def test_the_backward_sweep_is_marked_and_carries_the_lines_of_the_user():
    body = (
        ir.Assign(ir.Name("h"), X, FIRST),
        ir.Assign(G, ir.Const(1.0), SECOND),
        ir.Assign(X, G, FIRST),
        ir.Assign(X, X, FIRST),
        ir.Return(X),
    )
    assert (
        assemble([Generated(function(*body), 1)]).text
        == expected("""
        def f(x):
            h = x
            # backward
            g = 1.0  # model.py:4  return h
            x = g  # model.py:3  h = x
            x = x
            return x
    """)
        + "\n"
    )


def test_a_function_without_backward_sweep_has_no_comments():
    assert "#" not in text(function(ir.Assign(X, X, FIRST), ir.Return(X)))


def test_every_line_knows_its_place():
    module = assemble([Generated(function(ir.Assign(X, X, FIRST), ir.Return(X, SECOND)))])
    assert module.places == {2: FIRST, 3: SECOND}


def test_the_docstring_does_not_shift_the_backward_sweep():
    f = ir.Function("f", (ir.Param("x"),), (ir.Assign(G, X, FIRST), ir.Return(G, SECOND)), "What it is.")
    found = assemble([Generated(f, 1)]).text
    assert found.splitlines()[2:4] == ["    g = x", "    # backward"]


np_ = 3.0


def uses_np_(x, y):
    return np.sum(x * y) * np_


def test_a_whole_module_compiles_beside_awkward_names():
    session = Session(frozenset())
    kinds = kinds_of(uses_np_, (ROW, ROWS))
    name = session.gradient(uses_np_, kinds, frozenset("x"), value=False)
    compiled = finish(session, name)
    assert compiled.loaded.functions[name](ROW, ROWS).tolist() == [6.0, 6.0, 6.0]

"""What users read when something is wrong: the place, the names, the shapes, and what to do about it."""

from __future__ import annotations

import linecache
import re
import subprocess
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, DtypeError, KnetcError, Refusal, ShapeError, SourceError

PACKAGE = str(Path(knetc.__file__).parent)
MODEL = """\
import numpy as np
from knetc import conv4


def product(w, x):
    h = np.tanh(w @ x)
    return np.sum(h)


def layer(w, x):
    return w + x


def through_layer(w, x):
    return np.sum(layer(w, x) ** 2)


def chain(layers, x):
    for layer in layers:
        x = layer(x)
    return np.sum(x)


class Dense:
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return x @ self.w


def images(w, x):
    return np.sum(conv4(w, x))


def loop(xs):
    total = np.zeros(2)
    for x in xs:
        total = total + x
    return np.sum(total)


def checked(x):
    if np.sum(x) < 0:
        raise ValueError("negative")
    return np.sum(x)


def own(x):
    return x * x


def pair(x):
    return x, x


def nothing(x):
    y = x * x


def mixed(x, whole=None):
    if whole is None:
        return x
    return np.sum(x)
"""


@pytest.fixture(scope="module")
def model():
    """The functions of a file `model.py`."""
    linecache.cache["model.py"] = (len(MODEL), None, MODEL.splitlines(keepends=True), "model.py")
    names = {"__name__": "model"}
    exec(compile(MODEL, "model.py", "exec", dont_inherit=True), names)
    return names


def failure(function, *args, wrt=0):
    """What the gradient raises at these arguments."""
    with pytest.raises(Exception, match=r"\S") as caught:
        knetc.grad(function, wrt)(*args)
    return caught.value


def notes(error):
    return "\n".join(error.__notes__)


# ---- shapes that do not fit


def test_a_shape_mismatch_shows_the_users_expression_and_the_shapes(model):
    error = failure(model["product"], np.ones((4, 2)), np.ones((3, 4)))

    assert isinstance(error, ValueError)
    assert notes(error) == (
        "model.py:6:17: raised for this line\n"
        "  6 |     h = np.tanh(w @ x)\n"
        "    |                 ^^^^^\n"
        "shapes: `w` is (4, 2), `x` is (3, 4)"
    )


def test_a_mismatch_in_a_helper_shows_the_line_of_the_helper(model):
    error = failure(model["through_layer"], np.ones(3), np.ones(4))

    assert notes(error).startswith("model.py:11:12: raised for this line\n  11 |     return w + x\n")
    assert notes(error).endswith("shapes: `w` is (3,), `x` is (4,)")


def test_a_mismatch_in_a_layer_that_is_found_at_run_time_shows_its_line(model):
    layers = [model["Dense"](np.ones((2, 3))), model["Dense"](np.ones((2, 3)))]
    error = failure(model["chain"], layers, np.ones((1, 2)))

    assert notes(error).startswith("model.py:29:9: raised for this line\n  29 |         return x @ self.w\n")
    assert "`x` is (1, 3)" in notes(error)


def test_a_mismatch_in_a_loop_shows_the_shapes_of_that_round(model):
    error = failure(model["loop"], [np.ones(2), np.ones(3)])

    assert notes(error).endswith("shapes: `total` is (2,), `x` is (3,)")


def test_an_error_of_an_operation_takes_the_users_line_into_its_message(model):
    error = failure(model["images"], np.ones((1, 2, 3, 3)), np.ones((1, 1, 5, 5)))

    assert isinstance(error, ShapeError)
    assert str(error) == (
        "model.py:33:19: KN211 conv4: `x` of shape (1, 1, 5, 5) has 1 channels, "
        "but `w` of shape (1, 2, 3, 3) expects 2\n"
        "  33 |     return np.sum(conv4(w, x))\n"
        "     |                   ^^^^^^^^^^^\n"
        "help: give `w` the shape (1, 1, 3, 3), which is (C_out, C_in / group, *kernel)\n"
        "more: knetc explain KN211"
    )


def test_an_error_that_the_user_raises_keeps_its_type_and_text(model):
    error = failure(model["checked"], -np.ones(2))

    assert (type(error), str(error)) == (ValueError, "negative")
    assert notes(error).startswith("model.py:45:9: raised for this line\n")


def test_an_error_is_annotated_once(model):
    outer = knetc.grad(model["through_layer"])
    for _ in range(2):
        with pytest.raises(ValueError, match="broadcast") as caught:
            outer(np.ones(3), np.ones(4))
        assert len(caught.value.__notes__) == 1


# ---- the traceback


def files(error):
    return [frame.filename for frame in traceback.extract_tb(error.__traceback__)]


def test_frames_of_knetc_are_left_out(model):
    layers = [model["Dense"](np.ones((2, 3))), model["Dense"](np.ones((2, 3)))]
    shown = [
        name for name in files(failure(model["chain"], layers, np.ones((1, 2)))) if name.startswith(PACKAGE)
    ]

    assert len(shown) <= 1  # Python adds the frame that raises


def test_generated_frames_are_shown_with_their_text(model):
    error = failure(model["product"], np.ones((4, 2)), np.ones((3, 4)))
    last = traceback.extract_tb(error.__traceback__)[-1]

    assert last.filename.startswith("<knetc product_grad")
    assert last.line == "h = np.tanh(w @ x)"


def test_frames_of_knetc_are_shown_on_demand(model, monkeypatch):
    monkeypatch.setenv("KNETC_TRACEBACK", "full")
    layers = [model["Dense"](np.ones((2, 3))), model["Dense"](np.ones((2, 3)))]

    assert (
        sum(name.startswith(PACKAGE) for name in files(failure(model["chain"], layers, np.ones((1, 2))))) > 1
    )


def test_a_missing_argument_shows_no_frame_of_inspect(model):
    error = failure(model["product"], np.ones(3))

    assert isinstance(error, TypeError)
    assert "missing a required argument: 'x'" in str(error)
    assert [name for name in files(error) if name.endswith("inspect.py")] == []


# ---- a result that is no scalar


@pytest.mark.parametrize(("name", "what"), [("own", r"an array of shape \(3,\)"), ("nothing", "a NoneType")])
def test_a_result_that_is_no_scalar_is_named_with_the_ways_out(model, name, what):
    error = failure(model[name], np.ones(3))

    assert isinstance(error, ShapeError)
    assert re.match(f"(?s).*KN301 `grad` needs a scalar, but the result of `{name}` is {what}", str(error))
    assert "np.sum" in error.help
    assert "vjp" in error.help


def test_a_tuple_as_result_is_no_scalar(model):
    assert isinstance(failure(model["pair"], np.ones(3)), ShapeError)


def test_a_result_that_may_be_no_scalar_is_checked_when_it_is_there(model):
    assert isinstance(failure(model["mixed"], np.ones(3)), ShapeError)


# ---- arguments that cannot be differentiated


@pytest.mark.parametrize(
    ("value", "what", "fix"),
    [
        (3, r"which is .*3", r"pass floats: `3\.0`"),
        (np.arange(3), "which is an array of int64", r"pass floats: `np\.asarray\(x, float\)`"),
        ([1, 2], "which is a list without any float in it", "pass floats"),
        ("text", "which is .*'text'", "pass floats"),
        (None, "which is .*None", "pass floats"),
    ],
)
def test_an_argument_without_floats_is_named_with_what_to_pass(model, value, what, fix):
    with pytest.raises(
        DtypeError, match=rf"(?s)KN302 cannot differentiate with respect to `x`, {what}.*\nhelp: {fix}"
    ):
        knetc.grad(model["own"])(value)


@pytest.mark.parametrize("wrt", ["z", 2, -3, True, 1.5])
def test_a_wrong_wrt_lists_the_parameters(model, wrt):
    with pytest.raises(
        ArgumentError, match=r"KN303 `wrt` is .*, but the parameters of `product` are `w`, `x`\n"
    ):
        knetc.grad(model["product"], wrt=wrt)


@pytest.mark.parametrize("function", [np.tanh, len, 3, "loss", print])
def test_what_is_no_python_function_is_refused(function):
    with pytest.raises(ArgumentError, match=r"(?s)KN304 `.*` is not a Python function.*help: "):
        knetc.grad(function)


# ---- source


def test_a_function_without_source_says_how_to_give_it():
    names = {}
    exec(compile("def loss(x): return x * x", "<nowhere>", "exec"), names)

    with pytest.raises(SourceError, match=r"(?s)KN110 the source of `loss` cannot be found.*help: .*source="):
        knetc.grad(names["loss"])(2.0)


def test_a_given_source_is_taken():
    names = {}
    text = "def loss(x): return x * x"
    exec(compile(text, "<elsewhere>", "exec"), names)

    assert knetc.grad(names["loss"], source=text)(3.0) == 6.0


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="Python keeps the source of `python -c` from 3.13 on")
def test_a_program_on_the_command_line_is_told_how():
    program = "import knetc\n@knetc.grad\ndef loss(x): return x * x\nloss(2.0)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert "KN110 the source of `loss` cannot be found" in result.stderr
    assert "help: save `loss` in a file" in result.stderr


# ---- refusals found only when the program runs


def test_a_callee_without_rule_is_named_with_the_users_line(model):
    error = failure(model["chain"], [np.spacing], np.ones(3), wrt="x")

    assert isinstance(error, Refusal)
    assert str(error).startswith(
        "model.py:20:13: KN103 `np.spacing` was called with something to differentiate"
    )
    assert "  20 |         x = layer(x)\n     |             ^^^^^^^^\n" in str(error)


# ---- the form


def all_errors(model):
    calls = [
        (model["images"], np.ones((1, 2, 3, 3)), np.ones((1, 1, 5, 5))),
        (model["own"], np.ones(3)),
        (model["own"], 3),
        (lambda x: np.nextafter(x, 2.0)[0], np.ones(3)),
        (lambda x: eval("x[0]"), np.ones(3)),
    ]
    return [failure(*call) for call in calls]


def test_an_error_has_at_most_twelve_lines_and_the_common_form(model):
    for error in all_errors(model):
        lines = str(error).splitlines()
        assert isinstance(error, KnetcError)
        assert len(lines) <= 12
        assert f"{error.code} " in lines[0]
        assert lines[-2].startswith("help: ")
        assert lines[-1] == f"more: knetc explain {error.code}"


def test_a_note_has_few_lines(model):
    error = failure(model["product"], np.ones((4, 2)), np.ones((3, 4)))

    assert len(str(error).splitlines()) + len(notes(error).splitlines()) <= 12

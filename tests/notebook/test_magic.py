"""`%%grad` in a shell of IPython: what it runs, shows, binds and refuses."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("IPython", reason="no IPython: pip install 'knetc[notebook]'")

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import knetc
from knetc.errors import ArgumentError, Refusal
from knetc.gradient import Gradient
from knetc.notebook.magic import grad_cell

CELL = "import numpy as np\n\ndef loss(w, x):\n    return np.sum(np.tanh(w * x))\n"
X = np.array([0.5, -1.0])


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A shell that keeps no history."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config, ipython_dir=str(tmp_path_factory.mktemp("ipython")))
    knetc.load_ipython_extension(shell)
    return shell


@pytest.fixture
def shell(running):
    """The shell with nothing defined in it."""
    running.reset(new_session=False)
    return running


@pytest.fixture
def displayed(monkeypatch):
    found = []
    monkeypatch.setattr("IPython.display.display", found.append)
    return found


def test_the_extension_brings_the_magic(shell):
    assert "grad" in shell.magics_manager.magics["cell"]


def test_the_cell_is_run_and_the_gradient_bound(shell, displayed):
    shell.run_cell_magic("grad", "", CELL)

    gradient = shell.user_ns["loss_grad"]
    assert isinstance(gradient, Gradient)
    np.testing.assert_allclose(gradient(X, X), X / np.cosh(X * X) ** 2, rtol=1e-12)


def test_the_function_and_its_gradient_are_displayed(shell, displayed):
    shell.run_cell_magic("grad", "", CELL)

    [shown] = displayed
    assert shown.texts.source == "def loss(w, x):\n    return np.sum(np.tanh(w * x))"
    assert "def loss_grad(w, x):" in shown.texts.generated
    assert "# line 4" in shown.texts.beside


def test_the_last_function_is_taken(shell, displayed):
    shell.run_cell_magic("grad", "", "def f(x): return x * x\ndef g(x): return x + x\ny = 3\n")

    assert "g_grad" in shell.user_ns
    assert "f_grad" not in shell.user_ns


def test_another_function_can_be_named(shell, displayed):
    shell.run_cell_magic("grad", "f", "def f(x): return x * x\ndef g(x): return x + x\n")

    assert shell.user_ns["f_grad"](3.0) == 6.0


def test_a_function_of_an_earlier_cell_can_be_named(shell, displayed):
    shell.run_cell(CELL)
    shell.run_cell_magic("grad", "loss --wrt x", "pass\n")

    assert shell.user_ns["loss_grad"].wrt == ("x",)


@pytest.mark.parametrize(
    ("line", "wrt"), [("--wrt x", ("x",)), ("--wrt x,w", ("x", "w")), ("loss --wrt w", ("w",))]
)
def test_wrt_chooses_the_parameters(shell, displayed, line, wrt):
    shell.run_cell_magic("grad", line, CELL)

    assert shell.user_ns["loss_grad"].wrt == wrt


def test_a_decorated_function_keeps_its_wrt(shell, displayed):
    shell.run_cell_magic("grad", "", "import knetc\n@knetc.grad(wrt='y')\ndef f(x, y): return x * y\n")

    assert shell.user_ns["f_grad"](2.0, 3.0) == 2.0


def test_at_shows_the_text_for_such_arguments(shell, displayed):
    shell.user_ns.update(w=np.ones((2, 1)), x=np.ones((3, 2)))
    cell = "import numpy as np\ndef loss(w, x):\n    return np.sum((x @ w) ** 2)\n"
    shell.run_cell_magic("grad", "", cell)
    shell.run_cell_magic("grad", "loss --at w,x", cell)

    any_arguments, these = (shown.texts.generated for shown in displayed)
    assert "w_bar = x.T @" not in any_arguments
    assert "w_bar = x.T @" in these


def test_an_unknown_variable_is_a_usage_error(shell, displayed):
    with pytest.raises(UsageError, match="there is no variable `w` to call the gradient with"):
        grad_cell(shell, "--at w,x", CELL)


def test_magics_inside_the_cell_work(shell, displayed):
    shell.run_cell_magic("grad", "", "%pdb off\ndef f(x): return x * x\n")

    assert shell.user_ns["f_grad"](3.0) == 6.0


def test_a_cell_without_function_is_a_usage_error(shell, displayed):
    with pytest.raises(UsageError, match="the cell defines no function"):
        grad_cell(shell, "", "x = 1\n")


def test_an_unknown_name_is_a_usage_error(shell, displayed):
    with pytest.raises(UsageError, match="there is no function `g`"):
        grad_cell(shell, "g", CELL)


@pytest.mark.parametrize("line", ["a b", "--wrt", "loss --wrt", "--at", "loss --wrt w --at"])
def test_another_line_is_a_usage_error(shell, line):
    with pytest.raises(
        UsageError, match=r"%%grad \[NAME\] \[--wrt NAMES\] \[--at NAMES\]: `.*` was not understood"
    ):
        grad_cell(shell, line, CELL)


def test_an_unknown_wrt_is_refused(shell, displayed):
    with pytest.raises(ArgumentError, match="KN303"):
        grad_cell(shell, "--wrt z", CELL)


def test_a_refusal_shows_the_message_without_frames(shell, displayed, capsys):
    cell = 'def f(x):\n    return eval("x[0]")\n'
    with pytest.raises(Refusal, match="KN101"):
        grad_cell(shell, "", cell)
    result = shell.run_cell(f"%%grad\n{cell}")

    assert isinstance(result.error_in_exec, Refusal)
    captured = capsys.readouterr()
    assert "KN101" in captured.out + captured.err
    assert "Traceback" not in captured.out + captured.err


def test_an_error_in_the_cell_is_the_users(shell, displayed):
    with pytest.raises(ZeroDivisionError):
        grad_cell(shell, "", "1 / 0\n")

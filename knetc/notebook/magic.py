"""The cell magic `%%grad`: runs the cell, shows a function of it beside its gradient, and binds the gradient.

    %%grad loss --wrt w
    def loss(w, x):
        return np.sum(np.tanh(w * x))

Afterwards `loss_grad(w, x)` is the gradient with respect to `w`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import Any

from knetc.api import grad
from knetc.errors import KnetcError
from knetc.gradient import Gradient
from knetc.notebook.display import side_by_side

USAGE = "%%grad [NAME] [--wrt NAMES]"


def register(shell: Any) -> None:
    """Make the magic known to a shell of IPython."""
    shell.register_magic_function(partial(grad_cell, shell), magic_kind="cell", magic_name="grad")


def grad_cell(shell: Any, line: str, cell: str) -> None:
    """Run the cell, display the function and its gradient side by side, bind `NAME_grad`."""
    from IPython.display import display

    show: Callable[..., Any] = display
    name, wrt = _options(line)
    defined = _run(shell, cell)
    if name is None and not defined:
        raise _usage("the cell defines no function")
    name = name or defined[-1]
    if name not in shell.user_ns:
        raise _usage(f"there is no function `{name}`")
    try:
        gradient = _gradient(shell.user_ns[name], wrt)
        show(side_by_side(gradient))
    except KnetcError as error:
        lines = str(error).splitlines()
        vars(error)["_render_traceback_"] = lambda: lines  # the frames inside knetc would bury the message
        raise
    shell.user_ns[f"{name}_grad"] = gradient


def _options(line: str) -> tuple[str | None, str | None]:
    """The name and the argument of `--wrt` in the line of the magic.

    >>> _options("loss --wrt w,b"), _options("")
    (('loss', 'w,b'), (None, None))
    """
    words = line.split()
    wrt = None
    if "--wrt" in words[:-1]:
        at = words.index("--wrt")
        wrt = words[at + 1]
        del words[at : at + 2]
    if len(words) > 1 or "--wrt" in words:
        raise _usage(f"`{line.strip()}` was not understood")
    return (words[0] if words else None), wrt


def _usage(what: str) -> Exception:
    from IPython.core.error import UsageError

    error: Exception = UsageError(f"{USAGE}: {what}")
    return error


def _run(shell: Any, cell: str) -> list[str]:
    """Run a cell in the notebook's namespace, with its text where tracebacks and knetc find it.

    Returns the names of the functions that it defines.
    """
    text = shell.transform_cell(cell)
    file = shell.compile.cache(text, shell.execution_count, cell)
    tree = shell.compile.ast_parse(text, file)
    exec(shell.compile(tree, file, "exec"), shell.user_ns)  # noqa: S102 - what the user asks for
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def _gradient(function: Any, wrt: str | None) -> Gradient:
    if isinstance(function, Gradient):
        if wrt is None:
            return function
        function = function.function
    names = tuple(wrt.split(",")) if wrt else (0,)
    gradient: Gradient = grad(function, names if len(names) > 1 else names[0])
    return gradient

"""The cell magic `%%grad`: runs the cell, shows a function of it beside its gradient, and binds the gradient.

    %%grad loss --wrt w --at w0,x0
    def loss(w, x):
        return np.sum(np.tanh(w * x))

Afterwards `loss_grad(w, x)` is the gradient with respect to `w`. `--at` names variables of the notebook: the gradient
is called with them once, and the text that is shown is the one for such arguments. Without it, it is that for any.
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

USAGE = "%%grad [NAME] [--wrt NAMES] [--at NAMES]"


def register(shell: Any) -> None:
    """Make the magic known to a shell of IPython."""
    shell.register_magic_function(partial(grad_cell, shell), magic_kind="cell", magic_name="grad")


def grad_cell(shell: Any, line: str, cell: str) -> None:
    """Run the cell, display the function and its gradient side by side, bind `NAME_grad`."""
    from IPython.display import display

    show: Callable[..., Any] = display
    name, wrt, at = _options(line)
    defined = _run(shell, cell)
    if name is None and not defined:
        raise _usage("the cell defines no function")
    name = name or defined[-1]
    if name not in shell.user_ns:
        raise _usage(f"there is no function `{name}`")
    arguments = _arguments(shell, at)
    try:
        gradient = _gradient(shell.user_ns[name], wrt)
        if arguments:
            gradient(*arguments)
        show(side_by_side(gradient))
    except KnetcError as error:
        lines = str(error).splitlines()
        vars(error)["_render_traceback_"] = lambda: lines  # the frames inside knetc would bury the message
        raise
    shell.user_ns[f"{name}_grad"] = gradient


def _options(line: str) -> tuple[str | None, str | None, str | None]:
    """The name and the arguments of `--wrt` and `--at` in the line of the magic.

    >>> _options("loss --wrt w,b"), _options("--at w,x"), _options("")
    (('loss', 'w,b', None), (None, None, 'w,x'), (None, None, None))
    """
    words = line.split()
    wrt, at = (_taken(words, option) for option in ("--wrt", "--at"))
    if len(words) > 1 or words[:1] in (["--wrt"], ["--at"]):
        raise _usage(f"`{line.strip()}` was not understood")
    return (words[0] if words else None), wrt, at


def _taken(words: list[str], option: str) -> str | None:
    """What stands behind `option`; both are taken out of the words."""
    if option not in words[:-1]:
        return None
    at = words.index(option)
    value = words[at + 1]
    del words[at : at + 2]
    return value


def _arguments(shell: Any, names: str | None) -> list[Any]:
    """The values of variables in the notebook."""
    wanted = names.split(",") if names else []
    missing = [name for name in wanted if name not in shell.user_ns]
    if missing:
        raise _usage(f"there is no variable `{missing[0]}` to call the gradient with")
    return [shell.user_ns[name] for name in wanted]


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

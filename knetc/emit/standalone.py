"""Ahead of time: a module that holds the sweeps and the gradient of a function, and all that they need.

    forward(w, x)              the value, and what `backward` needs
    backward(residuals, bar)   the cotangents
    grad(w, x)                 the gradient, with the structure of its argument

It imports numpy, the run-time half of knetc, and what the user's functions import.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import Any

from knetc.emit.loader import imported
from knetc.emit.module import Generated, Module
from knetc.emit.printer import print_module
from knetc.emit.surroundings import Surroundings, is_users
from knetc.errors import Refusal
from knetc.ir.names import Namer
from knetc.ops import registry


@dataclass(frozen=True)
class Doors:
    """The generated functions behind the public names, and what they differentiate by, in the order asked for.

    `single` tells a gradient from a tuple of gradients.
    """

    forward: str
    backward: str
    grad: str
    wrt: tuple[str, ...]
    single: bool


def standalone(functions: list[Generated], module: Module, doors: Doors, doc: str) -> str:
    """The text of the module, with a docstring. Raises `Refusal` (KN120) for what it needs and cannot be written."""
    definitions = {d.name: d for d in ast.parse(module.text).body if isinstance(d, ast.FunctionDef)}
    around = _surroundings(functions, module, definitions)
    namer = Namer(
        {*around.names, *(a.arg for a in ast.walk(definitions[doors.grad]) if isinstance(a, ast.arg))}
    )
    mirror = namer.fresh("gradient_of")
    gradient_of = ast.ImportFrom(
        "knetc.runtime.tree", [ast.alias("gradient_of", _unless(mirror, "gradient_of"))], 0
    )
    head, body = _split(module.text)
    head = [s for s in head if not (isinstance(s, ast.ImportFrom) and is_users(s.module or ""))]
    header = [ast.Expr(ast.Constant(doc)), *_sorted([*head, gradient_of, *around.imports]), *around.constants]
    aliases = f"forward = {doors.forward}\nbackward = {doors.backward}\n"
    blocks = [
        _text(header),
        _text(around.functions),
        body,
        _text([_grad(definitions[doors.grad], doors, mirror, namer)]),
    ]
    return "\n\n\n".join([block.strip("\n") for block in blocks if block] + [aliases])


def _surroundings(
    functions: list[Generated], module: Module, definitions: dict[str, ast.FunctionDef]
) -> Surroundings:
    """What the generated functions read besides each other and their imports."""
    known = {alias: imported(r) for alias, r in module.imports.items()}
    reserved = object()
    around = Surroundings({**known, **dict.fromkeys(["forward", "backward", "grad", *definitions], reserved)})
    for alias, r in module.imports.items():
        if is_users(r.module):  # a rule of the user's own
            _check_written(known[alias])
            around.provide(alias, known[alias], functions[0].function.origin)
    for function in (g.function for g in functions):
        text = ast.get_source_segment(module.text, definitions[function.name]) or ""
        around.require(text, function.origin, frozenset([*definitions, *known]))
    return around


def _check_written(function: Any) -> None:
    """An operation is named in generated code only where its rule is looked up, which no module can do alone."""
    if registry.find(function) is not None:
        raise Refusal(
            "KN120",
            f"the rule of `{function.__name__}` cannot be written into a module",
            help="make it a function of your module, defined by `def`, or a lambda that is an expression of numpy",
        )


def _unless(alias: str, name: str) -> str | None:
    return None if alias == name else alias


# ---- text


def _text(statements: list[ast.stmt]) -> str:
    return print_module(ast.Module(statements, [])).text


def _split(text: str) -> tuple[list[ast.stmt], str]:
    """The imports of a module, and the text of the rest."""
    body = ast.parse(text).body
    first = next(s for s in body if isinstance(s, ast.FunctionDef))
    return body[: body.index(first)], "".join(text.splitlines(keepends=True)[first.lineno - 1 :])


def _sorted(imports: list[ast.stmt]) -> list[ast.stmt]:
    """Modules first, then names, each module and name once, in alphabetical order."""
    modules = {(a.name, a.asname) for s in imports if isinstance(s, ast.Import) for a in s.names}
    names = {
        (s.module or "", a.name, a.asname) for s in imports if isinstance(s, ast.ImportFrom) for a in s.names
    }
    homes = sorted({home for home, _, _ in names})
    of = {home: sorted((name, alias or "") for h, name, alias in names if h == home) for home in homes}
    return [
        *(ast.Import([ast.alias(*module)]) for module in sorted(modules, key=str)),
        *(
            ast.ImportFrom(home, [ast.alias(name, alias or None) for name, alias in of[home]], 0)
            for home in homes
        ),
    ]


def _grad(generated: ast.FunctionDef, doors: Doors, mirror: str, namer: Namer) -> ast.FunctionDef:
    """`def grad(w, x): return gradient_of(w, loss_grad(w, x))`."""
    parameters = generated.args
    call = f"{generated.name}({', '.join(_passed(parameters))})"
    if len(doors.wrt) == 1:
        result = f"{mirror}({doors.wrt[0]}, {call})"
        body = f"return {result}" if doors.single else f"return ({result},)"
    else:
        bars = {name: namer.fresh(f"{name}_bar") for name in _names(parameters) if name in doors.wrt}
        gradients = ", ".join(f"{mirror}({name}, {bars[name]})" for name in doors.wrt)
        body = f"{', '.join(bars.values())} = {call}\n    return {gradients}"
    [function] = ast.parse(f"def grad():\n    {body}\n").body
    assert isinstance(function, ast.FunctionDef)
    function.args = copy.deepcopy(parameters)
    function.body.insert(0, ast.Expr(ast.Constant(ast.get_docstring(generated))))
    return function


def _names(parameters: ast.arguments) -> list[str]:
    return [a.arg for a in (*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs)]


def _passed(parameters: ast.arguments) -> list[str]:
    """The arguments of a call that passes the parameters on."""
    plain = [a.arg for a in (*parameters.posonlyargs, *parameters.args)]
    return plain + [f"{a.arg}={a.arg}" for a in parameters.kwonlyargs]

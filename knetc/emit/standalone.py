"""Ahead of time: a module that holds the sweeps and the gradient of a function, and all that they need.

    forward(w, x)              the value, and what `backward` needs
    backward(residuals, bar)   the cotangents
    grad(w, x)                 the gradient, with the structure of its argument

It imports numpy, the run-time half of knetc, and what the user's functions import.
"""

from __future__ import annotations

import ast
import copy
import importlib
from dataclasses import dataclass
from typing import Any

from knetc.emit.module import Generated, Module
from knetc.emit.printer import print_module
from knetc.emit.surroundings import Surroundings
from knetc.ir.names import Namer


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
    imported = ast.ImportFrom(
        "knetc.runtime.tree", [ast.alias("gradient_of", _unless(mirror, "gradient_of"))], 0
    )
    head, body = _split(module.text)
    header = [ast.Expr(ast.Constant(doc)), *_sorted([*head, imported, *around.imports]), *around.constants]
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
    imported = {alias: _imported(*origin) for alias, origin in module.imports.items()}
    reserved = object()
    around = Surroundings(
        {**imported, **dict.fromkeys(["forward", "backward", "grad", *definitions], reserved)}
    )
    for function in (g.function for g in functions):
        text = ast.get_source_segment(module.text, definitions[function.name]) or ""
        around.require(text, function.origin, frozenset([*definitions, *imported]))
    return around


def _imported(module: str, name: str) -> Any:
    found = importlib.import_module(module)
    return getattr(found, name) if name else found


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

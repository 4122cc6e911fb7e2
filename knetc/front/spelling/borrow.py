"""The definition of another function of the same module, to stand inside the one that is rewritten."""

from __future__ import annotations

import ast
import copy
import dis
import types

from knetc.front.source import Source, source_of
from knetc.front.spelling.syntax import SCOPES, Cannot


def borrowed(function: types.FunctionType, source: Source, local: frozenset[str]) -> ast.FunctionDef:
    """A copy of a definition, whose global names mean the same among the variables `local` of the other function.

    Raises `Cannot` for a function of another module, one with functions inside, captured names or computed defaults.
    """
    found = source_of(function)
    if function.__globals__ is not source.function.__globals__ or found.file != source.file:
        raise Cannot
    d = copy.deepcopy(found.definition)
    if (
        not isinstance(d, ast.FunctionDef)
        or function.__closure__ is not None
        or d.args.vararg
        or d.args.kwarg
    ):
        raise Cannot
    defaults = [e for e in (*d.args.defaults, *d.args.kw_defaults) if e is not None]
    inside = any(isinstance(n, SCOPES) for s in d.body for n in ast.walk(s))
    if (
        inside
        or global_names(function.__code__) & local
        or not all(isinstance(e, ast.Constant) for e in defaults)
    ):
        raise Cannot
    return d


def global_names(code: types.CodeType) -> frozenset[str]:
    """The global names that a function reads, in comprehensions, too; names of attributes left out."""
    own = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return frozenset(own).union(*(global_names(c) for c in code.co_consts if isinstance(c, types.CodeType)))


def renamed(d: ast.FunctionDef, names: dict[str, str]) -> None:
    """Give variables of a definition other names, in place."""
    for node in ast.walk(d):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)

"""`knetc check`: compiles every function of a file, and lists what stands in the way, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from knetc.cli.ahead import ahead
from knetc.cli.target import Target, code_of, find
from knetc.errors import ArgumentError, DtypeError, KnetcError
from knetc.gradient import Gradient


@dataclass(frozen=True)
class Finding:
    """What was found out about one function: the error, if it was refused, else what it is differentiated by.

    `reason` says why it is recorded, if it is.
    """

    where: str
    name: str
    wrt: tuple[str, ...]
    error: KnetcError | None = None
    reason: KnetcError | None = None

    def __str__(self) -> str:
        if self.error is not None:
            return f"{self.where}  {self.name}  refused\n{self.error}"
        well = f"ok, by {', '.join(self.wrt)}" if self.wrt else "nothing to differentiate"
        why = f", recorded:\n{self.reason}" if self.reason is not None else ""
        return f"{self.where}  {self.name}  {well}{why}"


def check(text: str) -> bool:
    """Print a finding for each function in `text`, `model.py` or `model.py:loss`; returns whether all are well."""
    target = find(text)
    findings = [_finding(target, name, function) for name, function in _chosen(target).items()]
    for finding in findings:
        click.echo(str(finding))
    refused = sum(f.error is not None for f in findings)
    click.echo(
        f"{refused} of {len(findings)} refused" if refused else f"{len(findings)} checked, none refused"
    )
    return not refused


def _chosen(target: Target) -> dict[str, Any]:
    """The function that was named, or the decorated ones, or all."""
    if target.name is not None:
        return {target.name: target.function()}
    functions = target.functions()
    return {n: f for n, f in functions.items() if isinstance(f, Gradient)} or functions


def _finding(target: Target, name: str, function: Any) -> Finding:
    code = code_of(function)
    where = f"{target.path}:{code.co_firstlineno}" if code else str(target.path)
    try:
        compiled = ahead(function, None)
        _, reason = compiled.text()
    except (ArgumentError, DtypeError) as error:  # no parameter, or none that can be differentiated
        mistaken = isinstance(function, Gradient) or target.name is not None
        return Finding(where, name, (), error if mistaken else None)
    except KnetcError as error:
        return Finding(where, name, (), error)
    return Finding(where, name, compiled.wrt, reason=reason)

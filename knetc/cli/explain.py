"""`knetc explain`: the text behind an error code."""

from __future__ import annotations

import difflib
import textwrap

import click

from knetc.explain import EXPLANATIONS


def explain(code: str | None) -> str:
    """The explanation of `code`, or the list of all codes. Raises a usage error for a code that does not exist."""
    if code is None:
        return "\n".join(f"{name}  {explanation.title}" for name, explanation in sorted(EXPLANATIONS.items()))
    found = EXPLANATIONS.get(code.upper())
    if found is None:
        close = difflib.get_close_matches(code.upper(), EXPLANATIONS, n=3)
        near = f"; near it: {', '.join(sorted(close))}" if close else ""
        raise click.UsageError(f"there is no error `{code}`{near}. `knetc explain` lists all")
    example = textwrap.indent(found.example, "    ")
    return f"{code.upper()}  {found.title}\n\n{found.text}\n\nAn example:\n\n{example}"

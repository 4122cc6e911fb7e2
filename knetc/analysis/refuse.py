"""Refusals: what the compiler says of a construct that it cannot differentiate, and the rewrite it suggests."""

from __future__ import annotations

from knetc.errors import Place, Refusal

REWRITES = {
    "a comprehension": "write a `for` loop that builds a list with `xs = xs + [x]`",
    "a generator expression": "write a `for` loop",
    "a conditional expression": "give it a name first: `y = a if c else b`",
    "`and`/`or` as a value": "write an `if` statement",
    "a lambda that captures an active value": "pass the value as an argument",
    "a nested function that captures an active value": "move the function out and pass the value as an argument",
    "an assignment expression": "assign in a statement of its own",
    "a starred argument": "pass the arguments one by one",
    "a starred element": "write `+` between lists, or name the elements",
    "`for ... else`": "set a flag in the loop and test it after the loop",
    "`while ... else`": "set a flag in the loop and test it after the loop",
    "`with`": "move the differentiated code out of the `with` block",
    "`try`": "move the differentiated code out of the `try` block",
    "`match`": "write `if`/`elif` instead",
    "`del`": "drop the `del`",
    "`global`": "pass the value as an argument and return it",
    "`nonlocal`": "pass the value as an argument and return it",
    "`yield`": "return a list",
    "`async`": "differentiate an ordinary function and await around it",
    "`*args`": "name the parameters",
    "an object constructed here": "construct it outside and pass it as an argument",
}


def refuse(what: str, place: Place | None, because: str = "", rewrite: str = "") -> Refusal:
    """The refusal of `what` at `place`; `because` names the variable that made it active."""
    message = f"knetc cannot differentiate {what}" + (f": {because}" if because else "")
    return Refusal("KN101", message, help=rewrite or REWRITES.get(what, ""), place=place)

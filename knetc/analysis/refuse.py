"""Refusals: what the compiler says of a construct that it cannot differentiate, and the rewrite it suggests."""

from __future__ import annotations

import difflib
import re

from knetc.errors import Place, Refusal
from knetc.ops.registry import METHODS, OPS

WORDS = {
    "`expr`": "a call that changes its arguments",
    "`augassign`": "an augmented assignment of this kind",
    "`annassign`": "an annotated assignment into an item or attribute",
    "`List`": "a starred element",
    "`Tuple`": "a starred element",
    "`Dict`": "a dict with `**`",
    "`Set`": "a set",
    "`BinOp`": "an operator without rule",
    "`UnaryOp`": "an operator without rule",
}
"""What the front names by the class of its syntax."""

REWRITES = {
    "a comprehension": "write a `for` loop that appends to a list",
    "a generator expression": "write a `for` loop",
    "a conditional expression": "give it a name first: `y = a if c else b`",
    "`and`/`or` as a value": "write an `if` statement",
    "a lambda that captures an active value": "pass the value as an argument",
    "a nested function that captures an active value": "move the function out and pass the value as an argument",
    "a nested class": "move the class out of the function",
    "an assignment expression": "assign in a statement of its own",
    "a jump out of an assignment expression": "assign in a statement of its own, before the `if`",
    "a starred argument": "pass the arguments one by one",
    "a starred element": "write `+` between lists, or name the elements",
    "a dict with `**`": "write every key",
    "a dict with computed keys": "write the keys, each once",
    "a set": "use a list, a tuple or a dict",
    "an operator without rule": "use a function that has a rule",
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
    "a call that changes its arguments": "make a new value: `xs = xs + [x]`, `y = np.where(...)`",
    "a change in place inside an expression": "make a new value, without `out=`, and bind it to a name of its own",
    "a chained assignment to a tuple": "write one assignment for each target",
    "an augmented assignment of this kind": "make a new value, and change the whole: `y = y + np.where(...)`",
    "an annotated assignment into an item or attribute": "bind a variable instead",
    "`sum`, which has no rule": "add in a `for` loop, or write `np.sum(...)` of an array",
    "`sorted`, which has no rule": "write `np.sort(...)` of an array",
    "`iter`, which has no rule": "write a `for` loop",
    "`next`, which has no rule": "write a `for` loop",
    "`getattr`, which has no rule": "write the attribute: `x.name`",
    "`list(...)`": "write a `for` loop that appends to a list",
    "`tuple(...)`": "write the tuple: `(a, b)`",
    "`dict(...)`": 'write the dict: `{"a": a}`',
    "`map(...)`": "write a `for` loop",
    "`reversed(...)`": "write `x[::-1]`",
}

PATTERNS = {
    r"a jump out of": "assign in the block, and leave behind it",
    r"an assignment into `\(": "name every element: `a, b = pair`",
    r"an assignment into `[\w.]+`": "return the value, or bind a variable instead",
    r"an assignment into": "make a new value: `np.where` or `np.stack` for arrays, `xs + [x]` for lists",
    r"the method `\.append`": "write `xs = xs + [x]`",
    r"the method `\.extend`": "write `xs = xs + ys`",
    r"the method `\.pop`": "write `x, xs = xs[-1], xs[:-1]`",
    r"the method `\.(get|setdefault)`": "write `d[key]`",
    r"the method `\.(values|items)`": "write `for key in d:` and `d[key]`",
    r"the method `\.update`": "write a new dict with every key",
    r"the method `\.tolist`": "leave it an array",
    r"the attribute": "use a function of numpy that has a rule",
}
"""Rewrites for what begins like this, the first that does."""


def refuse(what: str, place: Place | None, because: str = "", rewrite: str = "") -> Refusal:
    """The refusal of `what` at `place`; `because` names the variable that made it active."""
    what = WORDS.get(what, what)
    message = f"knetc cannot differentiate {what}" + (f": {because}" if because else "")
    return Refusal("KN101", message, help=rewrite or suggestion(what), place=place)


def suggestion(what: str) -> str:
    """The rewrite for a construct; for a function without rule, those with a rule that have a similar name.

    >>> suggestion("`yield`"), suggestion("`np.nancumsum`, which has no rule")
    ('return a list', 'near it, with a rule: `np.cumsum`')
    """
    if what in REWRITES:
        return REWRITES[what]
    found = next((fix for pattern, fix in PATTERNS.items() if re.match(pattern, what)), "")
    return found or (_similar(what) if "no rule" in what else "")


def _similar(what: str) -> str:
    name = next(iter(re.findall(r"`([\w.]+)`", what)), "")
    known = [f".{method}" for method in METHODS] if "the method" in what else [op.name for op in OPS.values()]
    close = sorted(difflib.get_close_matches(name, sorted({*known}), n=2, cutoff=0.8))
    if not close:
        return "write it out with functions that have a rule"
    return f"near it, with a rule: {', '.join(f'`{c}`' for c in close)}"

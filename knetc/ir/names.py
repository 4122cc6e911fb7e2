"""Names for generated variables: readable, deterministic, and never one that is taken.

>>> namer = Namer({"x", "x_bar"})
>>> namer.fresh("x_bar"), namer.fresh("h_bar"), namer.fresh("h_bar")
('x_bar_2', 'h_bar', 'h_bar_2')
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable

from knetc.ir import nodes as ir
from knetc.ir.walk import all_reads, all_writes


class Namer:
    """Hands out names that nothing else in a function uses."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    def fresh(self, wish: str) -> str:
        """The wished name, or the first of `wish_2`, `wish_3` ... that is free."""
        name, n = wish, 1
        while name in self.taken or keyword.iskeyword(name) or name in dir(builtins):
            n += 1
            name = f"{wish}_{n}"
        self.taken.add(name)
        return name


def namer_for(function: ir.Function, also: Iterable[str] = ()) -> Namer:
    """A namer that knows every name a function uses, global ones included."""
    taken = {p.name for p in function.params} | all_reads(function.body) | all_writes(function.body)
    taken |= function.names
    return Namer(taken | set(also))

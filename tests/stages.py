"""The stages of the compiler one by one, for tests that look at what lies between them."""

from __future__ import annotations

import inspect
from dataclasses import replace
from textwrap import dedent

from knetc.analysis.infer import Inference, Outside, infer
from knetc.analysis.kinds import UNKNOWN, kind_of
from knetc.canon.anf import normalise
from knetc.canon.tails import nest_tails
from knetc.canon.webs import split_webs
from knetc.front.lower import lower
from knetc.ir import nodes as ir
from knetc.ir.flow import is_augmented
from knetc.ir.names import namer_for
from knetc.ir.show import show
from knetc.ir.walk import blocks, with_blocks
from knetc.session import Session

NOWHERE = Outside(lambda name: UNKNOWN, lambda call, args, options: UNKNOWN)


def expected(text):
    """A literal without its indentation."""
    return dedent(text).strip("\n")


def shown(block):
    """A block as text, without the function around it."""
    lines = show(ir.Function("f", (), tuple(block))).splitlines()[1:]
    return "\n".join(line.removeprefix("  ") for line in lines)


def tails(function):
    f = lower(function)
    return nest_tails(f, namer_for(f))


def webs(function):
    f = tails(function)
    return split_webs(f, namer_for(f))


def anf(function):
    f, _ = webs(function)
    return normalise(f, namer_for(f))


def kinds_of(function, args):
    return dict(zip(inspect.signature(function).parameters, map(kind_of, args), strict=True))


def inferred(function, *args):
    """The kinds of all names of a function in A-normal form."""
    f, _ = anf(function)
    return infer(f, kinds_of(function, args), NOWHERE)


def analysed(function, *args, wrt=None):
    """A canonical function with its facts."""
    kinds = kinds_of(function, args)
    floats = frozenset(name for name, kind in kinds.items() if kind.may_be_active)
    return Session(frozenset()).analysed(function, kinds, floats if wrt is None else frozenset(wrt))


def sweeps(function, *args):
    """The bodies of the forward and the backward sweep of a function, as text."""
    session = Session(frozenset())
    kinds = kinds_of(function, args)
    session.pair(function, kinds, frozenset(name for name, kind in kinds.items() if kind.may_be_active))
    forward, backward = session.generated[-2:]
    return shown(forward.function.body), shown(backward.function.body)


def facts(**values):
    """What is known of names that hold these values."""
    return Inference({name: kind_of(value) for name, value in values.items()}, NOWHERE)


def generated(function):
    """The body of a function as a block of generated code, in which `+=` adds to a cotangent."""
    return tuple(map(_accumulating, lower(function).body))


def _accumulating(stmt):
    if blocks(stmt):
        return with_blocks(stmt, lambda block: tuple(map(_accumulating, block)))
    if is_augmented(stmt):
        return ir.Accumulate(stmt.target, stmt.value.args[1])
    return replace(stmt, place=None)

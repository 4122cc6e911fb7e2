"""The rule of `np.einsum`: the cotangent of an operand is an einsum of the others and of the result's."""

from __future__ import annotations

import string
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.ops.registry import rule, traceable
from knetc.ops.shape import fold_broadcast
from knetc.runtime.broadcast import unbroadcast

Array = Any


@traceable
def einsum_bar(g: Array, subscripts: str, i: int, *operands: Array) -> Array:
    """The cotangent of operand number `i` of `np.einsum(subscripts, *operands)`, whatever the subscripts.

    >>> einsum_bar(1.0, "ii->", 0, np.zeros((2, 2)))
    array([[1., 0.],
           [0., 1.]])
    """
    inputs, output = parse(subscripts, [np.ndim(x) for x in operands])
    mine, others = inputs[i], inputs[:i] + inputs[i + 1 :]
    reachable = set(output).union(*others)
    core = "".join(dict.fromkeys(label for label in mine if label in reachable))
    arrays = [g, *operands[:i], *operands[i + 1 :]]
    bar = np.einsum(f"{','.join([output, *others])}->{core}", *arrays)
    return _spread(bar, core, mine, operands[i])


def parse(subscripts: str, ranks: list[int] | None = None) -> tuple[list[str], str]:
    """The labels of the operands and of the result; an ellipsis needs the ranks of the operands.

    >>> parse("ij,jk")
    (['ij', 'jk'], 'ik')
    >>> parse("...i->...", [3])
    (['YZi'], 'YZ')
    """
    left, arrow, output = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    if ranks is not None:
        inputs, hidden = _without_ellipsis(inputs, ranks, set(subscripts))
        output = output.replace("...", hidden) if arrow else hidden
    if arrow:
        return inputs, output
    once = sorted(label for label in set("".join(inputs)) if "".join(inputs).count(label) == 1)
    return inputs, output + "".join(label for label in once if label not in output)


def _without_ellipsis(inputs: list[str], ranks: list[int], taken: set[str]) -> tuple[list[str], str]:
    """Labels in place of every ellipsis, aligned at its right, and those of the longest."""
    free = [letter for letter in string.ascii_letters[::-1] if letter not in taken]
    hidden = [
        rank - len(labels) + 3 if "..." in labels else 0 for labels, rank in zip(inputs, ranks, strict=True)
    ]
    names = "".join(sorted(free[: max(hidden)]))
    plain = [s.replace("...", names[len(names) - n :]) for s, n in zip(inputs, hidden, strict=True)]
    return plain, names


def _spread(bar: Array, core: str, mine: str, operand: Array) -> Array:
    """`bar`, which has the labels `core`, as an array like `operand` with the labels `mine`."""
    result = np.zeros_like(bar, shape=operand.shape)
    distinct = "".join(dict.fromkeys(mine))
    lines = np.einsum(f"{mine}->{distinct}", result)  # a view: where labels repeat, the diagonal
    bar = unbroadcast(bar, tuple(lines.shape[distinct.index(label)] for label in core))
    lines[...] = np.expand_dims(bar, [i for i, label in enumerate(distinct) if label not in core])
    return result


def _bar(g: Array, subscripts: str, i: int, operands: tuple[Array, ...]) -> Array:
    """Printed as one einsum where the labels allow it; `einsum_bar` knows the other cases."""
    if "..." in subscripts:
        return einsum_bar(g, subscripts, i, *operands)
    inputs, output = parse(subscripts)
    mine, others = inputs[i], inputs[:i] + inputs[i + 1 :]
    if len(set(mine)) < len(mine) or not set(mine) <= set(output).union(*others):
        return einsum_bar(g, subscripts, i, *operands)
    back = f"{','.join([output, *others])}->{mine}"
    return fold_broadcast(np.einsum(back, g, *operands[:i], *operands[i + 1 :]), operands[i])


def _bars(g: Array, y: Array, subscripts: str, *operands: Array, optimize: Any = False) -> tuple[Array, ...]:
    if not isinstance(subscripts, str):
        raise ArgumentError(
            "KN328",
            "np.einsum: the derivative is known for a subscript string only; "
            f"the first argument is a {type(subscripts).__name__}",
            help='write the subscripts as a string: np.einsum("ij,jk->ik", a, b)',
        )
    return tuple(_bar(g, subscripts, i, operands) for i in range(len(operands)))


rule(np.einsum, operands=_bars)

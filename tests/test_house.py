"""The rules of the house: sizes, names, who may import what, and what every public name carries.

Each test lists the offenders. `python tests/test_house.py` prints the sizes of all folders.
"""

from __future__ import annotations

import ast
import inspect
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import knetc

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "knetc").rglob("*.py"))
SCRIPTS = sorted([*ROOT.glob("examples/*.py"), *ROOT.glob("benchmarks/**/*.py")])

LONG_FILE = 300
LONGEST_FILE = 500
LONGEST_FUNCTION = 40

TABLES: set[str] = {"knetc/explain.py"}
"""Files that are one flat table may be as long as the table is: name them here."""

OWNERS = {
    "IPython": ("knetc/notebook/", "knetc/train/render"),
    "astunparse": ("knetc/emit/",),
    "click": ("knetc/cli/",),
    "cupy": ("knetc/backends/cupy",),
    "cupyx": ("knetc/backends/cupy",),
    "gast": ("knetc/front/",),
    "hypothesis": ("knetc/testing/programs",),
}
"""A foreign library is spoken in one folder."""

UNSAFE = {"pickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve"}
EMPTY_NAMES = {"utils", "common", "misc", "helpers"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def line_count(path: Path) -> int:
    return len(text(path).splitlines())


def docstring(path: Path) -> str:
    return ast.get_docstring(tree(path)) or ""


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def code(function: Function) -> list[ast.stmt]:
    """The body without the docstring."""
    return function.body[1:] if ast.get_docstring(function) else function.body


def length(function: Function) -> int:
    """The lines of a function, its docstring left out."""
    head = function.body[0].lineno - function.lineno
    body = code(function)
    return head + (body[-1].end_lineno - body[0].lineno + 1 if body else 0)


def is_one_match(function: Function) -> bool:
    return len(code(function)) == 1 and isinstance(code(function)[0], ast.Match)


def imported(path: Path) -> set[str]:
    """The packages that a module imports, on top or inside functions."""
    found = set()
    for node in ast.walk(tree(path)):
        match node:
            case ast.Import(names=names):
                found |= {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(module=str(name), level=0):
                found.add(name.partition(".")[0])
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                found.add(name.partition(".")[0])
    return found


# ---- sizes


def test_a_long_file_says_why() -> None:
    long = [path for path in MODULES + SCRIPTS if line_count(path) > LONG_FILE and short(path) not in TABLES]

    assert [short(path) for path in long if "Why this long" not in docstring(path)] == []


def test_no_file_is_endless() -> None:
    long = [short(path) for path in MODULES + SCRIPTS if line_count(path) > LONGEST_FILE]

    assert set(long) - TABLES == set()


def test_functions_are_short() -> None:
    long = [
        f"{short(path)}:{function.lineno} {function.name} has {length(function)} lines"
        for path in MODULES + SCRIPTS
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION and not is_one_match(function)
    ]

    assert long == []


def test_the_tables_exist() -> None:
    assert [name for name in TABLES if not (ROOT / name).is_file()] == []


def size_table() -> str:
    """The sizes of each folder, and the modules that share a name with the standard library."""
    folders = defaultdict(list)
    for path in MODULES:
        folders[short(path.parent)].append(line_count(path))
    rows = [f"{'folder':<26}{'files':>6}{'lines':>7}{'median':>8}{'longest':>9}"]
    for folder, sizes in [*sorted(folders.items()), ("all", [line_count(path) for path in MODULES])]:
        median = round(statistics.median(sizes))
        rows.append(f"{folder:<26}{len(sizes):>6}{sum(sizes):>7}{median:>8}{max(sizes):>9}")
    shared = [short(path) for path in MODULES if path.stem in sys.stdlib_module_names and path.stem[0] != "_"]
    return "\n".join([*rows, f"named like a module of the standard library: {', '.join(shared) or 'none'}"])


def test_the_size_table_covers_every_module() -> None:
    table = size_table()
    print(table)

    assert re.search(rf"^all +{len(MODULES)} ", table, re.MULTILINE)


# ---- names and texts


def test_modules_and_folders_are_named_after_their_idea() -> None:
    empty = [short(path) for path in MODULES if EMPTY_NAMES & {path.stem.strip("_"), path.parent.name}]

    assert empty == []


def test_every_module_says_what_it_is() -> None:
    assert [short(path) for path in MODULES if not docstring(path)] == []


def test_every_module_has_modern_annotations() -> None:
    second = {path: ast.unparse(statement) for path in MODULES for statement in tree(path).body[1:2]}

    assert [short(p) for p, s in second.items() if s != "from __future__ import annotations"] == []


def test_every_folder_is_a_package() -> None:
    folders = sorted({path.parent for path in MODULES})

    assert [short(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_nothing_is_left_to_do() -> None:
    assert [short(path) for path in MODULES + SCRIPTS if re.search(r"\b(?:TODO|FIXME)\b", text(path))] == []


# ---- who may import what


def test_a_foreign_library_is_spoken_in_one_folder() -> None:
    strangers = [
        f"{short(path)} imports {package}"
        for path in MODULES
        for package in sorted(imported(path) & set(OWNERS))
        if not short(path).startswith(OWNERS[package])
    ]

    assert strangers == []


def test_nothing_that_loads_a_file_can_run_code() -> None:
    unsafe = [path for path in MODULES if imported(path) & UNSAFE or "allow_pickle=True" in text(path)]

    assert [short(path) for path in unsafe] == []


# ---- the public face


@pytest.mark.parametrize("name", sorted(knetc.__all__))
def test_a_public_name_explains_itself(name: str) -> None:
    assert inspect.getdoc(getattr(knetc, name))


@pytest.mark.parametrize("name", sorted(knetc.__all__))
def test_a_public_function_has_an_example(name: str) -> None:
    value = getattr(knetc, name)
    if isinstance(value, (ModuleType, str)) or (isinstance(value, type) and issubclass(value, Exception)):
        return  # a module's examples are those of its functions; an error is shown where it is raised

    assert ">>>" in inspect.getdoc(value)


if __name__ == "__main__":
    print(size_table())

"""`knetc compile`: writes the module, whole or not at all."""

from __future__ import annotations

import ast
from pathlib import Path

import click

from knetc.cli.ahead import ahead
from knetc.cli.target import find
from knetc.runtime.atomic import replacing


def write(text: str, output: Path | None, wrt: str | None) -> None:
    """Compile the function `text`, `model.py:loss`, into the file `output`, or print it if that is `-`."""
    target = find(text)
    function = target.function()
    path = output or Path(f"{(target.name or '').rpartition('.')[2]}_ad.py")
    if path.exists() and path.samefile(target.path):
        raise click.UsageError(f"`{path}` is the file that is compiled; choose another name by `-o`")
    if not path.parent.is_dir():
        raise click.UsageError(f"there is no folder `{path.parent}`")
    module = ahead(function, wrt).module()
    if str(path) == "-":
        click.echo(module, nl=False)
        return
    try:
        with replacing(path) as file:
            file.write(module.encode())
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    click.echo(f"{path}: {len(module.splitlines())} lines, imports {', '.join(_imports(module))}")


def _imports(module: str) -> list[str]:
    """What a module imports: packages, and the parts of knetc."""
    found: set[str] = set()
    for node in ast.parse(module).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(".".join(node.module.split(".")[:2]))
    return sorted(found)

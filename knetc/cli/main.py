"""The commands and their options. What they do is imported when it is done, so that `knetc --help` is fast."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from knetc import __version__
from knetc.errors import KnetcError

MAP = f"""\
knetc {__version__}: gradients of plain Python functions, as readable Python

  knetc show model.py:loss                  the function and its generated gradient, side by side
  knetc check model.py                      what can be differentiated, and what stands in the way
  knetc compile model.py:loss -o loss_ad.py a module with `forward`, `backward` and `grad`
  knetc explain KN101                       more about an error

  knetc COMMAND --help                      the options of a command
  in Python:  import knetc;  @knetc.grad    in Jupyter:  %load_ext knetc, then %%grad"""

WRT = click.option(
    "--wrt", metavar="NAMES", help="What to differentiate by: `w` or `w,b`. The first parameter if omitted."
)


def reported(command: Callable[..., Any]) -> Callable[..., Any]:
    """Print an error of knetc without a traceback, and end with exit code 1."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except KnetcError as error:
            click.echo(str(error), err=True)
            raise click.exceptions.Exit(1) from error

    return run


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="knetc", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Gradients of plain Python functions, as readable Python."""
    if context.invoked_subcommand is None:
        click.echo(MAP)


@commands.command("compile")
@click.argument("target", metavar="FILE.py:FUNCTION")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; `-` prints. FUNCTION_ad.py if omitted.",
)
@WRT
@reported
def compile_command(target: str, output: Path | None, wrt: str | None) -> None:
    """Write a module with the forward sweep, the backward sweep and the gradient of a function.

    It imports numpy and the run-time half of knetc only. Numbers and functions that FUNCTION reads are copied into it.
    """
    from knetc.cli.compile import write

    write(target, output, wrt)


@commands.command("show")
@click.argument("target", metavar="FILE.py:FUNCTION")
@WRT
@reported
def show_command(target: str, wrt: str | None) -> None:
    """Print a function and its generated gradient, side by side where the terminal is wide enough."""
    from knetc.cli.show import show

    show(target, wrt)


@commands.command("check")
@click.argument("target", metavar="FILE.py[:FUNCTION]")
@reported
def check_command(target: str) -> None:
    """Tell for each function of a file whether it can be differentiated; exit with 1 if one cannot.

    Where functions are decorated by `knetc.grad`, only those are checked.
    """
    from knetc.cli.check import check

    if not check(target):
        raise click.exceptions.Exit(1)


@commands.command("explain")
@click.argument("code", required=False)
@reported
def explain_command(code: str | None) -> None:
    """Explain an error code, with an example that raises it; without CODE, list all codes."""
    from knetc.cli.explain import explain

    click.echo(explain(code))


def main() -> None:
    """Run the command line."""
    commands(prog_name="knetc", args=sys.argv[1:])

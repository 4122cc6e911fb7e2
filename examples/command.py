"""The command line that the examples share: `--quick`, `--epochs`, `--seed`, and options of their own."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import knetc
from knetc.errors import KnetcError


def run(
    main: Callable[[argparse.Namespace], None], text: str | None, epochs: tuple[int, int], **more: Any
) -> None:
    """Parse the command line, seed, call `main(options)`, and print the seconds that it took.

    `epochs` are the passes over the data by default and if quick. `more` names further options with their defaults; a
    tuple of them means a choice, the first by default.
    """
    whole, quick = epochs
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a short run on small data; needs no network")
    parser.add_argument("--epochs", type=int, help=f"passes over the data ({whole}; {quick} if quick)")
    parser.add_argument("--seed", type=int, default=0, help="of the parameters and the order of the data (0)")
    for name, default in more.items():
        _add(parser, f"--{name.replace('_', '-')}", default)
    options = parser.parse_args()
    if options.epochs is None:
        options.epochs = quick if options.quick else whole
    knetc.seed(options.seed)
    start = time.perf_counter()
    try:
        main(options)
    except KnetcError as error:
        sys.exit(str(error))
    print(f"seconds: {time.perf_counter() - start:.1f}")


def _add(parser: argparse.ArgumentParser, name: str, default: Any) -> None:
    if isinstance(default, tuple):
        parser.add_argument(name, choices=default, default=default[0], help=f"({default[0]})")
    else:
        parser.add_argument(name, type=type(default), default=default, help=f"({default})")

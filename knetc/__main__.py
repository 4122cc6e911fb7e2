"""`python -m knetc` is the command `knetc`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from knetc.cli.main import main as run

    run()


if __name__ == "__main__":
    main()

"""The parts of data sets that come with knetc: small, compressed, for tests and for first steps without a network."""

from __future__ import annotations

import gzip
from importlib import resources


def bundled(name: str) -> bytes:
    """The content of a file beside this one, by its name without `.gz`.

    >>> bundled("shakespeare-subset.txt")[:13]
    b'# The Tempest'
    """
    return gzip.decompress(resources.files("knetc.datasets").joinpath("bundled", f"{name}.gz").read_bytes())

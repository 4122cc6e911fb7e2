"""What is known of objects whose attributes get other values while the program runs."""

from __future__ import annotations

from dataclasses import replace

from knetc.analysis.kinds import UNKNOWN, Kind

EVERY = "*"
"""Stands for the names of all attributes."""


def without(kind: Kind, attributes: frozenset[str]) -> Kind:
    """A kind that tells nothing of the objects and functions in these attributes."""
    if not attributes or kind.items is None:
        return kind
    if kind.tag != "object" or kind.keys is None:
        return replace(kind, items=tuple([without(item, attributes) for item in kind.items]))
    if EVERY in attributes:
        return Kind("object", cls=kind.cls)
    known = {
        key: UNKNOWN
        if key in attributes and item.tag in ("object", "function")
        else without(item, attributes)
        for key, item in zip(kind.keys, kind.items, strict=True)
    }
    known |= {name: UNKNOWN for name in sorted(attributes - known.keys()) if hasattr(kind.cls, name)}
    return replace(kind, items=tuple(known.values()), keys=tuple(known))

from __future__ import annotations

import hashlib

import pytest

from knetc.datasets.fetch import Source, Wanted


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """`stand_in(module, *contents)` puts small files in the place of those that a loader fetches."""
    monkeypatch.setenv("KNETC_DATA", str(tmp_path / "cache"))

    def replace(module, *contents):
        names = [file.name for file in module.FILES]
        found = dict(zip(names, contents, strict=True))
        files = tuple(
            Wanted(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()
        )
        monkeypatch.setattr(module, "FILES", files)
        monkeypatch.setattr(module, "SOURCES", (Source("here", lambda file, _: found[file.name]),))

    return replace

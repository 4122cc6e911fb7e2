"""Public addresses that data sets come from: a folder of files, an archive. For packages see `packages.py`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from knetc.datasets.archives import LIMIT, Recipe, gzip_content, read_archive
from knetc.datasets.fetch import Source, Wanted

TIMEOUT = (5, 20)  # seconds to connect, seconds between two packets


def web(base: str, md5: dict[str, str]) -> Source:
    """A web folder of `name.gz` files. Each is checked by its md5 before it is unpacked."""

    def read(file: Wanted, scratch: Path) -> bytes:
        packed = f"{file.name}.gz"
        path = _download(base + packed, f"md5:{md5[file.name]}", scratch / packed)
        return gzip_content(path.read_bytes(), file.size)

    return Source(base, read)


def plain(base: str) -> Source:
    """A web folder of the very files that are wanted."""

    def read(file: Wanted, scratch: Path) -> bytes:
        return _download(base + file.name, None, scratch / file.name).read_bytes()

    return Source(base, read)


def archive(address: str, recipe: Recipe, known_hash: str | None = None) -> Source:
    """An archive on the web, checked by `known_hash` (`sha256:` or `md5:` and digits) where one is published."""

    def read(file: Wanted, scratch: Path) -> bytes:
        path = scratch / "archive"
        if not path.exists():
            _download(address, known_hash, path)
        return recipe.made(file, read_archive(path, recipe.matches(file)))

    return Source(address, read)


def _download(url: str, known_hash: str | None, target: Path, limit: int = LIMIT) -> Path:
    import pooch  # type: ignore[import-untyped]

    downloader = pooch.HTTPDownloader(progressbar=_Bound(limit), timeout=TIMEOUT)
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # it announces every download otherwise
    try:
        path: str = pooch.retrieve(url, known_hash, target.name, target.parent, downloader=downloader)
    finally:
        logger.setLevel(level)
    return Path(path)


@dataclass
class _Bound:
    """Stands in the place of a progress bar, and ends a download that goes on after `limit` bytes."""

    limit: int
    total: int = 0
    read: int = 0

    def update(self, size: int) -> None:
        self.read += size
        if self.read > self.limit:
            msg = f"it has more than {self.limit} bytes"
            raise ValueError(msg)

    def reset(self) -> None:
        self.read = 0

    def close(self) -> None:
        pass

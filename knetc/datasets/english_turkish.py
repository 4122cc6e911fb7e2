"""English-Turkish: the messages of LibreOffice and their translations (MPL-2.0), for translating short texts."""

from __future__ import annotations

import json
import re
import struct

from knetc.datasets.archives import Members, Recipe
from knetc.datasets.bundle import bundled
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.packages import apt
from knetc.errors import FileError

MNEMONIC = re.compile(r"[~_](?=\w)")  # marks the letter of a keyboard shortcut: ~Export, K_ullanıcı

Pairs = list[tuple[str, str]]


def listed(catalogues: Members) -> bytes:
    """A line of JSON for each message of some catalogues in the .mo format, in the order of their names."""
    pairs = [pair for _, data in sorted(catalogues.items()) for pair in messages(data)]
    return "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs).encode()


def messages(data: bytes) -> Pairs:
    """The messages of a catalogue in the .mo format of gettext, plural forms and the header left out.

    Raises `ValueError` or `struct.error` for other data.
    """
    order = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}.get(data[:4])
    if order is None:
        msg = f"a catalogue begins with {data[:4]!r}"
        raise ValueError(msg)
    count, originals, translations = struct.unpack_from(f"{order}3I", data, 8)

    def text(table: int, i: int) -> str:
        length, start = struct.unpack_from(f"{order}2I", data, table + 8 * i)
        if start + length > len(data):
            msg = f"message {i} of a catalogue ends behind its end"
            raise ValueError(msg)
        return data[start : start + length].decode()

    pairs = [(text(originals, i), text(translations, i)) for i in range(min(count, len(data)))]
    return [(source.split("\x04")[-1], target) for source, target in pairs if source and "\0" not in source]


FILES = (
    Wanted(
        "english-turkish.jsonl", 2019698, "65063fcbb81fe77489554573967c4e442b0178fac9d78abf652dfe4a9ca68428"
    ),
)
SOURCES = (
    apt(
        "libreoffice-l10n-tr",
        Recipe(r"[.]/usr/lib/libreoffice/program/resource/tr/LC_MESSAGES/\w+[.]mo", listed),
    ),
)


def english_turkish(*, subset: bool = False) -> Pairs:
    """The pairs `(english, turkish)` of LibreOffice 7.4: a list of 19,074 different ones.

    They are words, phrases and sentences, most of them of at most three words. The marks of keyboard
    shortcuts are taken out, empty texts are left out and every pair stands once. They stand in the order of
    the program's parts: shuffle them before you split. Fetched once (1 MB), from a Debian package; `subset=True`
    needs no network: some 1,800 short ones. Raises `FileError` (KN601) if it cannot be had.

    >>> len(english_turkish(subset=True))
    1782
    """
    name = "english-turkish-subset.jsonl"
    return parse(bundled(name) if subset else fetch("english_turkish", FILES, SOURCES)[0])


def parse(data: bytes) -> Pairs:
    r"""The different pairs in lines of JSON. Raises `FileError` (KN603) for a line without two strings.

    >>> parse('["~Export...", "~Dışa aktar..."]\n["Export...", "Dışa aktar..."]\n["Cut", ""]\n'.encode())
    [('Export...', 'Dışa aktar...')]
    """
    pairs: dict[tuple[str, str], None] = {}
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            source, target = (MNEMONIC.sub("", text).strip() for text in json.loads(line))
        except (TypeError, ValueError) as error:
            raise FileError(
                "KN603",
                f"line {number} of `english-turkish.jsonl` has no two texts: {error}",
                help="delete the file, and fetch it again",
            ) from error
        if source and target:
            pairs[source, target] = None
    return list(pairs)

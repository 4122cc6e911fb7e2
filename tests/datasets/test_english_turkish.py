from __future__ import annotations

import importlib
import io
import json
import struct

import pytest

from knetc.datasets import english_turkish
from knetc.errors import FileError

module = importlib.import_module("knetc.datasets.english_turkish")


def catalogue(messages, order="<"):
    """The bytes of a .mo file, as msgfmt writes them."""
    texts = [(a.encode(), b.encode()) for a, b in sorted(messages.items())]
    start = 28 + 16 * len(texts)
    tables, content = [], b""
    for column in (0, 1):
        for pair in texts:
            tables.append(struct.pack(f"{order}2I", len(pair[column]), start + len(content)))
            content += pair[column] + b"\0"
    head = struct.pack(f"{order}7I", 0x950412DE, 0, len(texts), 28, 28 + 8 * len(texts), 0, 0)
    return head + b"".join(tables) + content


MESSAGES = {
    "": "Content-Type: text/plain; charset=UTF-8\n",
    "BTN\x04~Export...": "~Dışa aktar...",
    "LBL\x04_User name:": "K_ullanıcı adı:",
    "N\x04one page\0pages": "bir sayfa\0sayfa",
    "Cut": "Kes",
}
PAIRS = [["~Export...", "~Dışa aktar..."], ["Cut", "Kes"], ["_User name:", "K_ullanıcı adı:"]]


@pytest.mark.parametrize("order", "<>")
def test_a_catalogue_is_read_without_header_contexts_and_plurals(order):
    assert [list(pair) for pair in module.messages(catalogue(MESSAGES, order))] == PAIRS


def test_the_catalogue_is_the_one_that_gettext_reads():
    import gettext

    translations = gettext.GNUTranslations(io.BytesIO(catalogue(MESSAGES)))
    assert translations.gettext("Cut") == "Kes"
    assert translations.pgettext("BTN", "~Export...") == "~Dışa aktar..."


def test_catalogues_become_one_list_in_the_order_of_their_names():
    listed = module.listed({"b.mo": catalogue({"B": "b"}), "a.mo": catalogue({"A\n": "a"})})
    assert listed == b'["A\\n", "a"]\n["B", "b"]\n'


def test_pairs_stand_once_and_without_marks(stand_in):
    stand_in(module, module.listed({"a.mo": catalogue(MESSAGES), "b.mo": catalogue(MESSAGES | {"X": ""})}))
    assert english_turkish() == [
        ("Export...", "Dışa aktar..."),
        ("Cut", "Kes"),
        ("User name:", "Kullanıcı adı:"),
    ]


def test_truncated_catalogues_are_errors():
    data = catalogue(MESSAGES)
    for length in range(len(data) - 1):
        with pytest.raises((ValueError, struct.error)):
            module.messages(data[:length])


@pytest.mark.parametrize("line", [b"[1, 2]", b'["a"]', b'["a", "b", "c"]', b"nonsense", b"3", b"\xff"])
def test_a_line_without_two_texts_is_refused(line):
    good = json.dumps(["Cut", "Kes"]).encode()
    with pytest.raises(FileError, match=r"KN603 line 2 of `english-turkish\.jsonl` has no two texts"):
        module.parse(good + b"\n" + line)


def test_the_source_is_a_debian_package():
    assert [source.label for source in module.SOURCES] == ["Debian package libreoffice-l10n-tr"]

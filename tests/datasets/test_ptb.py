from __future__ import annotations

import importlib

import numpy as np
import pytest

from knetc.datasets import ptb
from knetc.errors import FileError

module = importlib.import_module("knetc.datasets.ptb")
TRAIN = b" mr. <unk> is chairman of <unk> n.v. the dutch group \n the group is N years old \n"
VALID = b" the group is old \n"
TEST = b" mr. group of zebras \n"


def test_the_text_becomes_three_rows_of_ids(stand_in):
    stand_in(module, TRAIN, VALID, TEST)
    train, valid, test, vocabulary = ptb()
    assert {a.dtype for a in (train, valid, test)} == {np.dtype(np.int64)}
    assert " ".join(vocabulary.decode(train)) == TRAIN.decode().replace("\n", "<eos>").strip()
    assert vocabulary.decode(valid) == ["the", "group", "is", "old", "<eos>"]
    assert vocabulary.decode(test) == ["mr.", "group", "of", "<unk>", "<eos>"]
    assert (vocabulary.tokens[0], vocabulary.size) == ("<unk>", len(set(TRAIN.split())) + 1)


def test_what_is_no_text_is_refused(stand_in):
    stand_in(module, TRAIN, b"\xff\xfe", TEST)
    with pytest.raises(FileError, match=r"KN603 `ptb\.valid\.txt` is no text"):
        ptb()


def test_the_source_is_public():
    assert [source.label.split("/")[2] for source in module.SOURCES] == ["raw.githubusercontent.com"]

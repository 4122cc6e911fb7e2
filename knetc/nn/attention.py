"""Layers of transformers: attention in several heads, and the block that is made of it.

Vaswani et al., Attention is all you need, NeurIPS (2017).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.nn.dropout import Dropout
from knetc.nn.layer import Layer, name_of, sizes
from knetc.nn.linear import Linear
from knetc.nn.norm import LayerNorm
from knetc.ops import attention, gelu, join_heads, split_heads

Array = Any


class MultiHeadAttention(Layer):
    """Every place of a sequence looks at all others, in several ways at once.

    `layer(x)` is self-attention of sequences (N, T, size); `layer(x, context)` looks at another sequence, (N, S, size).
    `mask` is True where a place may be seen, of a shape that broadcasts to (N, T, S); with causal=True place i sees
    only 0 to i. The four linear maps are `query`, `key`, `value` and `output`. Raises `ArgumentError` for sizes that
    are none (KN346) and heads that do not divide `size` (KN347).

    >>> import numpy as np
    >>> layer = MultiHeadAttention(64, 8, causal=True)
    >>> layer(np.zeros((2, 10, 64), np.float32)).shape
    (2, 10, 64)
    >>> layer
    MultiHeadAttention(64, 8 heads, causal)  16,640 parameters
      query: Linear(64 -> 64)  4,160 parameters
      key: Linear(64 -> 64)  4,160 parameters
      value: Linear(64 -> 64)  4,160 parameters
      output: Linear(64 -> 64)  4,160 parameters
    """

    def __init__(self, size: int, heads: int, *, causal: bool = False, bias: bool = True) -> None:
        sizes("MultiHeadAttention", size=size, heads=heads)
        if size % heads:
            raise ArgumentError(
                "KN347",
                f"MultiHeadAttention: `heads` is {heads}; expected a divisor of `size`={size}",
                help=f"pass a size that is a multiple of {heads}, such as {(size // heads + 1) * heads}",
            )
        self.query, self.key = Linear(size, size, bias=bias), Linear(size, size, bias=bias)
        self.value, self.output = Linear(size, size, bias=bias), Linear(size, size, bias=bias)
        self.heads, self.causal = heads, causal

    def __call__(self, x: Array, context: Array = None, mask: Array = None) -> Array:
        seen = x if context is None else context
        q = split_heads(self.query(x), self.heads)
        k = split_heads(self.key(seen), self.heads)
        v = split_heads(self.value(seen), self.heads)
        mask = mask if mask is None else np.expand_dims(mask, -3)
        y = attention(q, k, v, mask=mask, causal=self.causal)
        return self.output(join_heads(y))

    def options(self) -> str:
        """The size and the heads."""
        return f"{self.query.w.shape[1]}, {self.heads} heads{', causal' if self.causal else ''}"


class TransformerBlock(Layer):
    """Attention and two dense layers, each behind a normalisation and beside a way past them (pre-norm).

        x = x + dropout(attention(norm1(x)))
        x = x + dropout(down(up(norm2(x))))

    `x` has the shape (N, T, size), `up` has `hidden` outputs, four times `size` unless told otherwise, and the
    `activation`. Other arguments and errors as for `MultiHeadAttention` and `Dropout`. Xiong et al., On layer
    normalization in the transformer architecture, ICML (2020).

    >>> import numpy as np
    >>> block = TransformerBlock(64, 8, dropout=0.1, causal=True)
    >>> block(np.zeros((2, 10, 64), np.float32)).shape
    (2, 10, 64)
    """

    def __init__(
        self,
        size: int,
        heads: int,
        *,
        hidden: int | None = None,
        dropout: float = 0.0,
        causal: bool = False,
        activation: Callable[[Array], Array] = gelu,
        norm: Callable[[int], Any] = LayerNorm,
    ) -> None:
        self.attention = MultiHeadAttention(size, heads, causal=causal)
        wide = 4 * size if hidden is None else hidden
        self.norm1, self.norm2 = norm(size), norm(size)
        self.up, self.down = Linear(size, wide, activation=activation), Linear(wide, size)
        self.dropout = Dropout(dropout)

    def __call__(self, x: Array, mask: Array = None) -> Array:
        x = x + self.dropout(self.attention(self.norm1(x), mask=mask))
        return x + self.dropout(self.down(self.up(self.norm2(x))))

    def options(self) -> str:
        """The size, the heads and the activation."""
        return f"{self.attention.options()}, {name_of(self.up.activation)}"

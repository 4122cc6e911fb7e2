"""Layers that normalise, each with a scale that is 1 and a bias that is 0 at first."""

from __future__ import annotations

from typing import Any

from knetc.errors import ArgumentError
from knetc.nn.layer import Layer, sizes
from knetc.ops import BatchNormMoments, batchnorm, groupnorm, layernorm, rmsnorm
from knetc.runtime.frozen import frozen
from knetc.train.param import param0

Array = Any


class BatchNorm(Layer):
    """`batchnorm`: every channel of (N, C, *space) with the moments of the batch, or with those of training.

    A gradient takes the moments of the batch and moves the running ones, `moments`, by `momentum` towards them; a
    plain call takes the running ones. Optimisers skip these, `knetc.save` does not.

    >>> import numpy as np
    >>> layer = BatchNorm(3)
    >>> layer, layer(np.ones((2, 3, 4, 4), np.float32)).shape
    (BatchNorm(3)  6 parameters, (2, 3, 4, 4))
    """

    def __init__(self, channels: int, *, momentum: float = 0.1, eps: float = 1e-5) -> None:
        sizes("BatchNorm", channels=channels)
        self.scale, self.bias = param0(channels) + 1, param0(channels)
        self.moments = BatchNormMoments(momentum, param0(channels), param0(channels) + 1)
        self.eps = frozen(eps)

    def __call__(self, x: Array) -> Array:
        return batchnorm(x, self.moments, (self.scale, self.bias), eps=self.eps)

    def options(self) -> str:
        """The channels."""
        return str(len(self.scale))


class LayerNorm(Layer):
    """`layernorm`: every instance of (..., size) by itself.

    >>> import numpy as np
    >>> LayerNorm(2)(np.array([[1.0, 3.0]])).round(3).tolist()
    [[-1.0, 1.0]]
    """

    def __init__(self, size: int, *, eps: float = 1e-5) -> None:
        sizes("LayerNorm", size=size)
        self.scale, self.bias = param0(size) + 1, param0(size)
        self.eps = frozen(eps)

    def __call__(self, x: Array) -> Array:
        return layernorm(x, self.scale, self.bias, eps=self.eps)

    def options(self) -> str:
        """The size."""
        return str(len(self.scale))


class RMSNorm(Layer):
    """`rmsnorm`: every instance of (..., size) divided by its root mean square; there is no bias.

    >>> import numpy as np
    >>> RMSNorm(2)(np.array([[3.0, 4.0]])).round(3).tolist()
    [[0.849, 1.131]]
    """

    def __init__(self, size: int, *, eps: float = 1e-6) -> None:
        sizes("RMSNorm", size=size)
        self.scale = param0(size) + 1
        self.eps = frozen(eps)

    def __call__(self, x: Array) -> Array:
        return rmsnorm(x, self.scale, eps=self.eps)

    def options(self) -> str:
        """The size."""
        return str(len(self.scale))


class GroupNorm(Layer):
    """`groupnorm`: the channels of each instance of (N, C, *space) in groups.

    >>> import numpy as np
    >>> GroupNorm(4, 2)
    GroupNorm(4, 2 groups)  8 parameters
    """

    def __init__(self, channels: int, groups: int, *, eps: float = 1e-5) -> None:
        sizes("GroupNorm", channels=channels, groups=groups)
        if channels % groups:
            raise ArgumentError(
                "KN332",
                f"GroupNorm: `groups` is {groups}; expected a divisor of `channels`={channels}",
                help="pass groups=1 to normalise over all channels",
            )
        self.scale, self.bias = param0(channels) + 1, param0(channels)
        self.groups, self.eps = groups, frozen(eps)

    def __call__(self, x: Array) -> Array:
        return groupnorm(x, self.groups, self.scale, self.bias, eps=self.eps)

    def options(self) -> str:
        """The channels and groups."""
        return f"{len(self.scale)}, {self.groups} groups"

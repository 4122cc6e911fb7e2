"""VGG networks, with the layout of torchvision, so that its weights fit.

Simonyan and Zisserman, Very deep convolutional networks for large-scale image recognition, ICLR (2015).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from knetc.errors import ArgumentError
from knetc.nn.chain import Chain
from knetc.nn.conv import Conv
from knetc.nn.dropout import Dropout
from knetc.nn.layer import Layer, sizes
from knetc.nn.linear import Linear
from knetc.nn.norm import BatchNorm
from knetc.nn.pool import MeanPool, Pool
from knetc.nn.weights import Weights, load_weights
from knetc.ops import mat, nll, relu
from knetc.train.initialisers import gaussian, kaiming_normal

Array = Any
CONVOLUTIONS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
"""How many convolutions there are before each of the five poolings."""


class VGG(Layer):
    """Convolutions of 3 x 3 in five groups, each with half the size of the one before, and three dense layers.

    `model(x)` gives the scores (N, classes) of images (N, channels, H, W), `model(x, y)` their `nll`.

    Arguments:
        depth: the number of layers with weights, 11, 13, 16 or 19.
        batchnorm: whether each convolution is followed by batch normalisation.
        classes: how many scores there are.
        channels: those of the images.
        width: the channels of the first group; the last two have eight times as many.
        hidden: the width of the dense layers.
        dropout: the part that is dropped between these.

    >>> import numpy as np
    >>> model = VGG(11, classes=10, width=2, hidden=8)
    >>> model(np.zeros((2, 3, 64, 64), np.float32)).shape
    (2, 10)
    """

    def __init__(
        self,
        depth: int,
        *,
        batchnorm: bool = False,
        classes: int = 1000,
        channels: int = 3,
        width: int = 64,
        hidden: int = 4096,
        dropout: float = 0.5,
    ) -> None:
        sizes("VGG", width=width, hidden=hidden)
        if depth not in CONVOLUTIONS:
            raise ArgumentError(
                "KN347", f"VGG: `depth` is {depth!r}; expected 11, 13, 16 or 19", help="pass depth=16"
            )
        self.features = _features(CONVOLUTIONS[depth], channels, width, batchnorm=batchnorm)
        self.avgpool = MeanPool(7)
        dense = partial(Linear, init=gaussian)
        self.classifier = Chain(
            dense(8 * width * 49, hidden), relu, Dropout(dropout),
            dense(hidden, hidden), relu, Dropout(dropout),
            dense(hidden, classes),
        )  # fmt: skip

    def __call__(self, x: Array, y: Array = None) -> Any:
        x = self.classifier(mat(self.avgpool(self.features(x))))
        return x if y is None else nll(x, y)


def vgg11(weights: Weights | None = None, **options: Any) -> VGG:
    """VGG-11, with torchvision's `weights` from a safetensors file (see `load_weights`) if there are any.

    `options` are those of `VGG`: `vgg11(batchnorm=True)` is torchvision's vgg11_bn.

    >>> from knetc.nn import parameters
    >>> f"{parameters(vgg11(hidden=8, classes=10).features):,}"
    '9,220,480'
    """
    return _loaded(VGG(11, **options), weights)


def vgg13(weights: Weights | None = None, **options: Any) -> VGG:
    """VGG-13, otherwise like `vgg11`.

    >>> from knetc.nn import parameters
    >>> f"{parameters(vgg13(hidden=8, classes=10).features):,}"
    '9,404,992'
    """
    return _loaded(VGG(13, **options), weights)


def vgg16(weights: Weights | None = None, **options: Any) -> VGG:
    """VGG-16, otherwise like `vgg11`.

    >>> from knetc.nn import parameters
    >>> f"{parameters(vgg16(hidden=8, classes=10).features):,}"
    '14,714,688'
    """
    return _loaded(VGG(16, **options), weights)


def vgg19(weights: Weights | None = None, **options: Any) -> VGG:
    """VGG-19, otherwise like `vgg11`.

    >>> from knetc.nn import parameters
    >>> f"{parameters(vgg19(hidden=8, classes=10).features):,}"
    '20,024,384'
    """
    return _loaded(VGG(19, **options), weights)


def _features(counts: tuple[int, ...], channels: int, width: int, *, batchnorm: bool) -> Chain:
    layers: list[Any] = []
    for i, count in enumerate(counts):
        outputs = width * min(2**i, 8)
        for _ in range(count):
            layers += _convolution(channels, outputs, batchnorm=batchnorm)
            channels = outputs
        layers.append(Pool(2))
    return Chain(*layers)


def _convolution(inputs: int, outputs: int, *, batchnorm: bool) -> list[Any]:
    conv = Conv(inputs, outputs, 3, padding=1, init=partial(kaiming_normal, fan="out"))
    return [conv, BatchNorm(outputs), relu] if batchnorm else [conv, relu]


def _loaded(model: VGG, weights: Weights | None) -> VGG:
    if weights is not None:
        load_weights(model, weights)
    return model

"""Residual networks, with the layout of torchvision, so that its weights fit.

He et al., Deep residual learning for image recognition, CVPR (2016). As in torchvision, the stride of a bottleneck
is that of its 3 x 3 convolution.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from knetc.nn.chain import Chain
from knetc.nn.conv import Conv
from knetc.nn.layer import Layer
from knetc.nn.linear import Dense
from knetc.nn.norm import BatchNorm
from knetc.nn.pool import MeanPool, Pool
from knetc.nn.weights import Weights, load_weights
from knetc.ops import identity, nll, relu
from knetc.train.initialisers import kaiming_normal

Array = Any

_conv = partial(Conv, bias=False, init=partial(kaiming_normal, fan="out"))


class BasicBlock(Layer):
    """Two 3 x 3 convolutions with a way past them."""

    expansion = 1

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        self.conv1, self.bn1 = _conv(inputs, width, 3, padding=1, stride=stride), BatchNorm(width)
        self.conv2, self.bn2 = _conv(width, width, 3, padding=1), BatchNorm(width)
        self.downsample = _shortcut(inputs, width, stride)

    def __call__(self, x: Array) -> Array:
        y = relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return relu(y + self.downsample(x))


class Bottleneck(Layer):
    """A 3 x 3 convolution between two of 1 x 1, the last of which has four times as many channels."""

    expansion = 4

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        outputs = width * self.expansion
        self.conv1, self.bn1 = _conv(inputs, width, 1), BatchNorm(width)
        self.conv2, self.bn2 = _conv(width, width, 3, padding=1, stride=stride), BatchNorm(width)
        self.conv3, self.bn3 = _conv(width, outputs, 1), BatchNorm(outputs)
        self.downsample = _shortcut(inputs, outputs, stride)

    def __call__(self, x: Array) -> Array:
        y = relu(self.bn1(self.conv1(x)))
        y = relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return relu(y + self.downsample(x))


class ResNet(Layer):
    """Four groups of blocks, each with half the size and twice the channels of the one before.

    `model(x)` gives the scores (N, classes) of images (N, channels, H, W), `model(x, y)` their `nll`.

    Arguments:
        block: `BasicBlock` or `Bottleneck`.
        depths: how many blocks there are in each of the four groups.
        classes: how many scores there are.
        channels: those of the images.
        width: the channels of the first group.

    >>> import numpy as np
    >>> model = ResNet(BasicBlock, (1, 1, 1, 1), classes=10, width=4)
    >>> model(np.zeros((2, 3, 64, 64), np.float32)).shape
    (2, 10)
    """

    def __init__(
        self,
        block: type[BasicBlock | Bottleneck],
        depths: tuple[int, int, int, int],
        *,
        classes: int = 1000,
        channels: int = 3,
        width: int = 64,
    ) -> None:
        self.conv1, self.bn1 = _conv(channels, width, 7, padding=3, stride=2), BatchNorm(width)
        self.maxpool = Pool(3, padding=1, stride=2)
        inputs, groups = width, []
        for i, depth in enumerate(depths):
            size, stride = width * 2**i, 1 if i == 0 else 2
            first, outputs = block(inputs, size, stride), size * block.expansion
            groups.append(Chain(first, *(block(outputs, size, 1) for _ in range(depth - 1))))
            inputs = outputs
        self.layer1, self.layer2, self.layer3, self.layer4 = groups
        self.avgpool = MeanPool(1)
        self.fc = Dense(inputs, classes)

    def __call__(self, x: Array, y: Array = None) -> Any:
        x = self.maxpool(relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        x = self.fc(self.avgpool(x))
        return x if y is None else nll(x, y)


def resnet18(weights: Weights | None = None, **options: Any) -> ResNet:
    """ResNet-18, with torchvision's `weights` from a safetensors file (see `load_weights`) if there are any.

    `options` are those of `ResNet`: `resnet18(classes=10)`.

    >>> from knetc.nn import parameters
    >>> f"{parameters(resnet18()):,}"
    '11,689,512'
    """
    return _loaded(ResNet(BasicBlock, (2, 2, 2, 2), **options), weights)


def resnet34(weights: Weights | None = None, **options: Any) -> ResNet:
    """ResNet-34, otherwise like `resnet18`.

    >>> from knetc.nn import parameters
    >>> f"{parameters(resnet34()):,}"
    '21,797,672'
    """
    return _loaded(ResNet(BasicBlock, (3, 4, 6, 3), **options), weights)


def resnet50(weights: Weights | None = None, **options: Any) -> ResNet:
    """ResNet-50, with bottlenecks, otherwise like `resnet18`.

    >>> from knetc.nn import parameters
    >>> f"{parameters(resnet50()):,}"
    '25,557,032'
    """
    return _loaded(ResNet(Bottleneck, (3, 4, 6, 3), **options), weights)


def resnet101(weights: Weights | None = None, **options: Any) -> ResNet:
    """ResNet-101, with bottlenecks, otherwise like `resnet18`.

    >>> from knetc.nn import parameters
    >>> f"{parameters(resnet101()):,}"
    '44,549,160'
    """
    return _loaded(ResNet(Bottleneck, (3, 4, 23, 3), **options), weights)


def _shortcut(inputs: int, outputs: int, stride: int) -> Any:
    """What goes past a block: the input itself, or a convolution where sizes change."""
    if stride == 1 and inputs == outputs:
        return identity
    return Chain(_conv(inputs, outputs, 1, stride=stride), BatchNorm(outputs))


def _loaded(model: ResNet, weights: Weights | None) -> ResNet:
    if weights is not None:
        load_weights(model, weights)
    return model

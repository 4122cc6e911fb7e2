"""Well-known models, in the layout of torchvision."""

from __future__ import annotations

from knetc.nn.models.resnet import ResNet, resnet18, resnet34, resnet50, resnet101
from knetc.nn.models.vgg import VGG, vgg11, vgg13, vgg16, vgg19

__all__ = [
    "VGG",
    "ResNet",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "vgg11",
    "vgg13",
    "vgg16",
    "vgg19",
]

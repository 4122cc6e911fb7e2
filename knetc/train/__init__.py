"""Training: parameters, batches of data, optimisers and loops that compose as lazy iterators."""

from __future__ import annotations

from knetc.train.checkpoint import load, save
from knetc.train.data import minibatch, ncycle
from knetc.train.folder import Checkpoints
from knetc.train.initialisers import (
    bilinear,
    gaussian,
    kaiming_normal,
    kaiming_uniform,
    orthogonal,
    truncated_normal,
    xavier,
    xavier_normal,
    xavier_uniform,
)
from knetc.train.minimize import adam, minimize, momentum, run, sgd
from knetc.train.optim import SGD, Adam, Momentum
from knetc.train.param import param, param0
from knetc.train.progress import progress

__all__ = [
    "SGD",
    "Adam",
    "Checkpoints",
    "Momentum",
    "adam",
    "bilinear",
    "gaussian",
    "kaiming_normal",
    "kaiming_uniform",
    "load",
    "minibatch",
    "minimize",
    "momentum",
    "ncycle",
    "orthogonal",
    "param",
    "param0",
    "progress",
    "run",
    "save",
    "sgd",
    "truncated_normal",
    "xavier",
    "xavier_normal",
    "xavier_uniform",
]

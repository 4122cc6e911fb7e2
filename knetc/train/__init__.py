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
from knetc.train.loops import adadelta, adagrad, adam, adamw, lion, momentum, nesterov, rmsprop, sgd
from knetc.train.minimize import minimize, run
from knetc.train.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, Momentum, Nesterov, Rmsprop
from knetc.train.optimiser import Optimiser
from knetc.train.param import param, param0
from knetc.train.progress import progress
from knetc.train.resume import checkpointed
from knetc.train.update import update

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Checkpoints",
    "Lion",
    "Momentum",
    "Nesterov",
    "Optimiser",
    "Rmsprop",
    "adadelta",
    "adagrad",
    "adam",
    "adamw",
    "bilinear",
    "checkpointed",
    "gaussian",
    "kaiming_normal",
    "kaiming_uniform",
    "lion",
    "load",
    "minibatch",
    "minimize",
    "momentum",
    "ncycle",
    "nesterov",
    "orthogonal",
    "param",
    "param0",
    "progress",
    "rmsprop",
    "run",
    "save",
    "sgd",
    "truncated_normal",
    "update",
    "xavier",
    "xavier_normal",
    "xavier_uniform",
]

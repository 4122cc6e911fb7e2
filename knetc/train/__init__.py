"""Training: parameters, batches of data, optimisers and loops that compose as lazy iterators."""

from __future__ import annotations

from knetc.train.buckets import buckets
from knetc.train.checkpoint import load, save
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch
from knetc.train.device import to_device, to_host
from knetc.train.ema import EMA
from knetc.train.folder import Checkpoints
from knetc.train.groups import Groups
from knetc.train.history import History
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
from knetc.train.log import logged
from knetc.train.loops import adadelta, adagrad, adam, adamw, lion, momentum, nesterov, rmsprop, sgd
from knetc.train.minimize import minimize, run
from knetc.train.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, Momentum, Nesterov, Rmsprop
from knetc.train.optimise import optimise
from knetc.train.optimiser import Optimiser
from knetc.train.param import param, param0
from knetc.train.plateau import ReduceOnPlateau
from knetc.train.prefetch import prefetch
from knetc.train.progress import progress
from knetc.train.resume import checkpointed
from knetc.train.schedule import constant, cosine, exponential, joined, one_cycle, step_decay, warmup
from knetc.train.search import goldensection, hyperband
from knetc.train.stopping import EarlyStopping, converge
from knetc.train.tensorboard import TensorBoard
from knetc.train.update import update

__all__ = [
    "EMA",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Checkpoints",
    "EarlyStopping",
    "Groups",
    "History",
    "Lion",
    "Momentum",
    "Nesterov",
    "Optimiser",
    "ReduceOnPlateau",
    "Rmsprop",
    "TensorBoard",
    "adadelta",
    "adagrad",
    "adam",
    "adamw",
    "bilinear",
    "buckets",
    "checkpointed",
    "constant",
    "converge",
    "cosine",
    "exponential",
    "gaussian",
    "goldensection",
    "hyperband",
    "joined",
    "kaiming_normal",
    "kaiming_uniform",
    "lion",
    "load",
    "logged",
    "minibatch",
    "minimize",
    "momentum",
    "ncycle",
    "nesterov",
    "one_cycle",
    "optimise",
    "orthogonal",
    "param",
    "param0",
    "prefetch",
    "progress",
    "rmsprop",
    "run",
    "save",
    "sgd",
    "step_decay",
    "to_device",
    "to_host",
    "truncated_normal",
    "update",
    "warmup",
    "xavier",
    "xavier_normal",
    "xavier_uniform",
]

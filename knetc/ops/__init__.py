"""Every operation that knetc can differentiate, one file a family, one rule an operation.

Importing this package fills the registry.
"""

from __future__ import annotations

from knetc.ops import (  # noqa: F401 - for their rules
    arithmetic,
    assemble,
    complex_parts,
    einsum,
    elementwise,
    index,
    linalg,
    nondiff,
    product,
    reduce,
    shape,
)
from knetc.ops.accuracy import accuracy, zeroone
from knetc.ops.activation import (
    elu,
    gelu,
    hardsigmoid,
    hardswish,
    identity,
    relu,
    selu,
    sigm,
    softplus,
    swish,
    tanh,
)
from knetc.ops.attention import attention
from knetc.ops.batchnorm import BatchNormMoments, batchnorm, bnparams
from knetc.ops.binary import bce, logistic
from knetc.ops.bmm import bmm
from knetc.ops.conv import conv4
from knetc.ops.convolution import conv, deconv
from knetc.ops.deconv import deconv4
from knetc.ops.dropout import dropout
from knetc.ops.embed import embed
from knetc.ops.filters import padsize
from knetc.ops.heads import join_heads, split_heads
from knetc.ops.linear import linear
from knetc.ops.loss import nll
from knetc.ops.mat import mat
from knetc.ops.norm import groupnorm, layernorm, rmsnorm
from knetc.ops.pool import pool
from knetc.ops.position import positional_encoding, rotary
from knetc.ops.rnn import rnn_forward
from knetc.ops.softmax import logsoftmax, logsumexp, softmax
from knetc.ops.unpool import unpool
from knetc.ops.zeropad import zeropad

__all__ = [
    "BatchNormMoments",
    "accuracy",
    "attention",
    "batchnorm",
    "bce",
    "bmm",
    "bnparams",
    "conv",
    "conv4",
    "deconv",
    "deconv4",
    "dropout",
    "elu",
    "embed",
    "gelu",
    "groupnorm",
    "hardsigmoid",
    "hardswish",
    "identity",
    "join_heads",
    "layernorm",
    "linear",
    "logistic",
    "logsoftmax",
    "logsumexp",
    "mat",
    "nll",
    "padsize",
    "pool",
    "positional_encoding",
    "relu",
    "rmsnorm",
    "rnn_forward",
    "rotary",
    "selu",
    "sigm",
    "softmax",
    "softplus",
    "split_heads",
    "swish",
    "tanh",
    "unpool",
    "zeroone",
    "zeropad",
]

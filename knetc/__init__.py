"""knetc: gradients of plain Python functions, as readable Python.

    @knetc.grad
    def loss(w, x, y):
        return np.mean((np.tanh(x @ w) - y) ** 2)

Nothing is loaded before it is used: importing knetc costs no more than importing numpy.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "knetc.api": ("grad", "value_and_grad"),
    "knetc.datasets": ("Vocabulary", "onehot", "pack", "pad", "unpack"),
    "knetc.errors": (
        "ArgumentError", "DtypeError", "FileError", "GradientError", "KnetcError", "NonFiniteError", "PackageError",
        "Refusal", "ShapeError", "SourceError",
    ),
    "knetc.gradient": ("Gradient",),
    "knetc.nn": (
        "GRU", "LSTM", "RNN", "BatchNorm", "Chain", "Conv", "Deconv", "Dense", "Dropout", "Embed",
        "GroupNorm", "LayerNorm", "Linear", "MeanPool", "MultiHeadAttention", "Pool", "PositionalEncoding",
        "RMSNorm", "Residual", "Sequential", "TransformerBlock", "load_weights", "named_arrays", "parameters",
        "summary",
    ),
    "knetc.notebook": ("load_ipython_extension",),
    "knetc.ops": (
        "BatchNormMoments", "accuracy", "attention", "batchnorm", "bce", "bmm", "bnparams", "conv", "conv4", "deconv",
        "deconv4", "dropout", "elu", "embed", "gelu", "groupnorm", "hardsigmoid", "hardswish", "identity",
        "join_heads", "layernorm", "linear", "logistic", "logsoftmax", "logsumexp", "mat", "nll", "padsize", "pool",
        "positional_encoding", "relu", "rmsnorm", "rnn_forward", "rotary", "selu", "sigm", "softmax", "softplus",
        "split_heads", "swish", "tanh", "unpool", "zeroone", "zeropad",
    ),
    "knetc.ops.custom": ("nondifferentiable", "primitive"),
    "knetc.runtime.frozen": ("frozen",),
    "knetc.runtime.rng": ("seed",),
    "knetc.runtime.training": ("is_training",),
    "knetc.settings": ("config",),
    "knetc.testing": ("gradcheck",),
    "knetc.train": (
        "Adadelta", "Adagrad", "Adam", "AdamW", "Checkpoints", "EMA", "EarlyStopping", "Groups", "History", "Lion",
        "Momentum", "Nesterov", "Optimiser", "ReduceOnPlateau", "Rmsprop", "SGD", "TensorBoard", "adadelta", "adagrad",
        "adam", "adamw", "bilinear", "buckets", "checkpointed", "constant", "converge", "cosine", "exponential",
        "gaussian", "goldensection", "hyperband", "joined", "kaiming_normal", "kaiming_uniform", "lion", "load",
        "logged", "minibatch", "minimize", "momentum", "ncycle", "nesterov", "one_cycle", "optimise", "orthogonal",
        "param", "param0", "prefetch", "progress", "rmsprop", "run", "save", "sgd", "step_decay", "to_device",
        "to_host", "truncated_normal", "update", "warmup", "xavier", "xavier_normal", "xavier_uniform",
    ),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
_PACKAGES = ("datasets", "nn", "ops", "testing", "train")

__all__ = sorted([*_HOME_OF, *_PACKAGES])  # noqa: PLE0605  a list, and tested


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name in _HOME_OF:
        value = getattr(importlib.import_module(_HOME_OF[name]), name)
    elif name in _PACKAGES:
        value = importlib.import_module(f"knetc.{name}")
    else:
        message = f"module 'knetc' has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

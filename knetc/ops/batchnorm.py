"""Batch normalisation: every channel with the mean and variance that it has in the batch, or had while training.

Ioffe and Szegedy, Batch normalization: accelerating deep network training by reducing internal covariate shift,
ICML (2015).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.backends.numpy import norm as kernels
from knetc.backends.numpy.norm import Statistics
from knetc.errors import ArgumentError, ShapeError
from knetc.ops.assemble import TAKES_LISTS
from knetc.ops.normalise import affine, check_channels, check_eps, check_group, like, normalise_back, widened
from knetc.ops.registry import nondifferentiable, split
from knetc.runtime.training import is_training
from knetc.settings import options

Array = Any
Params = Any  # a vector of scales followed by biases, or a pair of vectors
Saved = tuple[Array, Params, Statistics]
"""`x` and `params` as they were given, and the statistics."""


@dataclass(eq=False)
class BatchNormMoments:
    """Running mean and variance of every channel, for evaluation: `batchnorm` updates them while it trains.

    Arguments:
        momentum: the weight of a new batch, from 0 to 1: `running = (1 - momentum) * running + momentum * batch`.
        mean, var: where to start from, arrays of shape (C,); None for 0 and 1, made at the first use in the dtype of
            `x`. The variance of a batch enters as the unbiased one, as in PyTorch and cuDNN.

    They are frozen: gradients and optimisers skip them, `knetc.save` does not. An update makes new arrays.

    Raises `ArgumentError` (KN331) for a momentum out of range.

    >>> moments = BatchNormMoments(momentum=0.5)
    >>> _ = batchnorm(np.array([[1.0], [3.0]]), moments, training=True)
    >>> moments
    BatchNormMoments(momentum=0.5, mean=array([1.]), var=array([1.5]))
    """

    __knetc_frozen__ = True

    momentum: float = 0.1
    mean: Array = None
    var: Array = None

    def __post_init__(self) -> None:
        if not 0 <= self.momentum <= 1:
            raise ArgumentError(
                "KN331",
                f"BatchNormMoments: `momentum` is {self.momentum!r}; expected the weight of a new batch, from 0 to 1",
                help="pass momentum=0.1; what other libraries call momentum 0.9 may be 0.1 here",
            )

    def ready(self, x: Array) -> BatchNormMoments:
        """Itself, with a mean and a variance for the channels of `x`, where `x` lives.

        Raises `ShapeError` (KN222) where those there are belong to another number of channels.
        """
        xp, shape = array_module(x), (x.shape[1],)
        self.mean = xp.zeros(shape, x.dtype) if self.mean is None else _moved(self.mean, xp)
        self.var = xp.ones(shape, x.dtype) if self.var is None else _moved(self.var, xp)
        if np.shape(self.mean) != shape or np.shape(self.var) != shape:
            raise ShapeError(
                "KN222",
                f"batchnorm: `moments` have shapes {np.shape(self.mean)} and {np.shape(self.var)}; expected {shape} "
                f"for `x` of shape {x.shape}",
                help="give every layer moments of its own: BatchNormMoments()",
            )
        return self

    def update(self, mean: Array, var: Array) -> None:
        """Move towards the mean and the unbiased variance of a batch."""
        self.mean = self.mean + self.momentum * (like(mean, self.mean) - self.mean)
        self.var = self.var + self.momentum * (like(var, self.var) - self.var)


def bnparams(channels: int, dtype: Any = np.float32) -> Array:
    """Parameters for `batchnorm`: `channels` scales of 1, followed by as many biases of 0.

    Raises `ShapeError` (KN221) unless `channels` is an int of at least 1.

    >>> bnparams(2)
    array([1., 1., 0., 0.], dtype=float32)
    """
    if not hasattr(channels, "__index__") or channels < 1:
        raise ShapeError(
            "KN221",
            f"bnparams: `channels` is {channels!r}; expected an int >= 1",
            help="pass bnparams(x.shape[1])",
        )
    return np.concatenate([np.ones(channels, dtype), np.zeros(channels, dtype)])


def batchnorm(
    x: Array,
    moments: BatchNormMoments | None = None,
    params: Params = None,
    *,
    eps: float = 1e-5,
    training: bool | None = None,
) -> Array:
    """Normalise each channel: `(x - mean) / sqrt(variance + eps) * scale + bias`.

    In training, mean and (population) variance are those of the batch, and `moments` follow them; in evaluation they
    are `moments`. A gradient trains, a plain call evaluates.

    Arguments:
        x: floats of shape (N, C), (N, C, L), (N, C, H, W) or (N, C, D, H, W).
        moments: running statistics, updated once in every call that trains; None for none.
        params: a vector of C scales followed by C biases (see `bnparams`); a pair (scale, bias), or an array of these
            two rows; None for scales of 1 and biases of 0.
        eps: above 0, keeps the division from overflowing.
        training: True or False decides for gradients and plain calls.

    Raises `ShapeError` for `x` (KN220), parameters (KN221) and moments (KN222) that do not fit, and for a batch in
    training with a single value a channel (KN223), `ArgumentError` for an evaluation without moments (KN330) and for
    `eps` (KN331), `DtypeError` (KN334) unless `x` holds floats.

    >>> x = np.array([[1.0, 10.0], [3.0, 30.0]])
    >>> batchnorm(x, training=True).round(3).tolist()
    [[-1.0, -1.0], [1.0, 1.0]]
    >>> batchnorm(x, BatchNormMoments(), np.array([2.0, 0.1, 0.0, 1.0])).round(3).tolist()
    [[2.0, 2.0], [6.0, 4.0]]
    """
    mode = is_training() if training is None else training
    return batchnorm_forward(x, moments, params, eps=eps, training=mode)[0]


def batchnorm_forward(
    x: Array,
    moments: BatchNormMoments | None = None,
    params: Params = None,
    *,
    eps: float = 1e-5,
    training: bool | None = None,
) -> tuple[Array, Saved]:
    """The result of `batchnorm` inside a gradient, and what `batchnorm_backward` needs."""
    channels = check_channels("batchnorm", x)
    check_eps("batchnorm", eps)
    if training is None:
        training = options().training
    moments = _checked(moments, x, needed=training is False)
    factors = affine("batchnorm", x, *_pair(params, channels), (channels,), _along_channels(x))
    if moments is not None and training is False:
        y, statistics = _evaluate(x, moments, *factors, eps)
        return y, (x, params, statistics)
    axes = (0, *range(2, x.ndim))
    check_group("batchnorm", x, axes)
    y, statistics, variance = kernels.normalise(x, axes, eps, *factors)
    if moments is not None:
        size = math.prod(x.shape) // channels
        moments.update(statistics.mean, variance * (size / (size - 1)))
    return y, (x, params, statistics)


def batchnorm_backward(saved: Saved, g: Array) -> tuple[Array, Params]:
    """The cotangents of `x` and `params` in `batchnorm`."""
    x, params, statistics = saved
    scale, bias = _pair(params, x.shape[1])
    wide = widened(scale, x, _along_channels(x))
    x_bar, scale_bar, bias_bar = normalise_back(g, x, wide, statistics.axes, known=statistics)
    if params is None:
        return x_bar, None
    if isinstance(params, (tuple, list)):
        return x_bar, type(params)([like(scale_bar, scale), like(bias_bar, bias)])
    return x_bar, like(np.concatenate([np.ravel(scale_bar), np.ravel(bias_bar)]), params)


def _evaluate(
    x: Array, moments: BatchNormMoments, scale: Array, bias: Array, eps: float
) -> tuple[Array, Statistics]:
    """Normalised with constants, which have a derivative as well: a linear one."""
    shape = _along_channels(x)
    rstd = 1 / np.sqrt(moments.var + eps)
    statistics = Statistics(widened(moments.mean, x, shape), widened(rstd, x, shape), ())
    return kernels.normalise_by(x, statistics, scale, bias), statistics


def _moved(value: Array, xp: Any) -> Array:
    """An array as one of the module `xp`."""
    if array_module(value) is xp:
        return value
    return value.get() if xp is np else xp.asarray(value)


def _along_channels(x: Array) -> tuple[int, ...]:
    """The shape of one number for every channel."""
    return (1, x.shape[1], *(1,) * (x.ndim - 2))


def _pair(params: Params, channels: int) -> tuple[Array, Array]:
    """Scale and bias."""
    if params is None:
        return None, None
    pair = isinstance(params, (tuple, list)) and len(params) == 2
    if pair or np.shape(params) == (2, channels):
        return params[0], params[1]
    if np.shape(params) == (2 * channels,):
        return params[:channels], params[channels:]
    given = f"{len(params)} parts" if isinstance(params, (tuple, list)) else f"shape {np.shape(params)}"
    raise ShapeError(
        "KN221",
        f"batchnorm: `params` has {given}; expected {(2 * channels,)} for {channels} channels, or a pair (scale, bias)",
        help=f"pass bnparams({channels})",
    )


def _checked(moments: Any, x: Array, *, needed: bool) -> BatchNormMoments | None:
    """The moments, ready to be used, or None."""
    if isinstance(moments, BatchNormMoments):
        return moments.ready(x)
    if moments is None and not needed:
        return None
    what = (
        "is missing, and there is no batch to train on"
        if moments is None
        else f"is a {type(moments).__name__}"
    )
    raise ArgumentError(
        "KN330",
        f"batchnorm: `moments` {what}; expected BatchNormMoments",
        help="pass the BatchNormMoments() of the training, or training=True to use those of this batch",
    )


split(
    batchnorm,
    batchnorm_forward,
    batchnorm_backward,
    wrt=("x", "params"),
    twice=True,
    settings=("moments", "eps"),
)
nondifferentiable(BatchNormMoments, bnparams)
TAKES_LISTS.add(batchnorm)  # a pair of vectors

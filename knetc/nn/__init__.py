"""Layers: plain objects that can be called, whose parameters are numpy arrays in attributes.

Any other object that can be called does as well: nothing is registered, and there is no class to inherit from.
"""

from __future__ import annotations

from knetc.nn.attention import MultiHeadAttention, TransformerBlock
from knetc.nn.chain import Chain, Residual, Sequential
from knetc.nn.conv import Conv, Deconv
from knetc.nn.dropout import Dropout
from knetc.nn.embed import Embed, PositionalEncoding
from knetc.nn.layer import parameters
from knetc.nn.linear import Dense, Linear
from knetc.nn.norm import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from knetc.nn.pool import MeanPool, Pool
from knetc.nn.recurrent import GRU, LSTM, RNN
from knetc.nn.summary import summary
from knetc.nn.weights import load_weights, named_arrays

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "BatchNorm",
    "Chain",
    "Conv",
    "Deconv",
    "Dense",
    "Dropout",
    "Embed",
    "GroupNorm",
    "LayerNorm",
    "Linear",
    "MeanPool",
    "MultiHeadAttention",
    "Pool",
    "PositionalEncoding",
    "RMSNorm",
    "Residual",
    "Sequential",
    "TransformerBlock",
    "load_weights",
    "named_arrays",
    "parameters",
    "summary",
]

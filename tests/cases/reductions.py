import numpy as np

def f(x):
    m = np.max(x, axis=1, keepdims=True)
    e = np.exp(x - m)
    p = e / np.sum(e, axis=1, keepdims=True)
    return np.mean(p[:, 0]) + x.std()

args = (np.arange(12.0).reshape(4, 3),)

# output

import numpy as np
from knetc.ops.reduce import share_among_ties
from knetc.runtime.broadcast import unbroadcast


def f_grad(x):
    """Gradient of f (reductions.py:3) with respect to x."""
    m = np.max(x, axis=1, keepdims=True)
    e = np.exp(x - m)
    sum_out = np.sum(e, axis=1, keepdims=True)
    p = e / sum_out
    p_part = p[:, 0]
    std_out = x.std()
    # backward
    x_bar = 1.0 / (x.size * std_out) * (x - np.mean(x))  # reductions.py:7  return np.mean(p[:, 0]) + x.std()
    p_bar = np.zeros_like(p)
    p_bar[:, 0] += np.full_like(p_part, 1.0 / p_part.size)
    e_bar = p_bar / sum_out  # reductions.py:6  p = e / np.sum(e, axis=1, keepdims=True)
    e_bar += np.broadcast_to(unbroadcast(-(p_bar * p / sum_out), sum_out.shape), e.shape)
    diff_bar = e_bar * e  # reductions.py:5  e = np.exp(x - m)
    x_bar += diff_bar
    m_bar = unbroadcast(-diff_bar, m.shape)
    x_bar += share_among_ties(m_bar, m, x, 1, True)  # reductions.py:4  m = np.max(x, axis=1, keepdims=True)
    return x_bar

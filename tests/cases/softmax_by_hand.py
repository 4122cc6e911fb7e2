import numpy as np

def f(x, y):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    p = e / np.sum(e, axis=-1, keepdims=True)
    return -np.mean(np.sum(y * np.log(p), axis=-1))

args = (np.array([[0.3, 0.5], [0.7, 0.1]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
wrt = ('x',)

# output

import numpy as np
from knetc.ops.reduce import share_among_ties
from knetc.runtime.broadcast import unbroadcast


def f_grad(x, y):
    """Gradient of f (softmax_by_hand.py:3) with respect to x."""
    max_out = np.max(x, axis=-1, keepdims=True)
    e = np.exp(x - max_out)
    sum_out = np.sum(e, axis=-1, keepdims=True)
    p = e / sum_out
    sum_out_2 = np.sum(y * np.log(p), axis=-1)
    # backward
    p_bar = np.expand_dims(np.full_like(sum_out_2, -1.0 / sum_out_2.size), -1) * y / p  # softmax_by_hand.py:6  return -np.mean(np.sum(y * np.log(p), axis=-1))
    e_bar = p_bar / sum_out  # softmax_by_hand.py:5  p = e / np.sum(e, axis=-1, keepdims=True)
    e_bar += np.broadcast_to(unbroadcast(-(p_bar * p / sum_out), sum_out.shape), e.shape)
    diff_bar = e_bar * e  # softmax_by_hand.py:4  e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    x_bar = diff_bar + share_among_ties(unbroadcast(-diff_bar, max_out.shape), max_out, x, -1, True)
    return x_bar

import numpy as np

def f(x):
    gates = x @ x.T
    i, o = gates[:, :2], gates[:, 2:]
    return np.sum(i * o) + gates[0, -1]

args = (np.ones((4, 3)),)

# output

import numpy as np
from knetc.runtime.broadcast import unbroadcast


def f_grad(x):
    """Gradient of f (rows_and_slices.py:3) with respect to x."""
    x_T = x.T
    gates = x @ x_T
    i, o = gates[:, :2], gates[:, 2:]
    prod = i * o
    # backward
    gates_bar = np.zeros_like(gates)  # rows_and_slices.py:6  return np.sum(i * o) + gates[0, -1]
    gates_bar[0, -1] += 1.0
    prod_bar = np.ones_like(prod)
    i_bar = unbroadcast(prod_bar * o, i.shape)
    o_bar = unbroadcast(prod_bar * i, o.shape)
    gates_bar[:, 2:] += o_bar  # rows_and_slices.py:5  i, o = gates[:, :2], gates[:, 2:]
    gates_bar[:, :2] += i_bar
    x_bar = gates_bar @ x_T.T + (x.T @ gates_bar).T  # rows_and_slices.py:4  gates = x @ x.T
    return x_bar

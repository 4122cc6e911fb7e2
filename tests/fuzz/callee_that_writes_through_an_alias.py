import numpy as np


def helper(p):
    w = p
    w[1:] = np.tanh(w)[:2]
    return 0.5


def f(a, b, v, u, m, xs, ps):
    y = np.zeros(3)
    for i in range(3):
        y[i] = np.tanh(b)
    return helper(y) * a + np.sum(y * np.arange(1, 4))

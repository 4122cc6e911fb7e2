import numpy as np


def f(v):
    w = v * 1.0
    np.negative(w, w)
    np.add(w, v * v, w)
    return np.sum(w * w * w)

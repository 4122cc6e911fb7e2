import math

import numpy as np


def f(v):
    for t in np.array(v):
        k = 1
    return math.tanh(t) + t * k

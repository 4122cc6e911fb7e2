import numpy as np

def f(x):
    y = x * x
    y[y < 0.2] = 0.0
    return np.sum(y)

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (mask_store.py:3)
def f(x):
    y = tape.op("*", x, x)
    tape.at(y)[y < 0.2] = 0.0
    return tape.call(np.sum, y)

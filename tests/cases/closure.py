import numpy as np

def f(x):
    def scaled(y):
        return x * y

    return np.sum(scaled(scaled(x)))

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (closure.py:3)
def f(x):
    def scaled(y):
        return tape.op("*", x, y)

    return tape.call(np.sum, tape.call(scaled, tape.call(scaled, x)))

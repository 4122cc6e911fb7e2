import numpy as np

def f(x):
    y = x * x
    tail = y[1:]
    tail *= x[0]
    return np.sum(y)

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (write_through_a_view.py:3)
def f(x):
    y = tape.op("*", x, x)
    tail = tape.at(y)[1:]
    tail = tape.in_place("*", tail, tape.at(x)[0])
    return tape.call(np.sum, y)

import numpy as np

def f(x):
    y = np.empty(len(x))
    y[0] = x[0]
    for i in range(1, len(x)):
        y[i] = np.sin(y[i - 1]) * x[i]
    return y @ y

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (buffer_filled_in_a_loop.py:3)
def f(x):
    y = tape.call(np.empty, len(x))
    tape.at(y)[0] = tape.at(x)[0]
    for i in range(1, len(x)):
        tape.at(y)[i] = tape.op("*", tape.call(np.sin, tape.at(y)[tape.op("-", i, 1)]), tape.at(x)[i])
    return tape.op("@", y, y)

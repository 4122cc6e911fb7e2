import numpy as np

def f(x):
    hs = []
    for v in x:
        hs.append(np.tanh(v))
    return sum(hs) * hs[-1]

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (list_append.py:3)
def f(x):
    hs = []
    for v in tape.iterate(x):
        tape.method(hs, "append", tape.call(np.tanh, v))
    return tape.op("*", tape.call(sum, hs), tape.at(hs)[-1])

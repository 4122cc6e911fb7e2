import numpy as np

def f(x):
    for v in x:
        if v > 1.0:
            break
    else:
        v = v * 2.0
    return v * v

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (loop_else.py:3)
def f(x):
    for v in tape.iterate(x):
        if v > 1.0:
            break
    else:
        v = tape.op("*", v, 2.0)
    return tape.op("*", v, v)

import numpy as np

def f(x):
    return sum(v * v for v in [np.sin(t) for t in x if t > 0.4])

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (comprehension.py:3)
def f(x):
    return tape.call(sum, (tape.op("*", v, v) for v in tape.iterate([tape.call(np.sin, t) for t in tape.iterate(x) if t > 0.4])))

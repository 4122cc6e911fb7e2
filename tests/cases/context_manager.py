import numpy as np

def f(x):
    with np.errstate(all="ignore"):
        y = np.log(x)
    return np.sum(y * y)

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (context_manager.py:3)
def f(x):
    with tape.context(tape.call(np.errstate, all="ignore")):
        y = tape.call(np.log, x)
    return tape.call(np.sum, tape.op("*", y, y))

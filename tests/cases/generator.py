import numpy as np

def squares(x):
    for v in x:
        yield v * v

def f(x):
    return sum(squares(x))

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (generator.py:7)
def f(x):
    return tape.call(sum, tape.call(squares, x))


# squares (generator.py:3)
def squares(x):
    for v in tape.iterate(x):
        yield tape.op("*", v, v)

import numpy as np

def f(x):
    total = 0.0

    def add(v):
        nonlocal total
        total += v * v

    for v in x:
        add(v)
    return total

args = (np.array([0.3, 0.5, 0.7]),)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (nonlocal_counter.py:3)
def f(x):
    total = 0.0

    def add(v):
        nonlocal total
        total = tape.in_place("+", total, tape.op("*", v, v))

    for v in tape.iterate(x):
        tape.call(add, v)
    return total

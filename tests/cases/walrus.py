def f(x):
    if (y := x * x) > 0.1:
        return y * x
    return y

args = (0.7,)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (walrus.py:1)
def f(x):
    if (y := tape.op("*", x, x)) > 0.1:
        return tape.op("*", y, x)
    return y

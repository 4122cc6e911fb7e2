def f(x):
    try:
        y = x * x
        y = y / (x - x)
    except ZeroDivisionError:
        y = x * 3.0
    return y * x

args = (0.7,)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (try_except.py:1)
def f(x):
    try:
        y = tape.op("*", x, x)
        y = tape.op("/", y, tape.op("-", x, x))
    except ZeroDivisionError:
        y = tape.op("*", x, 3.0)
    return tape.op("*", y, x)

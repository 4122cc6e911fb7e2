def f(x, command):
    match command:
        case ("scale", factor):
            y = x * factor
        case _:
            y = x
    return y * y

args = (0.7, ('scale', 3.0))
wrt = ('x',)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (match_statement.py:1)
def f(x, command):
    match command:
        case ['scale', factor]:
            y = tape.op("*", x, factor)
        case _:
            y = x
    return tape.op("*", y, y)

def product(*values, power=1):
    out = 1.0
    for v in values:
        out = out * v**power
    return out

def f(x, y):
    pair = (x, y)
    return product(*pair, power=2)

args = (0.7, 1.3)

# output

"""The recorded form of f: every operation goes through the tape, which knows its adjoint."""


# f (star_arguments.py:7)
def f(x, y):
    pair = x, y
    return tape.call(product, *tape.iterate(pair), power=2)


# product (star_arguments.py:1)
def product(*values, power):
    out = 1.0
    for v in tape.iterate(values):
        out = tape.op("*", out, tape.op("**", v, power))
    return out

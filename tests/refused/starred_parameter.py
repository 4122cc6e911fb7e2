import numpy as np


def f(*xs):
    return xs[0] * xs[0]

# output

starred_parameter.py:4:1: KN101 knetc cannot differentiate `*args`
  4 | def f(*xs):
    | ^^^^^^^^^^^
help: name the parameters
more: knetc explain KN101

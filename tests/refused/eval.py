import numpy as np


def f(x):
    return eval('x[0] * x[0]')

# output

eval.py:5:12: KN101 knetc cannot differentiate `eval`
  5 |     return eval('x[0] * x[0]')
    |            ^^^^
help: name the variables in the code
more: knetc explain KN101

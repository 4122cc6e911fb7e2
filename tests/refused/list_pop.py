import numpy as np


def f(x):
    ys = [x[0], x[1]]
    y = ys.pop()
    return y * y

# output

list_pop.py:6:5: KN101 knetc cannot differentiate a change in place inside an expression: `y` depends on `x`
  6 |     y = ys.pop()
    |     ^^^^^^^^^^^^
help: make a new value, without `out=`, and bind it to a name of its own
more: knetc explain KN101

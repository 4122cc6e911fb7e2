import numpy as np


def f(x):
    y = x * x
    y.sort()
    return y[0]

# output

sort_in_place.py:6:5: KN101 knetc cannot differentiate a call that changes its arguments: `y` depends on `x`
  6 |     y.sort()
    |     ^^^^^^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101

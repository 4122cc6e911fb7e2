import numpy as np


def f(x):
    xs = [x, *[x * x]]
    return np.sum(xs[1])

# output

starred_element.py:5:10: KN101 knetc cannot differentiate a starred element: `x` is differentiated
  5 |     xs = [x, *[x * x]]
    |          ^^^^^^^^^^^^^
help: write `+` between lists, or name the elements
more: knetc explain KN101

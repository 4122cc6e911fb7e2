import numpy as np


def f(x):
    yield np.sum(x)

# output

yield.py:5:5: KN101 knetc cannot differentiate `yield`
  5 |     yield np.sum(x)
    |     ^^^^^^^^^^^^^^^
help: return a list
more: knetc explain KN101

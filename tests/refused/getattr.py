import numpy as np


def f(x, b):
    y = getattr(x, 'T')
    return np.sum(y * y)


arguments = (np.array([1.0, 2.0, 3.0]), 1.0)

# output

getattr.py:5:9: KN101 knetc cannot differentiate `getattr`, which has no rule: `x` is differentiated
  5 |     y = getattr(x, 'T')
    |         ^^^^^^^^^^^^^^^
help: write the attribute: `x.name`
more: knetc explain KN101

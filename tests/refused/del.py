import numpy as np


def f(x):
    y = x * x
    z = y * x
    del y
    return np.sum(z)

# output

del.py:7:5: KN101 knetc cannot differentiate `del`: `y` depends on `x`
  7 |     del y
    |     ^^^^^
help: drop the `del`
more: knetc explain KN101

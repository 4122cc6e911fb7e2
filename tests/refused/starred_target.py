import numpy as np


def f(x):
    a, *rest = x, x * x, x
    return np.sum(rest[0])

# output

starred_target.py:5:5: KN101 knetc cannot differentiate an assignment into `(a, *rest)`: `a` depends on `x`
  5 |     a, *rest = x, x * x, x
    |     ^^^^^^^^^^^^^^^^^^^^^^
help: name every element: `a, b = pair`
more: knetc explain KN101

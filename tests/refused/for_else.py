import numpy as np


def f(x):
    s = np.sum(x)
    for i in range(3):
        s = s * x[i]
    else:
        s = s * 2
    return s

# output

for_else.py:6:5: KN101 knetc cannot differentiate `for ... else`: `i` depends on `x`
  6 |     for i in range(3):
    |     ^^^^^^^^^^^^^^^^^^
help: set a flag in the loop and test it after the loop
more: knetc explain KN101

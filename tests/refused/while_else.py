import numpy as np


def f(x):
    s = np.sum(x)
    while s > 1:
        s = s * 0.5
    else:
        s = s * 2
    return s

# output

while_else.py:6:5: KN101 knetc cannot differentiate `while ... else`: `s` depends on `x`
  6 |     while s > 1:
    |     ^^^^^^^^^^^^
help: set a flag in the loop and test it after the loop
more: knetc explain KN101

import numpy as np


total = 0.0


def f(x):
    global total
    total = np.sum(x)
    return total * total

# output

global.py:8:5: KN101 knetc cannot differentiate `global`
  8 |     global total
    |     ^^^^^^^^^^^^
help: pass the value as an argument and return it
more: knetc explain KN101

import numpy as np


def f(x):
    s = 0.0
    for v in reversed(x):
        s = s * 0.5 + v
    return s

# output

reversed.py:6:14: KN101 knetc cannot differentiate `reversed(...)`: `x` is differentiated
  6 |     for v in reversed(x):
    |              ^^^^^^^^^^^
help: write `x[::-1]`
more: knetc explain KN101

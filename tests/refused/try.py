import numpy as np


def f(x):
    try:
        y = np.sqrt(x)
    except ValueError:
        y = x
    return np.sum(y)

# output

try.py:5:5: KN101 knetc cannot differentiate `try`: `x` is differentiated
  5 |     try:
    |     ^^^^
help: move the differentiated code out of the `try` block
more: knetc explain KN101

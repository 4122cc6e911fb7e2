import numpy as np


def f(x):
    it = iter(x)
    y = next(it)
    return y * y

# output

iterator.py:5:10: KN101 knetc cannot differentiate `iter`, which has no rule: `x` is differentiated
  5 |     it = iter(x)
    |          ^^^^^^^
help: write a `for` loop
more: knetc explain KN101

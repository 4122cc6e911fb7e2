import numpy as np


def make():
    total = 0.0

    def f(x):
        nonlocal total
        total = np.sum(x)
        return total * total

    return f


f = make()

# output

nonlocal.py:8:9: KN101 knetc cannot differentiate `nonlocal`
  8 |         nonlocal total
    |         ^^^^^^^^^^^^^^
help: pass the value as an argument and return it
more: knetc explain KN101

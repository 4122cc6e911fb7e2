import numpy as np


def f(x):
    s = 0.0
    for v in x.flat:
        s = s + v * v
    return s

# output

attribute_of_an_array.py:6:14: KN101 knetc cannot differentiate the attribute `.flat` of an array: `x` is differentiated
  6 |     for v in x.flat:
    |              ^^^^^^
help: use a function of numpy that has a rule
more: knetc explain KN101

import numpy as np


def f(x):
    y = x * x
    y[0] += 1.0
    return np.sum(y * y)

# output

augmented_assignment_into_an_item.py:6:5: KN101 knetc cannot differentiate an augmented assignment of this kind: `y` depends on `x`
  6 |     y[0] += 1.0
    |     ^^^^^^^^^^^
help: make a new value, and change the whole: `y = y + np.where(...)`
more: knetc explain KN101

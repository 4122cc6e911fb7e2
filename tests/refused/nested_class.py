import numpy as np


def f(x):
    class A:
        y = x * x
    return np.sum(A.y)

# output

nested_class.py:5:5: KN101 knetc cannot differentiate a nested class: `x` is differentiated
  5 |     class A:
    |     ^^^^^^^^
help: move the class out of the function
more: knetc explain KN101

import numpy as np


def f(x):
    y = 1 + (x[0] if x[0] > 0 else x[1])
    return y * y

# output

conditional_expression_inside.py:5:14: KN101 knetc cannot differentiate a conditional expression: `x` is differentiated
  5 |     y = 1 + (x[0] if x[0] > 0 else x[1])
    |              ^^^^^^^^^^^^^^^^^^^^^^^^^^
help: give it a name first: `y = a if c else b`
more: knetc explain KN101

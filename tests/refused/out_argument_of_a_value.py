import numpy as np


def f(x):
    y = np.zeros(3)
    z = np.tanh(x, out=y)
    return np.sum(y)

# output

out_argument_of_a_value.py:6:5: KN101 knetc cannot differentiate a change in place inside an expression: `x` is differentiated
  6 |     z = np.tanh(x, out=y)
    |     ^^^^^^^^^^^^^^^^^^^^^
help: make a new value, without `out=`, and bind it to a name of its own
more: knetc explain KN101

import numpy as np


def f(x):
    y = np.sum(x)
    while (y := y * 0.5) > 1:
        pass
    return y

# output

walrus_in_a_while.py:6:5: KN101 knetc cannot differentiate an assignment expression: `y` depends on `x`
  6 |     while (y := y * 0.5) > 1:
    |     ^^^^^^^^^^^^^^^^^^^^^^^^^
help: assign in a statement of its own
more: knetc explain KN101

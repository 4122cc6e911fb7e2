import numpy as np


def f(x):
    if (y := np.sum(x * x)) > 1:
        return y
    return 2 * y

# output

walrus_before_a_return.py:6:9: KN101 knetc cannot differentiate a jump out of an assignment expression
  6 |         return y
    |         ^^^^^^^^
help: assign in a statement of its own, before the `if`
more: knetc explain KN101

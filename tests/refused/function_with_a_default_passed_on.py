import numpy as np


def f(x):
    def g(t, c=x * x):
        return np.sum(t * c)

    return g(2.0)

# output

function_with_a_default_passed_on.py:5:5: KN101 knetc cannot differentiate a nested function that captures an active value: `x` is differentiated
  5 |     def g(t, c=x * x):
    |     ^^^^^^^^^^^^^^^^^^
help: move the function out and pass the value as an argument
more: knetc explain KN101

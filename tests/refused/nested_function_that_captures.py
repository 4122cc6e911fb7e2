import numpy as np


def f(x):
    def g(t):
        return t * x
    return np.sum(g(2.0))

# output

nested_function_that_captures.py:5:5: KN101 knetc cannot differentiate a nested function that captures an active value: `x` is differentiated
  5 |     def g(t):
    |     ^^^^^^^^^
help: move the function out and pass the value as an argument
more: knetc explain KN101

import numpy as np


def f(x):
    def g(t):
        return t * x

    steps = [g, np.sin]
    return np.sum(steps[0](2.0))

# output

nested_function_that_escapes.py:5:5: KN101 knetc cannot differentiate a nested function that captures an active value: `x` is differentiated
  5 |     def g(t):
    |     ^^^^^^^^^
help: move the function out and pass the value as an argument
more: knetc explain KN101

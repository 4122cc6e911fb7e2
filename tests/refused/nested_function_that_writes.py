import numpy as np


def f(x):
    ys = [0.0]
    def g():
        ys[0] = x[0]
    g()
    return ys[0] * 2

# output

nested_function_that_writes.py:6:5: KN101 knetc cannot differentiate a nested function that captures an active value: `x` is differentiated
  6 |     def g():
    |     ^^^^^^^^
help: move the function out and pass the value as an argument
more: knetc explain KN101

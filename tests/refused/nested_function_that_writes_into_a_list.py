import numpy as np


def f(x):
    ys = [0.0]

    def g():
        ys[0] = x[0]

    g()
    return ys[0] * 2

# output

nested_function_that_writes_into_a_list.py:10:5: KN101 knetc cannot differentiate a call that changes its arguments: `x` is differentiated
  10 |     g()
     |     ^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101

import numpy as np


def f(x, log):
    log.append(x * x)
    return np.sum(log[0])


arguments = (np.array([1.0, 2.0, 3.0]), [])

# output

append_to_an_argument.py:5:5: KN101 knetc cannot differentiate a call that changes its arguments: `log` depends on `x`
  5 |     log.append(x * x)
    |     ^^^^^^^^^^^^^^^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101

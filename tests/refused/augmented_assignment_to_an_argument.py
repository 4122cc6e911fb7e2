import numpy as np


def f(x):
    x += 1.0
    return np.sum(x * x)

# output

augmented_assignment_to_an_argument.py:5:5: KN101 knetc cannot differentiate `+=` in place: `x` may share memory with `x`
  5 |     x += 1.0
    |     ^^^^^^^^
help: write `x = x + ...`
more: knetc explain KN101

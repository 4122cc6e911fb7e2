import numpy as np


def f(x):
    y = x * x
    ys = [y]
    y += 1.0
    return np.sum(ys[0] * y)

# output

augmented_assignment_to_an_array_in_a_list.py:7:5: KN101 knetc cannot differentiate `+=` in place: `y` may share memory with `ys`
  7 |     y += 1.0
    |     ^^^^^^^^
help: write `y = y + ...`
more: knetc explain KN101

import numpy as np


def f(x):
    y = x * x
    z = y
    z += 1.0
    return np.sum(y * y)

# output

augmented_assignment_to_a_shared_array.py:7:5: KN101 knetc cannot differentiate `+=` in place: `z` may share memory with `y`
  7 |     z += 1.0
    |     ^^^^^^^^
help: write `z = z + ...`
more: knetc explain KN101

import numpy as np


def f(x):
    ys = [x]
    zs = ys
    zs += [x * x]
    return np.sum(ys[1])

# output

augmented_assignment_to_a_shared_list.py:7:5: KN101 knetc cannot differentiate `+=` in place: `zs` may share memory with `ys`
  7 |     zs += [x * x]
    |     ^^^^^^^^^^^^^
help: write `zs = zs + ...`
more: knetc explain KN101

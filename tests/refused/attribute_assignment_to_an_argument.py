from types import SimpleNamespace

import numpy as np


def f(x, box):
    box.y = x * x
    return np.sum(box.y)


arguments = (np.array([1.0, 2.0, 3.0]), SimpleNamespace(y=0.0))

# output

attribute_assignment_to_an_argument.py:7:5: KN101 knetc cannot differentiate an assignment into `box.y`: `box` depends on `x`
  7 |     box.y = x * x
    |     ^^^^^^^^^^^^^
help: return the value, or bind a variable instead
more: knetc explain KN101

import numpy as np


class Box:
    pass


box = Box()


def f(x):
    box.y = x * x
    return np.sum(box.y)

# output

attribute_assignment_to_a_global.py:12:5: KN101 knetc cannot differentiate an assignment into `box.y`: `x` is differentiated
  12 |     box.y = x * x
     |     ^^^^^^^^^^^^^
help: return the value, or bind a variable instead
more: knetc explain KN101

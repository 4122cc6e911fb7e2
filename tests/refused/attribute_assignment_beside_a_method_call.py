import numpy as np


class Box:
    def __init__(self):
        self.y = 0.0

    def twice(self):
        return 2 * self.y


def f(x, box):
    box.y = x[0] * x[1]
    return box.twice()


arguments = (np.array([1.0, 2.0, 3.0]), Box())

# output

attribute_assignment_beside_a_method_call.py:13:5: KN101 knetc cannot differentiate an assignment into `box.y`: `box` depends on `x`
  13 |     box.y = x[0] * x[1]
     |     ^^^^^^^^^^^^^^^^^^^
help: return the value, or bind a variable instead
more: knetc explain KN101

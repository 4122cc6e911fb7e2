import numpy as np


class M:
    def __init__(self):
        self.w = np.ones(3)
    def __call__(self, x):
        self.h = x * self.w
        return np.sum(self.h * self.h)


f = M()

# output

attribute_assignment_to_self.py:8:9: KN101 knetc cannot differentiate an assignment into `self.h`: `self` depends on `x`
  8 |         self.h = x * self.w
    |         ^^^^^^^^^^^^^^^^^^^
help: return the value, or bind a variable instead
more: knetc explain KN101

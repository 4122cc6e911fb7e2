import numpy as np

class Cell:
    def __init__(self):
        self.h = 0.5

    def step(self, w, x):
        self.h = np.tanh(w * self.h + x)
        return self.h * self.h

f = Cell.step
args = Cell(), 0.7, 0.2
wrt = "self", "w", "x"

# output

from knetc.runtime.mirror import Mirror


def Cell_step_grad(self, w, x):
    """Gradient of Cell.step (attribute_of_self.py:7) with respect to self, w and x."""
    self_h = self.h
    self_h_2 = np.tanh(w * self_h + x)
    self.h = self_h_2
    # backward
    self_h_bar = 2.0 * self_h_2  # attribute_of_self.py:9  return self.h * self.h
    total_bar = self_h_bar * (1 - self_h_2 * self_h_2)  # attribute_of_self.py:8  self.h = np.tanh(w * self.h + x)
    w_bar = total_bar * self_h
    return Mirror(h=total_bar * w), w_bar, total_bar

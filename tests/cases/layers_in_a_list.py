import numpy as np

class Scale:
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return np.tanh(self.w * x)

class Chain:
    def __init__(self, *layers):
        self.layers = layers

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return np.sum(x)

f = Chain.__call__
args = Chain(Scale(np.ones(3)), np.exp, Scale(2.0)), np.ones(3)
wrt = "self", "x"

# output

import numpy as np
from knetc.ops.call import call
from knetc.runtime.accumulate import add_item
from knetc.runtime.mirror import Mirror, zero


def Chain_call_grad(self, x):
    """Gradient of Chain.__call__ (layers_in_a_list.py:14) with respect to self and x."""
    layers = self.layers
    steps = []
    for layer in layers:
        x, layer_back = call(layer, x)
        steps.append(layer_back)
    # backward
    x_bar = np.ones_like(x)  # layers_in_a_list.py:17  return np.sum(x)
    layers_bar = zero(layers)  # layers_in_a_list.py:15  for layer in self.layers:
    for k, layer_back in zip(reversed(range(len(steps))), reversed(steps)):
        layer_bar, x_bar = layer_back(x_bar)  # layers_in_a_list.py:16  x = layer(x)
        add_item(layers_bar, k, layer_bar)  # layers_in_a_list.py:15  for layer in self.layers:
    return Mirror(layers=layers_bar), x_bar

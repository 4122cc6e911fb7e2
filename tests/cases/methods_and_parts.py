import numpy as np

class Affine:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, x):
        return x @ self.w + self.b

class Network:
    def __init__(self):
        self.first = Affine(np.ones((3, 4)), np.ones(4))
        self.last = Affine(np.ones((4, 2)), np.ones(2))

    def hidden(self, x):
        return np.tanh(self.first(x))

    def loss(self, x, y):
        return np.mean((self.last(self.hidden(x)) - y) ** 2)

f = Network.loss
args = Network(), np.ones((5, 3)), np.zeros((5, 2))

# output

from knetc.runtime.accumulate import accumulate
from knetc.runtime.broadcast import unbroadcast
from knetc.runtime.mirror import Mirror


def Affine_call_forward(self, x):
    """Forward sweep of Affine.__call__ (methods_and_parts.py:7); returns the value and the residuals."""
    w = self.w
    b = self.b
    return x @ w + b, (x, w, b)


def Affine_call_backward(residuals, call_bar):
    """Adjoint of Affine.__call__ (methods_and_parts.py:7); returns the cotangents of self and x."""
    x, w, b = residuals
    x_bar = call_bar @ w.T  # methods_and_parts.py:8  return x @ self.w + self.b
    return Mirror(b=unbroadcast(call_bar, b.shape), w=x.T @ call_bar), x_bar


def Network_hidden_forward(self, x):
    """Forward sweep of Network.hidden (methods_and_parts.py:15); returns the value and the residuals."""
    first_out, first_out_saved = Affine_call_forward(self.first, x)
    tanh_out = np.tanh(first_out)
    return tanh_out, (first_out_saved, tanh_out)


def Network_hidden_backward(residuals, hidden_bar):
    """Adjoint of Network.hidden (methods_and_parts.py:15); returns the cotangents of self and x."""
    first_out_saved, tanh_out = residuals
    first_bar, x_bar = Affine_call_backward(first_out_saved, hidden_bar * (1 - tanh_out * tanh_out))  # methods_and_parts.py:16  return np.tanh(self.first(x))
    return Mirror(first=first_bar), x_bar


def Network_loss_grad(self, x, y):
    """Gradient of Network.loss (methods_and_parts.py:18) with respect to self, x and y."""
    hidden_out, hidden_out_saved = Network_hidden_forward(self, x)
    last_out, last_out_saved = Affine_call_forward(self.last, hidden_out)
    diff = last_out - y
    # backward
    diff_bar = 2.0 / diff.size * diff  # methods_and_parts.py:19  return np.mean((self.last(self.hidden(x)) - y) ** 2)
    y_bar = -diff_bar
    last_bar, hidden_out_bar = Affine_call_backward(last_out_saved, diff_bar)
    self_bar_part, x_bar = Network_hidden_backward(hidden_out_saved, hidden_out_bar)
    self_bar = Mirror(last=last_bar)
    self_bar = accumulate(self_bar, self_bar_part)
    return self_bar, x_bar, y_bar

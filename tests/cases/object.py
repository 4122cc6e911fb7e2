import numpy as np
from knetc import conv4, pool, relu

class Conv:
    def __init__(self):
        self.w, self.b, self.f = np.ones((2, 1, 3, 3)), np.ones((1, 2, 1, 1)), relu

    def __call__(self, x):
        return self.f(pool(conv4(self.w, x) + self.b))

f = Conv.__call__
form = "pair"
args = Conv(), np.ones((1, 1, 6, 6))
wrt = "self", "x"

# output

from knetc.ops.activation import relu
from knetc.ops.conv import conv4w, conv4x
from knetc.ops.pool import poolx
from knetc.runtime.broadcast import unbroadcast
from knetc.runtime.mirror import Mirror


def Conv_call_forward(self, x):
    """Forward sweep of Conv.__call__ (object.py:8); returns the value and the residuals."""
    w = self.w
    b = self.b
    total = conv4(w, x) + b
    pool_out = pool(total)
    f_out = relu(pool_out)
    return f_out, (x, w, b, total, pool_out, f_out)


def Conv_call_backward(residuals, call_bar):
    """Adjoint of Conv.__call__ (object.py:8); returns the cotangents of self and x."""
    x, w, b, total, pool_out, f_out = residuals
    total_bar = poolx(total, pool_out, call_bar * (f_out > 0))  # object.py:9  return self.f(pool(conv4(self.w, x) + self.b))
    x_bar = conv4x(w, x, total_bar)
    return Mirror(b=unbroadcast(total_bar, b.shape), w=conv4w(w, x, total_bar)), x_bar

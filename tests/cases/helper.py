import numpy as np

def norm(x, eps=1e-6):
    return np.sqrt(np.sum(x * x) + eps)

def f(x, y):
    return norm(x) * norm(y, eps=0.1)

args = np.ones(3), np.ones(3)

# output

def norm_forward(x, eps=1e-06):
    """Forward sweep of norm (helper.py:3); returns the value and the residuals."""
    sqrt_out = np.sqrt(np.sum(x * x) + eps)
    return sqrt_out, (x, sqrt_out)


def norm_backward(residuals, norm_bar):
    """Adjoint of norm (helper.py:3); returns the cotangent of x."""
    x, sqrt_out = residuals
    x_bar = norm_bar / sqrt_out * x  # helper.py:4  return np.sqrt(np.sum(x * x) + eps)
    return x_bar


def f_grad(x, y):
    """Gradient of f (helper.py:6) with respect to x and y."""
    norm_out, norm_out_saved = norm_forward(x)
    norm_out_2, norm_out_2_saved = norm_forward(y, eps=0.1)
    # backward
    y_bar = norm_backward(norm_out_2_saved, norm_out)  # helper.py:7  return norm(x) * norm(y, eps=0.1)
    x_bar = norm_backward(norm_out_saved, norm_out_2)
    return x_bar, y_bar

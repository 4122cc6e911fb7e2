import math

def f(x, y):
    r = math.sqrt(x * x + y * y)
    return r * math.exp(-r)

args = 0.3, 0.4

# output

def f_grad(x, y):
    """Gradient of f (scalars.py:3) with respect to x and y."""
    r = math.sqrt(x * x + y * y)
    exp_out = math.exp(-r)
    # backward
    r_bar = exp_out - r * exp_out  # scalars.py:5  return r * math.exp(-r)
    total_bar = 0.5 * r_bar / r  # scalars.py:4  r = math.sqrt(x * x + y * y)
    y_bar = 2 * total_bar * y
    x_bar = 2 * total_bar * x
    return x_bar, y_bar

def clipped(x):
    if x > 1.0:
        return 1.0
    return x * x

def f(x):
    return clipped(x) + clipped(2.0 * x)

args = (0.7,)

# output

def clipped_forward(x):
    """Forward sweep of clipped (early_return_in_a_callee.py:1); returns the value and the residuals."""
    if x > 1.0:
        out = 1.0
    else:
        out = x * x
    return out, x


def clipped_backward(residuals, clipped_bar):
    """Adjoint of clipped (early_return_in_a_callee.py:1); returns the cotangent of x."""
    x = residuals
    if x > 1.0:  # early_return_in_a_callee.py:2  if x > 1.0:
        x_bar = 0.0
    else:
        x_bar = 2 * clipped_bar * x  # early_return_in_a_callee.py:4  return x * x
    return x_bar


def f_grad(x):
    """Gradient of f (early_return_in_a_callee.py:6) with respect to x."""
    _, clipped_out_saved = clipped_forward(x)
    _, clipped_out_2_saved = clipped_forward(2.0 * x)
    # backward
    x_bar = 2.0 * clipped_backward(clipped_out_2_saved, 1.0) + clipped_backward(clipped_out_saved, 1.0)  # early_return_in_a_callee.py:7  return clipped(x) + clipped(2.0 * x)
    return x_bar

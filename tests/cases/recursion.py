def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)

def f(x):
    return power(x, 3)

args = (1.5,)

# output

def power_forward(x, n):
    """Forward sweep of power (recursion.py:1); returns the value and the residuals."""
    power_out = None
    power_out_saved = None
    if n == 0:
        out = 1.0
    else:
        power_out, power_out_saved = power_forward(x, n - 1)
        out = x * power_out
    return out, (x, n, power_out, power_out_saved)


def power_backward(residuals, power_bar):
    """Adjoint of power (recursion.py:1); returns the cotangent of x."""
    x, n, power_out, power_out_saved = residuals
    if n == 0:  # recursion.py:2  if n == 0:
        x_bar = 0.0
    else:
        x_bar = power_bar * power_out + power_backward(power_out_saved, power_bar * x)  # recursion.py:4  return x * power(x, n - 1)
    return x_bar


def f_grad(x):
    """Gradient of f (recursion.py:6) with respect to x."""
    _, power_out_saved = power_forward(x, 3)
    # backward
    x_bar = power_backward(power_out_saved, 1.0)  # recursion.py:7  return power(x, 3)
    return x_bar

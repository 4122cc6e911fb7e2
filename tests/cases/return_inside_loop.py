def f(x, n):
    for _ in range(n):
        x = x * 1.5
        if x > 3:
            return x * x
    return x

args = 1.3, 5

# output

def f_forward(x, n):
    """Forward sweep of f (return_inside_loop.py:1); returns the value and the residuals."""
    steps = []
    for _ in range(n):
        x = x * 1.5
        if x > 3:
            steps.append(x)
            return x * x, (1, steps)
        steps.append(x)
    return x, (2, steps)


def f_backward(residuals, f_bar):
    """Adjoint of f (return_inside_loop.py:1); returns the cotangent of x."""
    leave, steps = residuals
    if leave == 1:  # return_inside_loop.py:6  return x
        x_bar = 0.0
    else:
        x_bar = f_bar
    for x in reversed(steps):  # return_inside_loop.py:2  for _ in range(n):
        if x > 3:  # return_inside_loop.py:4  if x > 3:
            x_bar = x_bar + 2 * f_bar * x  # return_inside_loop.py:5  return x * x
        x_bar = 1.5 * x_bar  # return_inside_loop.py:3  x = x * 1.5
    return x_bar


def f_grad(x, n):
    """Gradient of f (return_inside_loop.py:1) with respect to x."""
    _, residuals = f_forward(x, n)
    return f_backward(residuals, 1.0)

import numpy as np

def f(x, kind):
    match kind:
        case "relu" | "positive":
            y = x * (x > 0)
        case "tanh":
            y = np.tanh(x)
        case _:
            y = x
    return np.sum(y * y)

args = np.ones(3), "tanh"
wrt = ("x",)

# output

def f_grad(x, kind):
    """Gradient of f (match_on_a_name.py:3) with respect to x."""
    if kind == "relu" or kind == "positive":
        value = x > 0
        y = x * value
    elif kind == "tanh":
        y = np.tanh(x)
    else:
        y = x
    # backward
    y_bar = 2.0 * y  # match_on_a_name.py:11  return np.sum(y * y)
    if kind == "relu" or kind == "positive":  # match_on_a_name.py:4  match kind:
        x_bar = y_bar * value  # match_on_a_name.py:6  y = x * (x > 0)
    elif kind == "tanh":  # match_on_a_name.py:7  case "tanh":
        x_bar = y_bar * (1 - y * y)  # match_on_a_name.py:8  y = np.tanh(x)
    else:
        x_bar = y_bar  # match_on_a_name.py:10  y = x
    return x_bar

import numpy as np

def f(params, x):
    h = np.tanh(params["w"] @ x)
    return np.sum(h * params["b"])

args = {"w": np.ones((3, 2)), "b": np.ones(3)}, np.ones(2)

# output

import numpy as np


def f_grad(params, x):
    """Gradient of f (dict_of_parameters.py:3) with respect to params and x."""
    w = params["w"]
    h = np.tanh(w @ x)
    b = params["b"]
    # backward
    dot_bar = b * (1 - h * h)  # dict_of_parameters.py:4  h = np.tanh(params["w"] @ x)
    x_bar = w.T @ dot_bar
    return {"b": h, "w": np.outer(dot_bar, x)}, x_bar

def scaled(x, factor=2.0, *, shift=0.5):
    return factor * x + shift * x * x

def f(x):
    return scaled(x) * scaled(x, shift=1.5)

args = (0.7,)

# output

def scaled_forward(x, factor=2.0, *, shift=0.5):
    """Forward sweep of scaled (default_and_keyword_arguments.py:1); returns the value and the residuals."""
    prod_2 = shift * x
    return factor * x + prod_2 * x, (x, factor, shift, prod_2)


def scaled_backward(residuals, scaled_bar):
    """Adjoint of scaled (default_and_keyword_arguments.py:1); returns the cotangent of x."""
    x, factor, shift, prod_2 = residuals
    x_bar = scaled_bar * prod_2 + scaled_bar * x * shift + scaled_bar * factor  # default_and_keyword_arguments.py:2  return factor * x + shift * x * x
    return x_bar


def f_grad(x):
    """Gradient of f (default_and_keyword_arguments.py:4) with respect to x."""
    scaled_out, scaled_out_saved = scaled_forward(x)
    scaled_out_2, scaled_out_2_saved = scaled_forward(x, shift=1.5)
    # backward
    x_bar = scaled_backward(scaled_out_2_saved, scaled_out) + scaled_backward(scaled_out_saved, scaled_out_2)  # default_and_keyword_arguments.py:5  return scaled(x) * scaled(x, shift=1.5)
    return x_bar

import numpy as np

def f(x, a):
    g = lambda t: t * a + x
    return g(g(2.0))

args = 0.3, 0.8

# output

def g_forward(t, *, a, x):
    """Forward sweep of g (lambda_that_captures.py:4); returns the value and the residuals."""
    return t * a + x, (t, a)


def g_backward(residuals, g_bar):
    """Adjoint of g (lambda_that_captures.py:4); returns the cotangents of t, a and x."""
    t, a = residuals
    t_bar = g_bar * a  # lambda_that_captures.py:4  g = lambda t: t * a + x
    a_bar = g_bar * t
    return t_bar, a_bar, g_bar


def g_forward_2(t, *, a, x):
    """Forward sweep of g (lambda_that_captures.py:4); returns the value and the residuals."""
    return t * a + x, t


def g_backward_2(residuals, g_bar):
    """Adjoint of g (lambda_that_captures.py:4); returns the cotangents of a and x."""
    t = residuals
    a_bar = g_bar * t  # lambda_that_captures.py:4  g = lambda t: t * a + x
    return a_bar, g_bar


def f_grad(x, a):
    """Gradient of f (lambda_that_captures.py:3) with respect to x and a."""
    g_out, g_out_saved = g_forward_2(2.0, a=a, x=x)
    _, g_out_2_saved = g_forward(g_out, a=a, x=x)
    # backward
    g_out_bar, a_bar, x_bar = g_backward(g_out_2_saved, 1.0)  # lambda_that_captures.py:5  return g(g(2.0))
    a_bar_part, x_bar_part = g_backward_2(g_out_saved, g_out_bar)
    a_bar = a_bar + a_bar_part
    x_bar = x_bar + x_bar_part
    return x_bar, a_bar

import numpy as np

def integrate(rate, y, t1, n):
    t, h = 0.0, t1 / n
    for i in range(n):
        y = y + h * rate(y, t)
        t = t + h
    return y

def f(k, y0):
    y = integrate(lambda y, t: -k * y + t, y0, 1.0, n=3)
    return np.sum(y * y)

args = 0.7, np.ones(2)

# output

import numpy as np


def rate_forward(y, t, *, k):
    """Forward sweep of rate (lambda_passed_to_an_integrator.py:11); returns the value and the residuals."""
    neg = -k
    return neg * y + t, (y, neg)


def rate_backward(residuals, rate_bar):
    """Adjoint of rate (lambda_passed_to_an_integrator.py:11); returns the cotangents of y and k."""
    y, neg = residuals
    y_bar = rate_bar * neg  # lambda_passed_to_an_integrator.py:11  y = integrate(lambda y, t: -k * y + t, y0, 1.0, n=3)
    k_bar = -np.sum(rate_bar * y)
    return y_bar, k_bar


def integrate_rate_forward(y, t1, n, *, k):
    """Forward sweep of integrate_rate (lambda_passed_to_an_integrator.py:3); returns the value and the residuals."""
    t, h = 0.0, t1 / n
    steps = []
    for i in range(n):
        rate_out, rate_out_saved = rate_forward(y, t, k=k)
        y = y + h * rate_out
        t = t + h
        steps.append(rate_out_saved)
    return y, (h, steps)


def integrate_rate_backward(residuals, integrate_rate_bar):
    """Adjoint of integrate_rate (lambda_passed_to_an_integrator.py:3); returns the cotangents of y and k."""
    h, steps = residuals
    y_bar = integrate_rate_bar  # lambda_passed_to_an_integrator.py:8  return y
    k_bar = 0.0  # lambda_passed_to_an_integrator.py:5  for i in range(n):
    for rate_out_saved in reversed(steps):
        y_bar_part, k_bar_part = rate_backward(rate_out_saved, y_bar * h)  # lambda_passed_to_an_integrator.py:6  y = y + h * rate(y, t)
        y_bar = y_bar + y_bar_part
        k_bar += k_bar_part
    return y_bar, k_bar


def f_grad(k, y0):
    """Gradient of f (lambda_passed_to_an_integrator.py:10) with respect to k and y0."""
    y, y_saved = integrate_rate_forward(y0, 1.0, n=3, k=k)
    # backward
    y_bar = 2.0 * y  # lambda_passed_to_an_integrator.py:12  return np.sum(y * y)
    y0_bar, k_bar = integrate_rate_backward(y_saved, y_bar)  # lambda_passed_to_an_integrator.py:11  y = integrate(lambda y, t: -k * y + t, y0, 1.0, n=3)
    return k_bar, y0_bar

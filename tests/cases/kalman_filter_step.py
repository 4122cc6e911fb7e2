def f(x, P, z, R):
    K = P / (P + R)
    x = x + K * (z - x)
    P = (1.0 - K) * P
    return x * x + P

args = (0.3, 0.5, 0.7, 0.2)

# output

def f_grad(x, P, z, R):
    """Gradient of f (kalman_filter_step.py:1) with respect to x, P, z and R."""
    total = P + R
    K = P / total
    diff = z - x
    x = x + K * diff
    diff_2 = 1.0 - K
    # backward
    x_2_bar = 2.0 * x  # kalman_filter_step.py:5  return x * x + P
    P_bar = diff_2  # kalman_filter_step.py:4  P = (1.0 - K) * P
    K_bar = -P
    x_bar = x_2_bar  # kalman_filter_step.py:3  x = x + K * (z - x)
    K_bar += x_2_bar * diff
    diff_bar = x_2_bar * K
    x_bar -= diff_bar
    P_bar += K_bar / total  # kalman_filter_step.py:2  K = P / (P + R)
    total_bar = -(K_bar * K / total)
    P_bar += total_bar
    return x_bar, P_bar, diff_bar, total_bar

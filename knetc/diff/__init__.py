"""Differentiation: from a canonical function to its forward and backward sweeps, by the rules of the ops."""

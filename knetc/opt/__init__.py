"""Rewrites that may run: they make code shorter and faster, and switching any of them off changes no result."""

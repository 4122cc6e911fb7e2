"""Kernels in vectorised array code: they run on numpy, and unchanged on any module with its API."""

"""Data sets as numpy arrays, fetched once and checked."""

from __future__ import annotations

from knetc.datasets.mnist import mnist

__all__ = ["mnist"]

"""Tools with which knetc tests itself, and with which its users may test their own functions and rules."""

from __future__ import annotations

from knetc.testing.gradcheck import GradcheckError, gradcheck

__all__ = ["GradcheckError", "gradcheck"]

"""Tools with which knetc tests itself, and with which its users may test their own functions and rules."""

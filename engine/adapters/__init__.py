"""Implementations of the ports, one folder per family. Named only by `engine/bootstrap.py`."""

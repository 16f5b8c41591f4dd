"""Frozen records and their legal transitions.

Never here: input, output, clocks, randomness or a vendor package.
"""

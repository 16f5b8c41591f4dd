"""Storeclerk as one of several platforms that a loopback harness compares."""

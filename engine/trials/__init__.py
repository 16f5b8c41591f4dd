"""Proof before shoppers: test cases, trial runs, invited testers, metrics, the gate."""

"""Checking an answer before it leaves: what it claims, what the evidence and the catalogue rows say, and what to do.

`claims` reads checkable tokens, `grounds` holds what the evidence states, `rows` what the catalogue does,
`judging` compares, `attribution` finds where a sentence comes from, `safety` knows what never leaves,
`certain` words what remains. The front is `engine/answering/guard.py`.
"""

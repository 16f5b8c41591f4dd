"""One HTML page, reduced to what a shop assistant can use: text, products, links.

Runs inside a parsing process. Never here: the network.
"""

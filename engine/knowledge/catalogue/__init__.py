"""A shop's catalogue read from files: any feed becomes rows of products, in bounded memory and in a process of its own.

Never here: fetching, and products found in web pages (`engine/knowledge/pages`).
"""

"""Finding a website's pages: addresses, robots.txt, sitemaps, and the state of a crawl.

Never here: what a page says.
"""

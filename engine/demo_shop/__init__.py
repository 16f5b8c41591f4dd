"""A small made-up shop, Fernleaf & Kiln, for trying everything without a website of one's own.

Never here: the engine's own pages. The server serves `respond` below any address, such as `/demo-shop/`.
"""

from engine.demo_shop.serving import PERSONA, SITE, Response, respond

__all__ = ["PERSONA", "SITE", "Response", "respond"]

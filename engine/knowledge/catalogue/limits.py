"""Numbers that bound reading a catalogue, each with its reason.

Never here: numbers of pages and documents; those are in `engine/knowledge/limits.py`.
"""

from __future__ import annotations

__all__ = [
    "BATCH_BYTES",
    "BATCH_PRODUCTS",
    "CONVERSION_MEMORY_BYTES",
    "CONVERSION_SCRATCH_BYTES",
    "CONVERSION_SECONDS",
    "DOWNLOAD_SECONDS",
    "FEED_BYTES",
    "INSPECTION_SECONDS",
    "LISTED_FAILURES",
    "LONGEST_CELL",
    "LONGEST_DESCRIPTION",
    "LONGEST_TITLE",
    "MOST_ATTRIBUTES",
    "MOST_COLUMNS",
    "MOST_IMAGES",
    "MOST_PAGES_OF_PRODUCTS",
    "MOST_VARIANTS",
    "PREVIEW_PRODUCTS",
    "PREVIEW_ROWS",
    "WORKBOOK_BYTES",
]

# The file. 200,000 products with descriptions are 150 to 400 MB of XML.
FEED_BYTES = 600_000_000
WORKBOOK_BYTES = 50_000_000  # a workbook cannot be read as a stream from its first byte
DOWNLOAD_SECONDS = 300.0
MOST_PAGES_OF_PRODUCTS = 800  # products.json answers at most 250 products a page

# The process. It counts addresses, of which the interpreter and its libraries reserve about 250 MB.
CONVERSION_MEMORY_BYTES = 640 * 1024 * 1024
CONVERSION_SCRATCH_BYTES = 2 * FEED_BYTES  # rows that wait for their parent lie in a file, not in memory
CONVERSION_SECONDS = 600.0
INSPECTION_SECONDS = 30.0

# What it hands over at once: small enough for a pipe and for one blob.
BATCH_PRODUCTS = 500
BATCH_BYTES = 2_000_000
LISTED_FAILURES = 150  # a source shows 200

# One product. Shopify allows 2,048 variants.
LONGEST_CELL = 1_000_000
LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 5_000
MOST_ATTRIBUTES = 60
MOST_COLUMNS = 1_000
MOST_IMAGES = 20
MOST_VARIANTS = 2_048

# A look at a file before it is learned.
PREVIEW_ROWS = 500
PREVIEW_PRODUCTS = 10

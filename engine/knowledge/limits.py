"""Numbers that bound reading, each with its reason.

Never here: settings a shop owner or an operator may change; those live in `engine/settings.py`.
"""

from __future__ import annotations

__all__ = [
    "BATCH_PAGES",
    "BATCH_SECONDS",
    "CONNECT_SECONDS",
    "CRAWL_CONCURRENCY",
    "CRAWL_DEPTH",
    "CRAWL_FILES",
    "CRAWL_PAGES",
    "DATED_PAGES",
    "EXPANSION_RATIO",
    "EXPANSION_START_BYTES",
    "FILE_MEMORY_BYTES",
    "FILE_SECONDS",
    "FILE_TEXT_CHARACTERS",
    "FILE_UPLOAD_BYTES",
    "GIVE_UP_AFTER",
    "IDLE_PAGES",
    "LEAST_TEXT",
    "LISTED_SKIPS",
    "LONGEST_BACK_OFF",
    "LONGEST_CRAWL_DELAY",
    "LONGEST_URL",
    "OCR_BUDGET_SECONDS",
    "OCR_MEMORY_BYTES",
    "OCR_PAGES",
    "OCR_SECONDS",
    "OCR_SIDE",
    "PAGE_BYTES",
    "PAGE_MEMORY_BYTES",
    "PAGE_SECONDS",
    "PDF_BYTES",
    "PDF_PAGES",
    "PICTURE_PIXELS",
    "READ_SECONDS",
    "REDIRECTS",
    "RENDER_BYTES",
    "RENDER_MEMORY_BYTES",
    "RENDER_SECONDS",
    "RESOLVE_SECONDS",
    "RETRY_AFTER_SECONDS",
    "ROBOTS_BYTES",
    "SITEMAP_BYTES",
    "SITEMAP_DEPTH",
    "SITEMAP_FILES",
    "SITEMAP_URLS",
    "TOTAL_SECONDS",
    "ZIP_ENTRIES",
    "ZIP_EXPANDED_BYTES",
]

# One request. Long enough for a slow shop, short enough that a trap costs little.
LONGEST_URL = 2048
RESOLVE_SECONDS = 3.0
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
TOTAL_SECONDS = 30.0
REDIRECTS = 5
RETRY_AFTER_SECONDS = 30.0

# Bodies, counted after decompression. 50 MB of zeros gzip to 48 kB: ratio 1,028.
PAGE_BYTES = 5_000_000
PDF_BYTES = 20_000_000
ROBOTS_BYTES = 500_000
SITEMAP_BYTES = 50_000_000
EXPANSION_RATIO = 100
EXPANSION_START_BYTES = 1_000_000

# One crawl. sitemaps.org allows 50,000 addresses a file.
SITEMAP_URLS = 50_000
SITEMAP_FILES = 20
SITEMAP_DEPTH = 2
CRAWL_PAGES = 1000
CRAWL_DEPTH = 5
CRAWL_CONCURRENCY = 6
BATCH_PAGES = 40
BATCH_SECONDS = 5.0
LONGEST_CRAWL_DELAY = 10.0
# Of one page in many addresses: so many of a shape that brought nothing new are read, and so many days of a calendar.
IDLE_PAGES = 4
DATED_PAGES = 12
# Linked PDFs; each may take as long as an uploaded file.
CRAWL_FILES = 30
# Of each kind of skipped page so many are listed by address; of the rest the number is said.
LISTED_SKIPS = 20
# Failures in a row after which a host is asked no more: it is down, or wants us gone.
GIVE_UP_AFTER = 20
# What a host that answers 429 or 503 is slowed down to at most, seconds between two requests.
LONGEST_BACK_OFF = 10.0
# A page in a browser, with all that it loads. Chromium takes about 300 MB for an ordinary page.
RENDER_SECONDS = 20.0
RENDER_BYTES = 30_000_000
RENDER_MEMORY_BYTES = 1024 * 1024 * 1024
LEAST_TEXT = 20

# Files and the processes that read them.
FILE_UPLOAD_BYTES = 20_000_000
FILE_MEMORY_BYTES = 512 * 1024 * 1024
FILE_SECONDS = 30.0
FILE_TEXT_CHARACTERS = 5_000_000
PAGE_MEMORY_BYTES = 1024 * 1024 * 1024
PAGE_SECONDS = 20.0
PDF_PAGES = 500
ZIP_ENTRIES = 1_000
ZIP_EXPANDED_BYTES = 200_000_000

# Text in pictures. A full page takes about 8 seconds of one processor and 750 MB; the limit counts addresses, which
# the models' libraries reserve twice over. What is past the budget is left out and said, what was read is kept.
OCR_PAGES = 30
OCR_BUDGET_SECONDS = 240.0
OCR_SECONDS = 300.0
OCR_MEMORY_BYTES = 2 * 1024 * 1024 * 1024
OCR_SIDE = 2000
PICTURE_PIXELS = 40_000_000

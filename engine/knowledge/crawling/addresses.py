"""Addresses of pages in the form in which a crawl compares them.

Never here: whether an address is safe to fetch.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import Location, locate

__all__ = ["bare_host", "is_document", "is_page", "matches", "normal_url", "same_site", "site_root"]

IDLE_PARAMETERS = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|hsa_\w+|_hs\w+|mc_[ce]id|[gfmty]clid|msclkid|dclid|wbraid|gbraid|igshid|srsltid|"
    r"yclid|_ga|_gl|ref|ref_src|referrer|phpsessid|jsessionid|aspsessionid\w*|sid|session_?id|sessid|zenid|oscsid|"
    r"cfid|cftoken|_pos|_sid|_ss|_psq|_fid|_v|pr_prod_strat|pr_rec_id|pr_rec_pid|pr_ref_pid|pr_seq|variant",
    re.I,
)
SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?#;]*", re.I)
OTHER_FILES = re.compile(
    r"\.(jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|js|mjs|map|json|xml|rss|atom|woff2?|ttf|eot|otf|mp[34]|m4[av]|"
    r"webm|mov|avi|ogg|wav|flac|zip|gz|tar|rar|7z|exe|dmg|apk|iso|bin|pdf|docx?|xlsx?|pptx?|csv|txt|ics|vcf|epub)$",
    re.I,
)


def normal_url(url: str) -> str | None:
    """`url` without fragment, session and tracking, its query sorted; None when it is no web address."""
    try:
        location = locate(url.strip().split("#")[0].replace(" ", "%20"))
    except Unreadable:
        return None
    path = SESSION_IN_PATH.sub("", location.path)
    pairs = [
        (name, value)
        for name, value in parse_qsl(location.query, keep_blank_values=True, max_num_fields=None)
        if not IDLE_PARAMETERS.fullmatch(name)
    ]
    query = urlencode(sorted(pairs))
    return Location(location.scheme, location.host, location.port, path, query).url


def bare_host(url: str) -> str:
    """Host and port without `www.`: what makes two addresses one site."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    return (parts.hostname or "").removeprefix("www.") + port


def same_site(url: str, sites: Iterable[str], root: str) -> bool:
    """Whether `url` lies on one of `sites` (bare hosts), below the path of `root`."""
    if bare_host(url) not in set(sites):
        return False
    below = urlsplit(root).path
    return (urlsplit(url).path or "/").startswith(below)


def site_root(url: str, prefix: str | None) -> str:
    """Where a site begins: its allowed prefix when it is one of our own, else the top of its host."""
    return prefix or f"{locate(url).origin}/"


def is_page(url: str) -> bool:
    """Whether an address may be a page, by its ending."""
    return not OTHER_FILES.search(urlsplit(url).path)


def is_document(url: str) -> bool:
    """Whether an address is a PDF, by its ending: terms, manuals and size charts often are."""
    return urlsplit(url).path.lower().endswith(".pdf")


def matches(url: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns fits: `*` stands for anything, and a plain word may stand anywhere in the path."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    for pattern in patterns:
        if "*" not in pattern and "?" not in pattern:
            if pattern in url:
                return True
        elif fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(url, pattern):
            return True
    return False

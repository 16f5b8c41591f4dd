"""What an address alone tells: a function of the shop, another view of a page, one of many days of a calendar.

Never here: what a page says, or whether two pages are the same.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

__all__ = ["is_dated", "is_shop_function", "plain_view", "shape", "viewed_path"]

FUNCTION_PATH = re.compile(
    r"/(cart|basket|bag|warenkorb|panier|carrito|carrello|winkelwagen|checkout|kasse|kassa|my-?account|account|"
    r"accounts|konto|mein-konto|customer|wish-?lists?|wunschliste|merkzettel|favou?rites|compare|vergleich|log-?in|"
    r"log-?out|sign-?in|sign-?up|sign-?out|anmelden|abmelden|registrieren|register|password|passwort|"
    r"wp-login\.php|wp-admin|wp-json|xmlrpc\.php|cgi-bin|search|suche|suchergebnisse|recherche|busqueda|"
    r"catalogsearch|add-?to-?(cart|basket)|apps/proxy|cdn-cgi|email-a-friend|sendfriend)(/|\.(php|html?|aspx?)$|$)",
    re.I,
)
"""Functions of a shop by the custom of its makers."""
CONTENT_PATH = re.compile(
    r"/(help|support|faqs?|hilfe|pages?|articles?|blogs?|news|polic(y|ies)|guides?|docs?|info|products?|produkte?|"
    r"collections?|categor(y|ies)|kategorien?|catalogue|brands?)/",
    re.I,
)
"""Below these stand words of help about a function, and goods that are called like one: `/products/bag`."""
FUNCTION_NAMES = frozenset(
    {
        "add-to-cart", "add_to_cart", "addtocart", "add-to-basket", "remove_item", "remove-item", "add_to_wishlist",
        "add-to-wishlist", "wc-ajax", "wc-api", "undo_item", "empty-cart", "action_cart", "buy_now", "s", "q", "search",
        "searchterm", "search_query", "query", "logout", "replytocom", "product_compare",
    }
)  # fmt: skip
"""Parameters that do something, or ask a search: following them would fill carts and never end."""
VIEW_NAMES = re.compile(
    r"sort(_?by|_order|_dir(ection)?|field|key)?|order_?by|orderdir|order_dir|sortierung|tri|filter(\[.*\]|_.*|\..*)?|"
    r"filters(\[.*\])?|f\[.*\]|refine(ment)?s?|(selected_?)?facets?(\[.*\])?|pf_.*|min_?price|max_?price|price_(min|max|from|to)|"
    r"product_list_(order|dir|mode|limit)|per_?page|items_?per_?page|results_?per_?page|page_?size|in_?stock(_only)?|"
    r"print(able|view|er_friendly)?|amp|share|fb_.*|gad_.*|add_?this|currency|setcurrency|"
    r"resolution|theme_preview|preview_theme_id|nocache|cache|timestamp|_t|back|return(_?to|_?url)?|next|redirect(_to)?",
    re.I,
)
DOUBTFUL_VIEWS = {
    "order": r"asc|desc|(name|price|date|position|popularity|rating|newest)\w*([._-](asc|desc))?",
    "dir": r"asc|desc", "direction": r"asc|desc", "mode": r"grid|list", "view": r"grid|list|print|all|gallery",
    "layout": r"grid|list|print", "display": r"grid|list", "limit": r"\d+|all", "show": r"\d+|all",
    "format": r"print|amp", "output": r"print|amp|1", "tmpl": r"component",
}  # fmt: skip
"""Names that select a page on some sites and only its looks on others: the value tells."""
VIEW_PATH = re.compile(r"(?<=[^/])/(amp|print|feed|trackback|embed)/?$|(?<=[^/])\.(amp|print)(?=\.html?$|$)", re.I)
DATED_PATH = re.compile(
    r"/(19|20)\d\d([-/_.])(0?[1-9]|1[0-2])(\2\d{1,2})?/?$|"
    r"/(calendar|kalender|agenda|events?|termine|day|week|month)/[\d/_-]+/?$",
    re.I,
)
DATED_NAMES = frozenset(
    {"date", "datum", "day", "month", "week", "year", "tribe-bar-date", "eventdate", "start_date", "cal_month"}
)


def is_shop_function(url: str) -> bool:
    """Whether an address is a cart, an account, a search or the like."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if FUNCTION_PATH.search(path) and not CONTENT_PATH.search(path):
        return True
    return any(name.lower() in FUNCTION_NAMES for name, _ in parse_qsl(parts.query, keep_blank_values=True))


def plain_view(url: str) -> str:
    """The address of the same page without sort order, filter, print view and the like."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not is_view(name.lower(), value)]
    return url if len(kept) == len(pairs) else parts._replace(query=urlencode(kept)).geturl()


def viewed_path(url: str) -> str:
    """The address whose print or AMP view `url` seems to be, or nothing: `/products/print` may be goods as well."""
    parts = urlsplit(url)
    path = VIEW_PATH.sub("", parts.path)
    return "" if path == parts.path else parts._replace(path=path).geturl()


def is_view(name: str, value: str) -> bool:
    """Whether a parameter only changes how a page is shown."""
    doubtful = DOUBTFUL_VIEWS.get(name)
    return bool(re.fullmatch(doubtful, value, re.I)) if doubtful else bool(VIEW_NAMES.fullmatch(name))


def is_dated(url: str) -> bool:
    """Whether an address names a day or a month and nothing after it, as calendars and archives do."""
    parts = urlsplit(url)
    return bool(DATED_PATH.search(parts.path)) or any(
        name.lower() in DATED_NAMES and re.search(r"\d", value) for name, value in parse_qsl(parts.query)
    )


def shape(url: str) -> str:
    """What addresses made by one template have in common: numbers left out, and the values of parameters."""
    parts = urlsplit(url)
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{re.sub(r'[0-9]+', '#', parts.path)}?{'&'.join(names)}"

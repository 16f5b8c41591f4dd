"""A shop on loopback in the middle of everything that a hostile or broken website can do to a reader."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator

from tests.sites.loopback import HTML, Answer, Handler, Site, dripping, endless, page, redirect

GOOD = {
    "/delivery": ("Delivery", "We send every parcel with a number that shows where it is on its way to you."),
    "/returns": ("Returns", "Send it back within thirty days in its box, and we return what you have paid for it."),
    "/mug": ("Fernleaf Mug", "A mug of stoneware with a handle for two fingers, glazed in the green of ferns."),
}
BOMB_BYTES = 10_000_000_000
CALENDAR_DAYS = 10_000


def gzip_bomb(handler: Handler) -> None:
    """Ten gigabytes of zeros, packed while they are taken."""
    handler.send_response(200)
    for name, value in (("Content-Type", HTML), ("Content-Encoding", "gzip"), ("Connection", "close")):
        handler.send_header(name, value)
    handler.end_headers()
    handler.close_connection = True
    for piece in packed_zeros():
        handler.wfile.write(piece)


def gzip_bomb_file(handler: Handler) -> None:
    """The same as a file that is packed by itself, such as a sitemap."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/gzip")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    for piece in packed_zeros():
        handler.wfile.write(piece)


def packed_zeros() -> Iterator[bytes]:
    """The pieces of a gzip file of ten gigabytes of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * 1_000_000
    for _ in range(BOMB_BYTES // len(block)):
        if piece := packer.compress(block):
            yield piece
    yield packer.flush()


def slow_headers(handler: Handler) -> None:
    """Headers that come one at a time and never end; each comes in time, so that only the whole takes too long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    handler.close_connection = True
    for number in range(200):
        handler.wfile.write(f"X-Header-{number}: more\r\n".encode())
        handler.wfile.flush()
        threading.Event().wait(0.05)


def calendar(handler: Handler) -> None:
    """A day that links to the days after it."""
    day = int(handler.path.rpartition("/")[2])
    links = "".join(f'<a href="/calendar/2027/{number}">{number}</a> ' for number in range(day, day + 30))
    handler.send(Answer(page(f"Day {day}", f"<p>Nothing happens on day {day}, as on most days.</p>{links}")))


def faceted(handler: Handler) -> None:
    """A listing that shows the same under every choice of filters, and links to ever more of them."""
    query = handler.path.partition("?")[2]
    links = "".join(f'<a href="/mugs?{query}&amp;glaze{number}=yes">Glaze {number}</a> ' for number in range(5))
    handler.send(Answer(page("Mugs", f"<p>All the mugs that we make, in every glaze there is.</p><nav>{links}</nav>")))


def cookie_wall(handler: Handler) -> None:
    """Forwards to itself until a cookie is brought back."""
    handler.send(Answer("", 302, headers={"Location": handler.path, "Set-Cookie": "consent=asked"}))


CASES: dict[str, tuple[object, str]] = {
    "/to-private": (redirect("http://192.168.1.1/admin"), "private_redirect"),
    "/to-metadata": (redirect("http://169.254.169.254/latest/meta-data/"), "private_redirect"),
    "/to-mapped": (redirect("http://[::ffff:127.0.0.1]/"), "private_redirect"),
    "/to-nat64": (redirect("http://[64:ff9b::7f00:1]/"), "private_redirect"),
    "/to-ssh": (redirect("http://127.0.0.1:22/"), "bad_address"),
    "/to-file": (redirect("file:///etc/passwd"), "bad_address"),
    "/rebinding": (redirect("http://rebinding.example/"), "private_redirect"),
    "/loop-a": (redirect("/loop-b"), "redirect_loop"),
    "/endless": (endless, "too_large"),
    "/bomb": (gzip_bomb, "decompression_bomb"),
    "/drip": (dripping, "timeout"),
    "/slow-headers": (slow_headers, "timeout"),
    "/cookies": (cookie_wall, "cookie_wall"),
    "/consent": (
        page("Consent", '<div class="cookie-consent">Please accept all cookies to go on.</div>'),
        "cookie_wall",
    ),
    "/closed": (page("Closed", "Nobody should read this."), "robots"),
    "/cart": (page("Cart", "Your cart is empty."), "shop_function"),
}
"""Path to what it answers, and the name the failure must have."""


class HostileRoutes(dict[str, object]):
    """Routes that also answer for days of the calendar and for filters, of which there is no end."""

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override]
        """What a path answers."""
        rules: dict[str, Callable[[Handler], None]] = {"/calendar/2027/": calendar, "/mugs": faceted}
        return next((rule for start, rule in rules.items() if path.startswith(start)), super().get(path, default))


def make_hostile(site: Site) -> Site:
    """Turn a site into the hostile one."""
    site.routes = HostileRoutes(site.routes)
    days = "".join(f'<a href="/calendar/2027/{day}">{day}</a> ' for day in range(1, CALENDAR_DAYS // 10))
    more = "".join(f'<a href="/days/{number}">{number}</a> ' for number in range(9))
    traps = "".join(f'<a href="{path}">{path[1:]}</a> ' for path in (*CASES, "/mugs"))
    good = "".join(f'<a href="{path}">{title}</a> ' for path, (title, _) in GOOD.items())
    # The traps come first, so that a reader that stumbles over one of them never gets to the rest.
    site.add({"/": page("Fernleaf & Kiln", f"<p>We make mugs by hand.</p>{days}{more}{traps}{good}")})
    site.add({f"/days/{number}": page(f"Days {number}", "<p>The days of a year, all in one list.</p>" + "".join(
        f'<a href="/calendar/2027/{day}">{day}</a> ' for day in range(number * 1000, number * 1000 + 1000)))
        for number in range(9)})  # fmt: skip
    site.add({path: page(title, f"<p>{text}</p>") for path, (title, text) in GOOD.items()})
    site.add({path: answer for path, (answer, _) in CASES.items()})
    site.add({
        "/loop-b": redirect("/loop-a"),
        "/robots.txt": Answer(f"User-agent: *\nDisallow: /closed\nSitemap: {site.url}bomb.xml.gz", media_type="text/x"),
        "/bomb.xml.gz": gzip_bomb_file,
        "/sitemap.xml": endless,
    })  # fmt: skip
    return site

"""Fetching user-given addresses: what is refused, and by which name."""

from __future__ import annotations

import gzip
import socket
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge.failures import REASONS, Unreadable, item_failure
from engine.knowledge.fetching import Fetched, Fetcher, locate
from engine.knowledge.fetching.addresses import is_public
from engine.knowledge.fetching.bodies import GzipSieve, read_body
from engine.knowledge.fetching.network import PinnedBackend, resolve
from engine.knowledge.fetching.statuses import pause_asked
from tests.sites.loopback import Answer, Site, cut_off, dripping, endless, gzipped, page, redirect, tagged

REFUSED = [
    "127.0.0.1",
    "::1",
    "::",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "fec0::1",
    "fd00:ec2::254",
    "fe80::1%eth0",
    "ff02::1",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.192",
    "168.63.129.16",
    "198.18.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "0.0.0.0",
    "not-an-address",
    "1.2.3",
    ":::",
]
ACCEPTED = [
    "8.8.8.8",
    "1.1.1.1",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "2606:4700:4700::1111",
    "2a00:1450:4007::1",
    "::ffff:8.8.8.8",
]
BAD_FORMS = (
    "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "//example.com/", "example.com", "http://",
    "http://user@127.0.0.1@example.com/", "http://user:pass@example.com/", "http://example.com\\@127.0.0.1/",
    "http://exa mple.com/", "http://example.com/\n", "http://0177.0.0.1/", "http://2130706433/", "http://0x7f.1/",
    "http://127.1/", "http://017700000001/", "http://[::1%25eth0]/", "http://[::1/", "http://example.com:99999/",
    "http://exa$mple.com/", "http://" + "a" * 2100, "http://ex..ample.com/", "http://xn--\u200d.com/",
)  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_address_outside_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ACCEPTED)
def test_public_address_is_accepted(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", BAD_FORMS)
def test_address_of_a_wrong_form_is_refused(url: str) -> None:
    with pytest.raises(Unreadable) as caught:
        locate(url)
    assert caught.value.code == "bad_address"


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("https://example.com:443/a#b", "https://example.com/a"),
        ("http://example.com:8080/", "http://example.com:8080/"),
        ("http://example.com/a/./b/../c", "http://example.com/a/c"),
        ("http://example.com/a/%2e%2E/%2e/b/..", "http://example.com/"),
        ("http://example.com/../../x", "http://example.com/x"),
        ("http://bücher.example/ä?q=ü", "http://xn--bcher-kva.example/%C3%A4?q=%C3%BC"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        ("http://\uff11\uff12\uff17.0.0.1/", "http://127.0.0.1/"),
        ("http://\u24dbocalhost/", "http://localhost/"),
        ("http://[::FFFF:7f00:1]:81/", "http://[::ffff:7f00:1]:81/"),
    ],
)
def test_address_is_normalised_before_it_is_checked(url: str, normal: str) -> None:
    assert locate(url).url == normal


@given(st.text(max_size=60))
def test_locating_any_text_refuses_or_is_stable(text: str) -> None:
    try:
        found = locate(f"http://{text}")
    except Unreadable:
        return
    assert locate(found.url) == found


def allowed(site: Site, total_seconds: float = 10.0, **more: object) -> Fetcher:
    """A fetcher that may read the site, as long as a busy machine may need."""
    return Fetcher(
        user_agent="Storeclerk/0",
        allowed_private_hosts=(site.host,),
        total_seconds=total_seconds,
        **more,  # type: ignore[arg-type]
    )


async def get(fetcher: Fetcher, url: str, **more: object) -> Fetched:
    async with fetcher.session() as session:
        return await session.get(url, **more)  # type: ignore[arg-type]


async def failure(fetcher: Fetcher, url: str, **more: object) -> str:
    with pytest.raises(Unreadable) as caught:
        await get(fetcher, url, **more)
    return caught.value.code


async def test_page_is_fetched_with_our_name_and_no_cookies(site: Site) -> None:
    site.add({"/": Answer(page("Home", "hi"), headers={"Set-Cookie": "a=b"}), "/next": redirect("/")})
    async with allowed(site).session() as session:
        await session.get(site.url)
        fetched = await session.get(f"{site.url}next")
    assert fetched.url == site.url
    assert (fetched.content_type, fetched.charset) == ("text/html", "utf-8")
    assert site.headers[-1]["user-agent"] == "Storeclerk/0"
    assert site.headers[-1]["host"] == site.host
    assert not any("cookie" in headers for headers in site.headers)


@pytest.mark.parametrize(
    ("path", "answer", "code"),
    [
        ("gone", Answer("", 410), "not_found"),
        ("missing", Answer("", 404), "not_found"),
        ("locked", Answer("", 401), "sign_in_needed"),
        ("forbidden", Answer("", 403), "forbidden"),
        ("busy", Answer("", 429, headers={"Retry-After": "99"}), "rate_limited"),
        ("broken", Answer("", 500), "server_error"),
        ("resting", Answer("", 503), "server_error"),
        ("teapot", Answer("", 418), "http_error"),
        ("loop", redirect("/loop"), "redirect_loop"),
        ("private", redirect("http://10.0.0.1/"), "private_redirect"),
        ("metadata", redirect("http://169.254.169.254/latest/"), "private_redirect"),
        ("other-port", redirect("http://127.0.0.1:1/"), "bad_address"),
        ("to-file", redirect("file:///etc/passwd"), "bad_address"),
        ("login-wall", redirect("/account/login"), "sign_in_needed"),
        ("picture", Answer(b"\x89PNG", media_type="image/png"), "not_html"),
        ("endless", endless, "too_large"),
        ("declared", Answer("x", headers={"Content-Length": "99000000"}), "too_large"),
        ("drip", dripping, "timeout"),
        ("bomb", gzipped(b"\0" * 30_000_000), "decompression_bomb"),
        ("brotli", Answer("x", headers={"Content-Encoding": "br"}), "unparsable"),
        ("broken-gzip", Answer("x" * 50, headers={"Content-Encoding": "gzip"}), "damaged"),
        ("cut", cut_off, "unreachable"),
    ],
)
async def test_bad_answer_is_named(site: Site, path: str, answer: object, code: str) -> None:
    site.add({f"/{path}": answer, "/account/login": page("Sign in", "<input type=password>")})
    patience = 1.0 if code == "timeout" else 10.0
    assert await failure(allowed(site, patience), f"{site.url}{path}") == code


async def test_chain_of_redirects_ends_after_five(site: Site) -> None:
    site.add({f"/{number}": redirect(f"/{number + 1}") for number in range(10)})
    assert await failure(allowed(site), f"{site.url}0") == "too_many_redirects"


async def test_loopback_is_private_unless_the_operator_allows_it(site: Site) -> None:
    plain = Fetcher(user_agent="x")
    assert await failure(plain, site.url) == "bad_address"
    assert await failure(plain, "http://127.0.0.1/") == "private_address"
    assert await failure(plain, "http://localhost/") == "private_address"


async def test_name_with_one_private_address_among_public_ones_is_refused() -> None:
    async def mixed(host: str, port: int) -> list[str]:
        return ["8.8.8.8", "10.0.0.1"]

    assert await failure(Fetcher(user_agent="x", resolver=mixed), "http://shop.example/") == "private_address"


async def test_name_is_resolved_once_and_pinned(site: Site) -> None:
    asked = []

    async def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    site.add({"/": page("Home", "hi")})
    fetcher = Fetcher(user_agent="x", allowed_private_hosts=(f"shop.example:{site.port}",), resolver=resolver)
    assert (await get(fetcher, f"http://shop.example:{site.port}/")).content
    assert asked == ["shop.example"]
    assert site.headers[-1]["host"] == f"shop.example:{site.port}"


async def test_own_pages_are_allowed_by_prefix_and_nothing_beside_them(site: Site) -> None:
    site.add({"/demo-shop/": page("Demo", "hi"), "/v1/me": "secret", "/demo-shop/out": redirect("/v1/me")})
    fetcher = Fetcher(user_agent="x", allowed_prefixes=(f"{site.url}demo-shop/",))
    assert (await get(fetcher, f"{site.url}demo-shop/")).content
    for path in ("v1/me", "demo-shop/../v1/me", "demo-shop/%2e%2e/v1/me", "demo-shop/out", "demo-shopping/"):
        assert await failure(fetcher, f"{site.url}{path}") == "bad_address"
    assert site.hits["/v1/me"] == 0


async def test_website_that_is_down_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{taken.getsockname()[1]}"
    assert await failure(Fetcher(user_agent="x", allowed_private_hosts=(host,)), f"http://{host}/") == "unreachable"


async def test_unknown_name_and_plain_server_under_https_are_named(site: Site) -> None:
    assert await failure(allowed(site), f"https://{site.host}/") in {"tls", "unreachable"}
    with pytest.raises(Unreadable, match="dns"):
        await resolve("no-such-name.invalid", 80)

    async def nothing(host: str, port: int) -> list[str]:
        return []

    assert await failure(Fetcher(user_agent="x", resolver=nothing), "http://shop.example/") == "dns"


async def test_redirect_from_https_to_http_is_refused() -> None:
    fetcher = Fetcher(user_agent="x")
    async with fetcher.session() as session:
        with pytest.raises(Unreadable, match="insecure_redirect"):
            session.next_hop(locate("https://example.com/"), "http://example.com/")


async def test_local_socket_is_never_opened() -> None:
    backend = PinnedBackend(private_allowed=True)
    await backend.sleep(0)
    with pytest.raises(Unreadable):
        await backend.connect_unix_socket("/var/run/docker.sock")


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]


async def test_body_is_counted_after_unpacking() -> None:
    content = bytes(range(256)) * 100
    assert await read_body(chunks(gzip.compress(content)), "gzip", 30_000) == content
    with pytest.raises(Unreadable, match="too_large"):
        await read_body(chunks(gzip.compress(content)), "gzip", 20_000)


def test_packed_file_is_unpacked_on_its_way() -> None:
    for piece, whole in ((gzip.compress(b"x" * 10), b"x" * 10), (b"<urlset/>", b"<urlset/>")):
        sieve = GzipSieve(10)
        sieve.add(piece[:5])
        sieve.add(piece[5:])
        assert sieve.content() == whole
    with pytest.raises(Unreadable, match="too_large"):
        GzipSieve(9).add(gzip.compress(b"x" * 10))


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [("7", 7.0), ("Sun, 22 Nov 2026 10:00:30 GMT", 30.0), ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0), ("soon", None)],
)
def test_pause_is_read_as_a_number_or_a_date(wait: str, seconds: float | None) -> None:
    assert pause_asked({"retry-after": wait, "date": "Sun, 22 Nov 2026 10:00:00 GMT"}) == seconds


async def test_unchanged_page_is_not_sent_again(site: Site) -> None:
    site.add({"/": tagged("v1", page("Home", "hi"))})
    async with allowed(site).session() as session:
        first = await session.get(site.url)
        again = await session.get(site.url, etag=first.etag, modified=first.modified)
    assert (first.etag, first.unchanged) == ('"v1"', False)
    assert (again.content, again.unchanged) == (b"", True)


async def test_more_ports_are_open_where_the_operator_says_so() -> None:
    fetcher = Fetcher(user_agent="x", more_ports=(8080, 8443))
    assert fetcher.check("https://shop.example:8443/").port == 8443
    assert await failure(fetcher, "http://127.0.0.1:8080/") == "private_address"
    assert await failure(fetcher, "http://shop.example:8081/") == "bad_address"


async def test_forwarding_that_waits_for_a_cookie_is_a_cookie_wall(site: Site) -> None:
    site.add({"/": Answer("", 302, headers={"Location": "/", "Set-Cookie": "seen=1"})})
    assert await failure(allowed(site), site.url) == "cookie_wall"


def test_every_failure_says_what_to_do() -> None:
    assert item_failure("x", "not_found", "404").reason.endswith("(404)")
    assert all(reason.endswith(".") and len(reason) > 30 for reason in REASONS.values())

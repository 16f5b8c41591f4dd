"""Pages reduced to their main content."""

# ruff: noqa: E501 - pages and data read best on one line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge.crawling.addresses import is_page, matches, normal_url, same_site
from engine.knowledge.crawling.state import mark
from engine.knowledge.failures import Unreadable
from engine.knowledge.pages.language import page_language
from engine.knowledge.pages.page import parse_page
from engine.knowledge.pages.titles import page_kind

URL = "https://www.shop.example/help/page"
LONG = "You may return what you bought within thirty days of receiving it, without giving a reason."


def text_of(body: str, head: str = "") -> str:
    return parse_page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), URL).text


def test_structure_is_kept_as_markdown() -> None:
    body = """<main><h1>Returns</h1><p>First<br>second <b>bold</b> <a href=x>link</a>.</p><h2>Steps ¶</h2>
    <ol start=2><li>Write<ul><li>by mail</li><li><p>or phone</p><p>in the day</p></li></ul></li><li>Send</li></ol>
    <dl><dt>Cost:</dt><dd>none</dd><dt>Label</dt></dl><blockquote><p>Quoted</p></blockquote><pre>a
  b</pre><hr><details><summary>How long?</summary>Five days.</details>
    <table><tr><th>Country</th><th>Days</th></tr><tr><td rowspan=2>BE|NL</td><td>1</td></tr><tr><td>2</td></tr></table>
    <table><tr><th>Volume</th><td>300 ml</td></tr><tr><th>Weight:</th><td>1 kg</td></tr></table>
    <table><tr><td>layout <p>cell</p></td></tr></table></main>"""
    assert text_of(body).split("\n\n") == [
        "First\nsecond bold link.", "## Steps",
        "2. Write\n  - by mail\n  - or phone\n    in the day\n3. Send",
        "- Cost: none\n- Label", "> Quoted", "```\na\n  b\n```", "### How long?", "Five days.",
        "| Country | Days |\n| --- | --- |\n| BE\\|NL | 1 |\n| BE\\|NL | 2 |",
        "- Volume: 300 ml\n- Weight: 1 kg", "layout", "cell",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">SECRET</p>',
        '<div style="visibility: hidden"><p>SECRET</p></div>',
        '<span style="font-size:2px">SECRET</span>',
        '<span style="font-size: 0">SECRET</span>',
        '<span style="color:#fff;background:white">SECRET</span>',
        '<span style="color: rgb(255, 255, 255); background-color:#FFFFFF">SECRET</span>',
        '<span style="color:transparent">SECRET</span>',
        '<p style="position:absolute;left:-9999px">SECRET</p>',
        '<p style="text-indent:-9999px">SECRET</p>',
        '<p style="opacity:0">SECRET</p>',
        "<p hidden>SECRET</p>",
        '<p class="trap">SECRET</p>',
        '<p id="trap2">SECRET</p>',
        '<p aria-hidden="true" class="sr-only">SECRET</p>',
        "<!-- SECRET --><template>SECRET</template><noscript>SECRET</noscript><script>SECRET</script>",
        "<p>\U000e0053\U000e0045\u200b</p>",
    ],
)
def test_hidden_text_is_not_learned(hidden: str) -> None:
    style = "<style>/* x */ .trap, #trap2 {display:none} @media print{.kept{display:none}}</style>"
    text = text_of(f'<main><p class="kept">{LONG}</p>{hidden}</main>', style)
    assert text == LONG


def test_panels_that_a_visitor_can_open_are_kept() -> None:
    body = (
        f'<main><p>{LONG}</p><button aria-controls="p1">?</button><div id="p1" hidden>One.</div>'
        '<div role="tabpanel" style="display:none">Two.</div><div class="accordion-body" hidden>Three.</div></main>'
    )
    assert text_of(body) == f"{LONG}\n\nOne.\n\nTwo.\n\nThree."


def test_trimmings_are_cut_away() -> None:
    body = (
        f'<main><header><nav>menu</nav></header><p>{LONG}</p><aside class="note">Note well.</aside><aside>Other shops'
        '</aside><div class="related-products">Buy more</div><div role="search">find</div><form>newsletter</form>'
        '<div itemprop="review">Great!</div><ul class="breadcrumb"><li>Home</li></ul></main>'
    )
    assert text_of(body) == f"{LONG}\n\nNote well."


def test_page_without_a_marked_main_part_loses_its_menus() -> None:
    menu = "<ul>" + "".join(f"<li><a href=/{number}>Item {number}</a></li>" for number in range(9)) + "</ul>"
    text = text_of(f"<div>{menu}</div><div><h2>Returns</h2><p>{LONG}</p><p>{LONG} Really.</p></div>")
    assert text == f"{LONG}\n\n{LONG} Really."


def test_page_of_mostly_links_is_left_to_the_other_extractor() -> None:
    links = "".join(f"<p>{LONG} <a href=/{number}>{LONG} {number}</a></p>" for number in range(6))
    assert LONG in text_of(f"<div>{links}</div>")


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Returns | Shop</title>", "<h1>Returns and refunds</h1>", "Returns and refunds"),
        ("<title>Returns – Shop</title>", "", "Returns"),
        ('<title>x</title><meta property="og:title" content="Our tea">', "", "Our tea"),
        (
            '<meta property="og:site_name" content="Tea Co"><title>Tea Co | Green tea | Sencha</title>',
            "",
            "Green tea | Sencha",
        ),
        ('<meta property="og:site_name" content="Tea Co"><title>T</title>', "<h1>Tea Co</h1>", "T"),
        (
            "<title>Shop - All for your garden and house</title>",
            "",
            "All for your garden and house",
        ),
        ("", "<h2>Second</h2>", "Second"),
        ("", "", "Page"),
    ],
)
def test_title_is_the_pages_own(head: str, body: str, title: str) -> None:
    assert parse_page(f"<html><head>{head}</head><body>{body}<p>{LONG}</p></body></html>".encode(), URL).title == title


@pytest.mark.parametrize(
    ("url", "title", "kind"),
    [
        ("https://x.example/products/mug", "Mug", "product"),
        ("https://x.example/policies/refund-policy", "Refunds", "policy"),
        ("https://x.example/pages/faq", "Questions", "faq"),
        ("https://x.example/blog/tea", "Tea", "blog"),
        ("https://x.example/a", "Versand und Lieferung", "policy"),
        ("https://x.example/contact", "Contact", "help"),
        ("https://x.example/about", "About us", "page"),
    ],
)
def test_kind_follows_address_and_title(url: str, title: str, kind: str) -> None:
    assert page_kind(url, title) == kind


def test_links_and_canonical_are_whole_addresses() -> None:
    body = (
        '<base href="/en/"><a href="tea">t</a><a href="#x">x</a><a href="mailto:a@b">m</a><a href="http://[bad">b</a>'
    )
    page = parse_page(f'<html><head><link rel="canonical" href="/en/x"></head><body>{body}'.encode(), URL)
    assert page.links == ("https://www.shop.example/en/tea",)
    assert page.canonical == "https://www.shop.example/en/x"


def test_faq_data_is_added_when_the_page_does_not_show_it() -> None:
    data = """{"@context":"https://schema.org","@type":"FAQPage","mainEntity":[
      {"@type":"Question","name":"Is it safe?","acceptedAnswer":{"@type":"Answer","text":"<p>Yes &amp; tested.</p>"}},
      {"@type":"Question","name":"Shown?","acceptedAnswer":{"text":"Shown already."}}, {"name": "", }]}"""
    page = parse_page(
        f'<html><body><main><p>{LONG} Shown already.</p></main><script type="application/ld+json">{data}</script>'.encode(),
        URL,
    )
    assert page.text.endswith("## Is it safe?\n\nYes & tested.")
    assert page.text.count("Shown already") == 1
    assert page.kind == "faq"


@pytest.mark.parametrize("content", ["häuslich".encode("cp1252"), "häuslich".encode("utf-16"), "häuslich".encode()])
def test_any_encoding_is_read(content: bytes) -> None:
    assert "häuslich" in parse_page(content, URL).text


def test_declared_encoding_is_believed_and_nothing_is_refused() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>łódź jest miastem</p></body></html>'
    assert "łódź" in parse_page(page.encode("iso-8859-2"), URL).text
    with pytest.raises(Unreadable):
        parse_page(b"", URL)


@pytest.mark.parametrize(("depth", "kept"), [(200, True), (3000, False)])
def test_deep_nesting_does_no_harm(depth: int, kept: bool) -> None:
    text = text_of("<div>" * depth + "deep in there, and quite long enough to count as text" + "</div>" * depth)
    assert ("deep" in text) is kept


def test_language_is_told_by_words_then_by_declaration() -> None:
    assert page_language("Wir liefern innerhalb von zwei Tagen nach Österreich und in die Schweiz.", "en-US") == "de"
    assert page_language("Hi", "fr-FR") == "fr"
    assert page_language("Hi") == ""


@given(st.text(max_size=40), st.text(max_size=40))
def test_normalising_an_address_twice_changes_nothing(path: str, query: str) -> None:
    once = normal_url(f"https://shop.example/{path}?{query}")
    assert once is None or normal_url(once) == once


@given(st.permutations(["b=2", "a=1", "utm_source=x", "gclid=9", "c=3"]))
def test_order_and_tracking_do_not_make_another_page(parts: list[str]) -> None:
    assert (
        normal_url(f"https://shop.example/x;jsessionid=1?{'&'.join(parts)}#f") == "https://shop.example/x?a=1&b=2&c=3"
    )


def test_one_page_has_one_mark() -> None:
    same = {"https://www.a.example/x/", "http://a.example/x", "https://a.example/x/index.html"}
    assert len({mark(url) for url in same}) == 1
    assert mark("https://a.example/x") != mark("https://a.example/y")


def test_sites_patterns_and_endings() -> None:
    assert same_site("https://www.a.example/x", ["a.example"], "https://a.example/")
    assert not same_site("https://b.example/x", ["a.example"], "https://a.example/")
    assert not same_site("https://a.example/y", ["a.example"], "https://a.example/x/")
    assert matches("https://a.example/help/x?y=1", ["/help/*"])
    assert matches("https://a.example/help/x", ["help"])
    assert not matches("https://a.example/blog", ["/help/*", "https://b*"])
    assert is_page("https://a.example/x.html")
    assert not is_page("https://a.example/x.JPG")
    assert normal_url("mailto:x") is None

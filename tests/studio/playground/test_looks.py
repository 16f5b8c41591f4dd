"""Answers as they look in channels: drawn from what the channels would send."""

import re
from html.parser import HTMLParser

from hypothesis import given

from studio.playground.looks import LOOKS, drawn, look_named
from tests.channel_adapters.replies import product, replies, reply

ALLOWED = {"div", "a", "img", "strong", "s", "ul", "li", "span", "br"}


class Reader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.words, self.attributes = set(), [], "", set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.links += [value for name, value in attributes if name in {"href", "src"}]

    def handle_data(self, data):
        self.words += data


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@given(replies)
def test_no_answer_carries_anything_of_its_own_into_the_page(made):
    for look in ("messenger", "slack"):
        html = drawn(made, look, ("What now?",))
        found = read(html)
        assert found.tags <= ALLOWED
        assert not {name for name in found.attributes if name.startswith("on") or name == "style"}
        assert all(link.startswith("https://") for link in found.links)
        assert re.search(r"\n", html) is None


def test_looks_differ_and_say_the_same():
    made = reply("**Yes** & <b>no</b>", products=(product(),))
    pages = {look: read(drawn(made, look)) for look in LOOKS.values()}
    assert all("Mug" in page.words and "€19.00" in page.words for page in pages.values())
    assert "Ask about it" in pages["messenger"].words
    assert "<b>no</b>" in pages["slack"].words
    assert "**" not in pages["messenger"].words + pages["slack"].words


def test_questions_are_offered_in_messenger_only_without_an_answer():
    from dataclasses import replace

    assert "look-quick" not in drawn(reply(), "messenger", ("What now?",))
    assert "look-quick" in drawn(replace(reply(), outcome="refused"), "messenger", ("What now?",))


def test_an_unknown_look_is_the_website_s():
    assert (look_named("slack"), look_named("fax"), look_named(None)) == ("slack", "website", "website")

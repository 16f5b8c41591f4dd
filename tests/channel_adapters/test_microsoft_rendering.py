"""Replies as activities of the Bot Framework."""

import re

from hypothesis import given
from hypothesis import strategies as st
from microsoft_agents.activity import Activity

from channel_adapters.microsoft import limits
from channel_adapters.microsoft.rendering import activities
from engine.domain.conversation import Citation
from tests.channel_adapters.replies import NOW, product, replies, reply, texts


@given(replies, st.lists(texts, max_size=8))
def test_every_reply_is_taken_by_microsofts_own_model_and_within_the_limits(made, suggestions):
    for activity in activities(made, suggestions):
        Activity.model_validate(activity)
        assert len(activity.get("text", "")) <= limits.TEXT + limits.SOURCES * (limits.TITLE * 2 + 2_100) + 10_000
        assert activity.get("text", "x").strip()
        assert len(activity.get("attachments", [])) <= limits.CARDS
        for card in activity.get("attachments", []):
            check(card["content"])
        assert len(activity.get("suggestedActions", {}).get("actions", [])) <= limits.ACTIONS


def check(content):
    assert 1 <= len(content["title"]) <= limits.TITLE
    assert len(content.get("subtitle", "")) <= limits.SUBTITLE
    links = [image["url"] for image in content.get("images", [])]
    links += [button["value"] for button in content.get("buttons", [])]
    assert all(link.startswith("https://") for link in links)


@given(texts)
def test_no_words_of_a_shop_become_a_mention_a_link_or_a_mark(text):
    (product_card,) = activities(reply("x", products=(product(title=text or "x"),)))[1]["attachments"]
    assert product_card["content"]["title"]
    for activity in activities(reply(text or "x")):
        bare = re.sub(r"\\.", "", activity["text"])
        assert "<" not in bare
        assert not re.search(r"\]\((?!https://)", bare)


def test_an_answer_holds_notice_text_sources_and_questions():
    cited = Citation("Delivery [x]", "https://shop.example/delivery", "q", "s", NOW)
    made = reply("**Yes**, see [page](https://shop.example/p).\n- 5 EUR", citations=(cited,), notice="I am an AI.")
    (activity,) = activities(made, ["Do you ship?", "And returns?"])
    assert activity["text"] == (
        "*I am an AI.*\n\n**Yes**, see [page](https://shop.example/p).\n\n• 5 EUR\n\n"
        "*Sources:* [Delivery \\[x\\]](https://shop.example/delivery)"
    )
    assert [one["value"] for one in activity["suggestedActions"]["actions"]] == ["Do you ship?", "And returns?"]


def test_products_are_a_carousel_of_cards():
    made = activities(reply("Two mugs.", products=tuple(product(id=str(n)) for n in range(12))))
    assert (made[1]["attachmentLayout"], len(made[1]["attachments"])) == ("carousel", 10)
    assert made[1]["attachments"][0] == {
        "contentType": "application/vnd.microsoft.card.hero",
        "content": {
            "title": "Mug",
            "subtitle": "€19.00 (was €24.00) · In stock",
            "images": [{"url": "https://shop.example/mug.png", "alt": "Mug"}],
            "tap": {"type": "openUrl", "title": "View", "value": "https://shop.example/mug"},
            "buttons": [{"type": "openUrl", "title": "View", "value": "https://shop.example/mug"}],
        },
    }

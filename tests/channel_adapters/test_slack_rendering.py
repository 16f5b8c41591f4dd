"""Replies as Slack messages."""

import re

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block, ContextBlock, SectionBlock

from channel_adapters.slack import limits
from channel_adapters.slack.rendering import slack_messages
from engine.domain.conversation import Citation
from tests.channel_adapters.platforms.slack import message_problems
from tests.channel_adapters.replies import NOW, product, replies, reply
from tests.channel_adapters.replies import texts as words

LINK = re.compile(r"<([^<>|]*)\|[^<>|]*>")


def texts(message):
    """Every mrkdwn text of a message."""
    for block in message["blocks"]:
        yield from (part["text"] for part in ([block["text"]] if "text" in block else block["elements"]))


@given(replies)
def test_every_reply_is_within_slack_s_limits_and_pings_nobody(made):
    messages = slack_messages(made)
    assert len(messages) <= limits.MESSAGES
    for message in messages:
        assert 1 <= len(message["blocks"]) <= limits.BLOCKS
        assert len(message["text"]) <= limits.FALLBACK_TEXT
        assert sum(map(len, texts(message))) <= limits.MESSAGE_TEXT
        for block in message["blocks"]:
            parsed = Block.parse(block)
            assert isinstance(parsed, SectionBlock | ContextBlock)
            parsed.validate_json()
            if isinstance(parsed, SectionBlock):
                assert 1 <= len(parsed.text.text) <= limits.SECTION_TEXT
            assert block.get("accessory", {}).get("image_url", "https://").startswith("https://")
        for text in (*texts(message), message["text"]):
            left = LINK.sub("", text)
            assert "<" not in left
            assert ">" not in left
            assert all(address.startswith("https://") for address in LINK.findall(text))
            assert re.search(r"&(?!amp;|lt;|gt;)", text) is None


def test_answer_card_and_sources_are_written_in_slack_s_marks():
    source = Citation("Delivery & returns", "https://shop.example/d", "q", "s", NOW, 2)
    made = reply("**Yes.** See [the page](https://shop.example/p).\n- one", products=(product(),), citations=(source,))
    (message,) = slack_messages(made)
    answer, card, sources = message["blocks"]
    assert answer["text"]["text"] == "*Yes.* See <https://shop.example/p|the page>.\n• one"
    assert card["text"]["text"] == "<https://shop.example/mug|Mug>\n*€19.00* ~€24.00~\nIn stock"
    assert card["accessory"] == {"type": "image", "image_url": "https://shop.example/mug.png", "alt_text": "Mug"}
    link = "<https://shop.example/d|Delivery &amp; returns, page 2>"
    assert sources["elements"][0]["text"] == f"Sources: {link}"


def test_a_product_called_channel_notifies_nobody():
    (message,) = slack_messages(reply("<!channel> sale & more", products=(product(title="<!channel>", url=""),)))
    assert message["blocks"][0]["text"]["text"] == "&lt;!channel&gt; sale &amp; more"
    assert message["blocks"][1]["text"]["text"].startswith("&lt;!channel&gt;\n")
    assert message["blocks"][0]["text"]["verbatim"] is True


def test_a_script_link_is_words_and_a_local_one_only_where_the_shop_is_tried():
    assert slack_messages(reply("[x](javascript:alert(1))"))[0]["text"].startswith("x")
    local = reply(products=(product(image_url="http://127.0.0.1:1/a.png"),))
    assert "accessory" not in slack_messages(local)[0]["blocks"][1]
    assert "accessory" in slack_messages(local, on_this_machine=True)[0]["blocks"][1]


def test_a_long_answer_is_cut_at_sentences_and_keeps_its_words():
    text = " ".join(f"This is sentence number {number} of a long answer." for number in range(200))
    blocks = [block for message in slack_messages(reply(text)) for block in message["blocks"]]
    parts = [block["text"]["text"] for block in blocks]
    assert len(parts) > 1
    assert all(part.endswith(".") for part in parts)
    assert " ".join(parts) == text


def test_twelve_products_are_shown_as_ten():
    blocks = slack_messages(reply(products=tuple(product(title=f"Mug {n}") for n in range(12))))[0]["blocks"]
    assert sum("accessory" in block for block in blocks) == limits.CARDS


@given(replies, st.lists(words, max_size=7))
def test_cards_and_questions_are_such_as_slack_takes_with_their_list_beside_them(made, suggestions):
    plain = slack_messages(made, suggestions)
    shown = slack_messages(made, suggestions, cards=True)
    assert [one.get("plainer", one["blocks"]) for one in shown] == [one["blocks"] for one in plain]
    assert len(plain) <= limits.MESSAGES
    for message in (*plain, *shown):
        assert message_problems({"text": message["text"], "blocks": message["blocks"]}) == []
    carousels = [block for one in shown for block in one["blocks"] if block["type"] == "carousel"]
    assert sum(len(block["elements"]) for block in carousels) == min(len(made.products), limits.CARDS)
    rows = [block for one in plain for block in one["blocks"] if block["type"] == "actions"]
    asked = [question for question in suggestions if 0 < len(question.strip()) <= limits.BUTTON_VALUE]
    assert sum(len(row["elements"]) for row in rows) == (min(len(asked), limits.ACTIONS) if plain else 0)


def test_a_card_says_what_its_row_says():
    (message,) = slack_messages(reply(products=(product(title="<!channel> & Co"),)), cards=True)
    card = message["blocks"][1]["elements"][0]
    assert card["title"]["text"] == "&lt;!channel&gt; &amp; Co"
    assert card["subtitle"]["text"] == "€19.00 (was €24.00)"
    assert card["body"]["text"] == "In stock"
    assert card["hero_image"]["image_url"] == "https://shop.example/mug.png"
    assert card["actions"][0]["url"] == "https://shop.example/mug"

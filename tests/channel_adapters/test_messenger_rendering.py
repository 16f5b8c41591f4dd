"""Replies as messages of Messenger's Send API."""

from hypothesis import given
from hypothesis import strategies as st

from channel_adapters.meta import limits
from channel_adapters.meta.rendering import messenger_messages
from tests.channel_adapters.replies import product, replies, reply, texts


@given(replies, st.lists(texts, max_size=20))
def test_every_reply_is_within_messenger_s_limits(made, suggestions):
    messages = messenger_messages(made, suggestions)
    for message in messages:
        assert ("text" in message) != ("attachment" in message)
        if "text" in message:
            assert message["text"].strip()
            assert len(message["text"]) <= limits.TEXT
        else:
            elements = message["attachment"]["payload"]["elements"]
            assert 1 <= len(elements) <= limits.ELEMENTS
            for element in elements:
                check(element)
        for quick in message.get("quick_replies", ()):
            assert 1 <= len(quick["title"]) <= limits.QUICK_REPLY_TITLE
            assert 1 <= len(quick["payload"]) <= limits.PAYLOAD
        assert len(message.get("quick_replies", ())) <= limits.QUICK_REPLIES
    assert not any("quick_replies" in message for message in messages[:-1])


def check(element):
    assert 1 <= len(element["title"]) <= limits.ELEMENT_TITLE
    assert len(element) >= 2
    assert len(element.get("subtitle", "")) <= limits.ELEMENT_SUBTITLE
    assert 1 <= len(element["buttons"]) <= 3
    links = [element.get("image_url"), element.get("default_action", {}).get("url")]
    for button in element["buttons"]:
        assert 1 <= len(button["title"]) <= limits.BUTTON_TITLE
        assert len(button.get("payload", "")) <= limits.PAYLOAD
        links.append(button.get("url"))
    assert all(link.startswith("https://") for link in links if link is not None)


def test_marks_are_taken_off_and_links_written_out():
    (message,) = messenger_messages(
        reply("## Yes\n**Bold** [page](https://shop.example/p) [x](javascript:alert(1))\n- one")
    )
    assert message["text"].startswith("Yes\nBold page (https://shop.example/p) x")
    assert "javascript" not in message["text"].split(")")[0]
    assert message["text"].endswith("• one")


def test_a_card_holds_price_stock_picture_and_two_buttons():
    element = messenger_messages(reply(products=(product(),)))[1]["attachment"]["payload"]["elements"][0]
    assert element == {
        "title": "Mug",
        "subtitle": "€19.00 (was €24.00) · In stock",
        "image_url": "https://shop.example/mug.png",
        "default_action": {"type": "web_url", "url": "https://shop.example/mug"},
        "buttons": [
            {"type": "web_url", "url": "https://shop.example/mug", "title": "View"},
            {"type": "postback", "title": "Ask about it", "payload": "Tell me more about Mug"},
        ],
    }


def test_a_long_answer_is_cut_at_sentences_and_keeps_its_words():
    text = " ".join(f"This is sentence number {number} of a long answer." for number in range(120))
    parts = [message["text"] for message in messenger_messages(reply(text))]
    assert len(parts) > 1
    assert all(part.endswith(".") for part in parts)
    assert " ".join(parts) == text


def test_suggested_questions_hang_on_the_last_message_and_come_back_whole():
    question = "How long can I return what I bought?"
    messages = messenger_messages(reply(products=(product(),)), [question, question, " "])
    assert "quick_replies" not in messages[0]
    assert messages[1]["quick_replies"] == [{"content_type": "text", "title": "How long can I…", "payload": question}]

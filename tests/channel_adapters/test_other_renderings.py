"""Replies as messages of Instagram and WhatsApp."""

from hypothesis import given
from hypothesis import strategies as st

from channel_adapters.meta import limits
from channel_adapters.meta.other_renderings import byte_parts, instagram_messages, whatsapp_messages
from tests.channel_adapters.platforms.graph import Graph
from tests.channel_adapters.replies import product, replies, reply, texts
from tests.channel_adapters.test_messenger_rendering import check


@given(replies, st.lists(texts, max_size=8))
def test_every_reply_is_within_instagrams_limits(made, suggestions):
    for message in instagram_messages(made, suggestions):
        if "text" in message:
            assert message["text"].strip()
            assert len(message["text"].encode()) <= limits.INSTAGRAM_BYTES
        else:
            for element in message["attachment"]["payload"]["elements"]:
                check(element)
        assert len(message.get("quick_replies", ())) <= limits.QUICK_REPLIES


@given(texts, st.integers(4, 200))
def test_parts_by_bytes_fit_and_lose_nothing_but_blanks(text, most):
    parts = byte_parts(text, most)
    assert all(len(part.encode()) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(replies, st.lists(texts, max_size=8))
def test_every_reply_is_within_whatsapps_limits(made, suggestions):
    for message in whatsapp_messages(made, suggestions):
        if message["type"] == "text":
            assert 1 <= len(message["text"]["body"]) <= limits.WHATSAPP_TEXT
            assert message["text"]["body"].strip()
            continue
        if message["interactive"]["type"] == "list":
            of_a_list(message["interactive"])
            continue
        buttons = [button["reply"] for button in message["interactive"]["action"]["buttons"]]
        assert 1 <= len(buttons) <= limits.WHATSAPP_BUTTONS
        assert len({button["title"] for button in buttons}) == len(buttons)
        for button in buttons:
            assert 1 <= len(button["title"]) <= limits.WHATSAPP_BUTTON_TITLE
            assert 1 <= len(button["id"]) <= limits.WHATSAPP_BUTTON_ID


def of_a_list(interactive):
    graph = Graph()
    graph.list_message(interactive)
    assert graph.broken_rules == []


def test_whatsapp_shows_marks_products_and_questions():
    made = whatsapp_messages(
        reply("**Yes**, see [page](https://shop.example/p)\n- one", products=(product(), product(id="2", title="Cup"))),
        ["Where is your workshop, and when is it open?"],
    )
    assert made[0]["text"]["body"] == "*Yes*, see page (https://shop.example/p)\n• one"
    assert made[1]["text"]["body"].split("\n\n")[0] == "*Mug*\n€19.00 (was €24.00) · In stock\nhttps://shop.example/mug"
    assert rows_of(made[2])[0] == {"id": "Mug", "title": "Mug", "description": "€19.00 · In stock"}
    question = "Where is your workshop, and when is it open?"
    assert rows_of(made[3]) == [{"id": question, "title": "Where is your…", "description": question}]


def rows_of(message):
    assert message["interactive"]["type"] == "list"
    return message["interactive"]["action"]["sections"][0]["rows"]


def test_short_questions_are_buttons_and_many_are_a_list():
    short = ["Do you deliver?", "Where are you?", "Open on Sundays?"]
    buttons = whatsapp_messages(reply("No."), short)[-1]["interactive"]["action"]["buttons"]
    assert [button["reply"]["title"] for button in buttons] == short
    many = [f"Question {number}?" for number in range(12)]
    assert [row["id"] for row in rows_of(whatsapp_messages(reply("No."), many)[-1])] == many[:10]


def test_one_title_is_nothing_to_choose_from():
    made = whatsapp_messages(reply("We have these.", products=(product(), product(id="2"))))
    assert [message["type"] for message in made] == ["text", "text"]


def test_variants_can_be_told_apart():
    mugs = tuple(product(id=one, title=f"Handmade stoneware mug, {one}") for one in ("blue", "green"))
    rows = rows_of(whatsapp_messages(reply("We have these.", products=mugs))[-1])
    assert [row["description"] for row in rows] == [
        "€19.00 · In stock · Handmade stoneware mug, blue", "€19.00 · In stock · Handmade stoneware mug, green",
    ]  # fmt: skip


def test_a_question_is_one_line():
    (button,) = whatsapp_messages(reply("No."), ["Do you\n deliver?"])[-1]["interactive"]["action"]["buttons"]
    assert button["reply"] == {"id": "Do you deliver?", "title": "Do you deliver?"}


def test_several_products_are_chosen_from():
    products = tuple(product(id=str(number), title=f"{number} *Teapot* of a very long name") for number in range(12))
    rows = rows_of(whatsapp_messages(reply("We have these.", products=products))[-1])
    assert len(rows) == 10
    assert rows[0]["id"] == "0 Teapot of a very long name"
    assert rows[0]["title"] == "0 Teapot of a very…"

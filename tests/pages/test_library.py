"""What it learned, and what would answer a question: looking through it, and putting it right."""

import pytest

from studio.knowledge_client import Knowledge
from studio.knowledge_records import LookUp, Passage, Pin, Product
from studio.library import document_key
from studio.lookup import closeness_words, verdict
from studio.product_cards import prices
from tests.pages.test_making import button, field, texts
from tests.pages.test_sources import html, picker, toggle
from tests.studio.knowledge_contract import product


@pytest.fixture
def knowledge(signed_in, bot):
    return Knowledge(signed_in, bot.id)


def opened(app):
    """The library with the first page of the first source opened."""
    at = app("library")
    return button(at, "Open").click().run()


def test_the_pages_of_a_source_are_listed_a_part_at_a_time(app, bot):
    at = app("library")
    assert not at.exception
    assert picker(at, "From").options == ["demo shop · Website"]
    assert len([item for item in at.button if item.label == "Open"]) == 20
    assert "**Shipping \\*fast\\***" in texts(at)
    assert "terms and rules · 3 passages · read " in texts(at)
    button(at, "More pages").click().run()
    assert "**Page 39**" in texts(at)


def test_passages_know_their_place(app, bot):
    at = opened(app)
    assert not at.exception
    said = texts(at)
    assert "Abroad › France · page 2 · [open](https://demo.example/shipping#page=2)" in said
    assert "[Open the page](https://demo.example/shipping)" in said
    button(at, "Back to the list").click().run()
    assert document_key(bot.id) not in at.session_state


def test_a_passage_is_left_out_and_taken_back(app, engine, bot):
    at = opened(app)
    button(at, "Leave out").click().run()
    assert not at.exception
    (correction,) = engine.corrections[bot.id].values()
    assert (correction["kind"], correction["digest"]) == ("exclude", "x0")
    assert "Left out: no answer uses this" in texts(at)
    button(at, "Undo").click().run()
    assert not engine.corrections[bot.id]


def test_a_passage_is_worded_anew(app, engine, bot):
    at = opened(app)
    toggle(at, "Edit").set_value(True).run()
    next(item for item in at.text_area if item.label == "What it shall say").input("It is free.")
    button(at, "Save").click().run()
    assert not at.exception
    (correction,) = engine.corrections[bot.id].values()
    assert (correction["kind"], correction["text"]) == ("edit", "It is free.")
    assert "It is free\\." in texts(at)
    assert not [item for item in at.text_area if item.label == "What it shall say"]


def test_corrections_are_listed_and_undone(app, engine, bot, knowledge):
    knowledge.correct("d1", 0, None)
    knowledge.correct("d1", 1, "It is free.")
    at = app("library", library_tabs="Put right by hand")
    said = texts(at)
    assert "left out" in said
    assert "Now: It is free\\." in said
    button(at, "Undo").click().run()
    assert not at.exception
    assert [item["kind"] for item in engine.corrections[bot.id].values()] == ["exclude"]


def test_without_corrections_it_says_how_to_make_one(app, bot):
    assert "Nothing was put right by hand" in texts(app("library", library_tabs="Put right by hand"))


def test_products_are_searched_and_filtered_by_the_engine(app, engine, bot):
    at = app("library", library_tabs="Products")
    assert html(at).count('class="sc-card"') == 24
    assert "Mug &lt;3&gt;" in html(at)
    assert "12.90 EUR to 15.00 EUR" in html(at)
    button(at, "More products").click().run()
    assert engine.looked_up[-1] == {"limit": "24", "cursor": "24", "order": "relevance"}
    field(at, "Find products").input("mug")
    next(item for item in at.number_input if item.label == "Price to").set_value(20.0)
    field(at, "Size").input("M")
    field(at, "Colour").input("blue")
    field(at, "Brand").input("Kiln")
    picker(at, "Stock").select("in_stock")
    picker(at, "First come the").select("price").run()
    assert not at.exception
    assert engine.looked_up[-1] == {
        "limit": "24", "query": "mug", "most_price": "20.0", "size": "M", "colour": "blue", "brand": "Kiln",
        "availability": "in_stock", "order": "price",
    }  # fmt: skip


def test_a_search_without_a_hit_says_what_to_do(app, bot):
    at = app("library", library_tabs="Products", products_query="nothing")
    assert "No product fits. Take a filter away." in texts(at)


def test_an_untrained_bot_is_sent_to_training(app, engine, signed_in):
    bot = signed_in.create_bot("New")
    assert button(app("library"), "Give it words")
    Knowledge(signed_in, bot.id).add("text", {"title": "Hours", "text": "Nine"})
    assert button(app("library"), "Train it first")
    assert button(app("answers"), "Train it first")


def test_deleted_sources_are_not_looked_through(app, engine, bot):
    engine.sources[bot.id] = {}
    assert "All its sources were deleted" in texts(app("library"))


def look_up(app, question):
    at = app("answers")
    field(at, "A question").input(question)
    at = button(at, "Look it up").click().run()
    assert not at.exception
    return at


def test_a_question_shows_what_would_answer_it_and_why(app, engine, bot):
    at = look_up(app, "Do you ship to France?")
    assert engine.looked_up == [{"question": "Do you ship to France?", "limit": 8}]
    assert "It would answer from these passages. Very sure (80 % sure, and it takes 40 % to answer)." in texts(at)
    assert "It is about the same; holds the words france, shipping." in texts(at)
    assert "Left out, as you wished" in [item.value for item in at.subheader]
    assert at.table[0].value["Score"].tolist() == ["0.710"]


def test_a_question_that_would_be_refused_says_what_to_do(app, bot):
    at = look_up(app, "unknown")
    assert "It would say that it does not know. Not sure enough (10 % sure" in at.warning[0].value
    assert "Pin an answer below" in at.warning[0].value


def test_a_found_passage_is_left_out_at_once(app, engine, bot):
    at = look_up(app, "Do you ship to France?")
    button(at, "Leave out").click().run()
    assert [item["digest"] for item in engine.corrections[bot.id].values()] == ["x1"]


def test_an_answer_is_pinned_with_further_wordings_and_deleted(app, engine, bot):
    at = look_up(app, "unknown")
    next(item for item in at.text_area if item.label.startswith("Other ways")).input("Who knows?\n\n Anyone? ")
    next(item for item in at.text_area if item.label.startswith("Your answer")).input("We do.")
    button(at, "Pin this answer").click().run()
    assert not at.exception
    (pin,) = engine.pins[bot.id].values()
    assert (pin["questions"], pin["answer"]) == (["unknown", "Who knows?", "Anyone?"], "We do.")
    assert "It gives your pinned answer." in texts(at)
    button(at, "Delete").click().run()
    assert not engine.pins[bot.id]
    assert "No answer is pinned yet." in texts(at)


def test_an_empty_pin_is_refused_in_words(app, engine, bot):
    at = look_up(app, "unknown")
    button(at, "Pin this answer").click().run()
    assert at.error[0].value == "Write an answer of 1 to 5,000 characters."


def test_how_a_bot_decides_is_said_in_words():
    assert verdict(LookUp(confidence=0.0, least_confidence=0.4, would_answer=False))[0].endswith("Nothing was found.")
    pinned = LookUp(
        confidence=0.0, least_confidence=0.4, would_answer=True, pin=Pin(id="p", questions=("Q",), answer="A")
    )
    assert verdict(pinned) == ("It gives your pinned answer.", "")
    assert [closeness_words(value) for value in (0.9, 0.5, 0.1)] == [
        "says nearly the same", "is about something close", "is about something else",
    ]  # fmt: skip


def test_prices_of_products_are_said():
    found = Product.model_validate(product(1))
    assert prices(found) == "12.90 EUR to 15.00 EUR"
    assert prices(found.model_copy(update={"variants": (), "price": found.variants[0].price})) == "12.90 EUR"
    assert prices(found.model_copy(update={"variants": ()})) == "no price stated"
    bare = Product.model_validate(product(1) | {"price": {"amount": "5", "currency": "XXX"}, "variants": []})
    assert prices(bare).endswith(", currency not chosen")
    assert Passage(id="a", document="b").headings == ()


def test_a_version_made_by_a_sync_says_so(app, engine, bot):
    engine.versions[bot.id][0] |= {"origin": "sync", "replaces": 1, "status": "live"}
    engine.versions[bot.id][0]["note"] = "It passed its tests and took the place of version 1."
    engine.bots[bot.id]["live"] = 1
    words = "Made by itself because your sources changed. It passed its tests and took the place of version 1"
    assert words in texts(app("train")).replace("\\", "")
    at = app("live")
    assert words in texts(at).replace("\\", "")
    assert words in at.dataframe[-1].value["Remark"][0]


SUGGESTION = {"id": "m1", "conversation": "c1", "question": "Do you engrave\ninitials?", "member": "ann@shop.example",
              "answer": "Call me at +32 470 0301.", "at": "2026-05-04T12:00:00+00:00",
              "personal": [{"kind": "phone", "text": "+32 470 0301"}]}  # fmt: skip


def test_what_a_person_answered_is_used_once_nothing_in_it_is_a_customers(app, engine, bot):
    engine.suggestions = {"m1": dict(SUGGESTION)}
    at = app("answers")
    assert not at.exception
    assert "You answered this yourself" in [item.value for item in at.subheader]
    assert "\\+32 470 0301 (a telephone number)" in at.warning[0].value
    button(at, "Use it").click().run()
    assert "Take out what belongs to one customer" in at.error[0].value
    next(item for item in at.text_area if item.label.startswith("The answer")).input("Yes, in a week.")
    button(at, "Use it").click().run()
    assert not at.exception
    (pin,) = engine.pins[bot.id].values()
    assert (pin["questions"], pin["answer"]) == (["Do you engrave initials?"], "Yes, in a week.")
    assert "You answered this yourself" not in [item.value for item in at.subheader]


def test_what_belongs_to_the_shop_is_used_once_it_is_checked(app, engine, bot):
    engine.suggestions = {"m1": dict(SUGGESTION)}
    at = app("answers")
    next(item for item in at.checkbox if item.label.startswith("I have checked")).check()
    button(at, "Use it").click().run()
    assert [pin["answer"] for pin in engine.pins[bot.id].values()] == [SUGGESTION["answer"]]


def test_what_a_person_answered_is_put_aside(app, engine, bot):
    engine.suggestions = {"m1": dict(SUGGESTION, personal=[])}
    at = app("answers")
    assert not at.warning
    button(at, "Not this one").click().run()
    assert (engine.dismissed, engine.suggestions) == (["m1"], {})

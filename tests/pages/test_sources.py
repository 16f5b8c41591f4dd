"""What your bot knows: freshness, readings held back, columns of a product list, questions and answers."""

import pytest

from tests.pages.test_making import button, field, texts
from tests.studio import contract
from tests.studio.knowledge_contract import FAILURE, LATER, source_record

PAIRS = [{"question": f"Question {number}?", "answer": f"Answer {number}."} for number in range(12)]


def html(at):
    return " ".join(item.body for item in at.get("html"))


def toggle(at, label, at_place=0):
    return [item for item in at.toggle if item.label == label][at_place]


def picker(at, label):
    return next(item for item in at.selectbox if item.label == label)


@pytest.fixture
def site(engine, bot):
    """The demo shop's website as the engine keeps it."""
    return engine.sources[bot.id]["s1"]


def add(engine, bot, kind, named, /, **options):
    engine.sources[bot.id]["s2"] = source_record("s2", kind, named, options)
    return engine.sources[bot.id]["s2"]


def test_a_source_shows_its_state_age_and_limit(app, site):
    site["freshness"]["next_at"] = "2999-01-01T00:00:00Z"
    said = texts(app("knowledge"))
    assert "**demo shop** · Website" in said
    assert "**Partly read** · 3 pages · 1 product · at most 200 pages · Read " in said
    assert "next reading in " in said


def test_a_failed_source_says_why_and_which_copy_is_used(app, site):
    site["freshness"] |= {"state": "failed", "reason": "The website did not answer."}
    said = texts(app("knowledge"))
    assert "**Could not be read** · 3 pages" in said
    assert "last good reading" in said
    assert "The website did not answer\\." in said


def test_a_source_is_read_now_watched_and_stopped(app, site):
    at = app("knowledge")
    button(at, "Read now").click().run()
    assert not at.exception
    assert at.get("progress")[0].text == "3 of 12 so far"
    assert "Being read" in texts(at)
    toggle(at, "Show what is being read").set_value(True).run()
    assert "Demo &lt;shop&gt;" in html(at)
    button(at, "Stop").click().run()
    assert not site["is_reading"]
    assert not at.run().get("progress")


def test_a_reading_that_has_not_begun_is_waited_for(app, engine, site):
    engine.slow_to_start = True
    at = app("knowledge")
    button(at, "Read now").click().run()
    assert at.get("progress")[0].text == "Beginning to read"
    site["freshness"]["last_attempt_at"] = LATER
    assert not at.run().get("progress")


def test_how_often_it_is_read_is_chosen_in_words(app, site):
    at = app("knowledge")
    assert picker(at, "Read again").value == 0
    picker(at, "Read again").select(10080).run()
    assert not at.exception
    assert site["schedule_minutes"] == 10080
    assert "every 15 minutes" in picker(at, "Read again").options


def test_what_lies_with_us_has_no_schedule(app, engine, bot):
    engine.sources[bot.id] = {}
    add(engine, bot, "text", "Hours", title="Hours", text="Nine to five")
    at = app("knowledge")
    assert not [item for item in at.selectbox if item.label == "Read again"]
    assert not [item for item in at.button if item.label == "Read now"]


@pytest.mark.parametrize(("answer", "pages"), [("Use the smaller reading", 1), ("Keep what was there", 3)])
def test_a_smaller_reading_asks_which_counts(app, site, answer, pages):
    site["held"] = {"at": contract.NOW, "documents": 1, "products": 0}
    site["freshness"] |= {"state": "held", "reason": "Only 1 of 3 pages were found this time."}
    at = app("knowledge")
    assert "Before (04 May 2026, 12:00 UTC): 3 pages, 1 product." in at.warning[0].value
    assert "Now (04 May 2026, 12:00 UTC): 1 page, 0 products." in at.warning[0].value
    button(at, answer).click().run()
    assert not at.exception
    assert (site["documents"], site["held"]) == (pages, None)


def test_remarks_stand_apart_from_failures(app, site):
    site["failures"] = [
        FAILURE,
        {"item": "terms.pdf", "reason": "It holds hidden text.", "code": "hidden_text"},
        {"item": "/cart", "reason": "robots.txt asks to.", "code": "robots"},
    ]
    at = app("knowledge")
    labels = [item.label for item in at.expander]
    assert "1 item could not be read" in labels
    assert "1 remark" in labels


def test_private_columns_are_named_as_left_out(app, site):
    site["excluded_columns"] = ["Cost price", "Supplier"]
    assert "Left out: Cost price, Supplier – your own business" in texts(app("knowledge"))


def test_everything_a_reading_met_is_listed_a_part_at_a_time(app, engine, site):
    engine.long_readings = 30
    at = app("knowledge")
    toggle(at, "Details").set_value(True).run()
    assert not at.exception
    said = html(at)
    assert "<b>Learned, with a remark:</b> terms.pdf<p>It holds hidden text.</p>" in said
    assert "<b>Left out:</b>" in said
    assert said.count("<b>Could not be read:</b>") == 12
    button(at, "More items").click().run()
    assert "Page 2" in texts(at)
    button(at, "Earlier items").click().run()
    assert "Page 1" in texts(at)


def test_the_settings_of_a_website_are_changed(app, site):
    at = app("knowledge")
    toggle(at, "Details").set_value(True).run()
    at.session_state["details_s1"] = "Settings"
    at.run()
    limits = [item for item in at.number_input if item.label == "Most pages"]
    assert limits[-1].value == 200
    limits[-1].set_value(500)
    button(at, "Save").click().run()
    assert not at.exception
    assert site["options"]["max_pages"] == 500


def test_files_that_can_be_read_are_named_by_the_engine(app, bot):
    assert set(app("knowledge").file_uploader[0].proto.type) >= {".pdf", ".docx", ".csv", ".json", ".gz"}


def test_a_refused_file_is_named(app, engine, bot):
    at = app("knowledge")
    at.file_uploader[0].upload("locked.pdf", b"%PDF", "application/pdf").run()
    button(at, "Add these files").click().run()
    assert "protected with a password" in at.error[0].value
    assert list(engine.sources[bot.id]) == ["s1"]


def test_a_bad_file_keeps_no_good_one_out_and_is_named_with_its_reason(app, engine, bot):
    at = app("knowledge")
    names = ("terms.txt", "locked.pdf", "empty.txt", "hours.txt")
    at.file_uploader[0].set_value([(name, b"x", "text/plain") for name in names]).run()
    button(at, "Add these files").click().run()
    assert not at.exception
    titles = [source["title"] for source in engine.sources[bot.id].values()]
    assert titles[1:] == ["terms.txt", "hours.txt"]
    said = at.error[0].value.replace("\\", "")
    assert said.startswith("**2 files could not be added:**")
    assert [line for line in said.splitlines() if line.startswith("- ")] == [
        "- 'locked.pdf': This file is protected with a password.",
        "- 'empty.txt': This file is empty.",
    ]
    assert "2 added" in [toast.value for toast in at.toast]
    assert button(at, "Add these files").disabled, "the list is empty for the next ones"
    at.file_uploader[0].upload("more.txt", b"x", "text/plain").run()
    button(at, "Add these files").click().run()
    assert not at.error


def test_a_product_list_leads_to_its_columns(app, engine, bot):
    at = app("knowledge")
    at.file_uploader[0].upload("products.csv", b"Name,Price\n", "text/csv").run()
    button(at, "Add these files").click().run()
    assert not at.exception
    said = texts(at)
    assert "table of products" in said
    assert "There are prices without a currency" in said
    assert "Cost – It says what you pay\\." in said
    assert "It may say from whom you buy." in html(at)
    assert "Mug &lt;1&gt;" in html(at)
    assert "12.90 EUR to 15.00 EUR" in html(at)
    assert "It has no title." in html(at)


def test_columns_are_chosen_and_the_list_is_read_again(app, engine, bot):
    feed = add(engine, bot, "feed", "products.csv", filename="products.csv")
    at = app("knowledge", opened_s2=True)
    picker(at, "Currency of prices that name none").select("EUR")
    picker(at, "“Vendor” is").select("brand")
    button(at, "Save and read it again").click().run()
    assert not at.exception
    assert (feed["options"]["mapping"], feed["options"]["currency"]) == ({"Vendor": "brand"}, "EUR")
    assert feed["is_reading"]
    assert at.get("progress")
    feed["is_reading"] = False
    assert picker(at.run(), "Currency of prices that name none").value == "EUR"


def test_whether_prices_count_cents_is_asked_and_always_sent(app, engine, bot):
    engine.columns = {"asks_price_unit": True}
    feed = add(engine, bot, "feed", "products.json")
    at = app("knowledge", opened_s2=True)
    assert "Does 1290 mean 1290 whole, or cents?" in texts(at)
    at.radio[0].set_value("price_cents")
    button(at, "Save and read it again").click().run()
    assert feed["options"]["mapping"] == {"Price": "price_cents"}


def test_columns_that_cannot_be_used_say_why(app, engine, bot):
    add(engine, bot, "feed", "products.csv")
    at = app("knowledge", opened_s2=True)
    picker(at, "“Name” is").select("")
    button(at, "Save and read it again").click().run()
    assert "names the product" in at.error[0].value


def test_a_well_known_export_needs_no_choice(app, engine, bot):
    engine.columns = {"editable": False, "asks_currency": False, "label": "Shopify export"}
    add(engine, bot, "feed", "products.csv")
    at = app("knowledge", opened_s2=True)
    assert "and it knows its columns" in texts(at)
    assert not [item for item in at.button if item.label.startswith("Save")]
    assert "<b>Vendor</b> – left out" in html(at)


@pytest.fixture
def questions(engine, bot):
    return add(engine, bot, "faq", "Gifts", pairs=[dict(pair) for pair in PAIRS])


def test_a_question_is_changed(app, questions):
    at = app("knowledge", opened_s2=True)
    next(item for item in at.text_input if item.value == "Question 0?").input("What is new?")
    at = press_in_list(at, "Save")
    assert questions["options"]["pairs"][0] == {"question": "What is new?", "answer": "Answer 0."}
    assert len(questions["options"]["pairs"]) == 12
    assert questions["title"] == "Gifts"
    assert questions["is_reading"]


def press_in_list(at, label):
    at = next(item for item in at.button if item.label == label).click().run()
    assert not at.exception
    return at


def test_a_question_is_deleted(app, questions):
    press_in_list(app("knowledge", opened_s2=True), "Delete this question")
    assert [pair["question"] for pair in questions["options"]["pairs"]][:2] == ["Question 1?", "Question 2?"]


def test_the_last_question_is_not_deleted_by_itself(app, questions):
    questions["options"]["pairs"] = PAIRS[:1]
    at = press_in_list(app("knowledge", opened_s2=True), "Delete this question")
    assert "Delete the whole list instead" in texts(at)
    assert len(questions["options"]["pairs"]) == 1


def test_long_lists_are_leafed_through_and_searched(app, questions):
    at = app("knowledge", opened_s2=True)
    asked = [item.label for item in at.expander if item.label.startswith("Question")]
    assert len(asked) == 10
    at.number_input(key="pair_page_s2").set_value(2).run()
    assert [item.label for item in at.expander if item.label.startswith("Question")] == ["Question 10?", "Question 11?"]
    at.text_input(key="find_pair_s2").set_value("answer 7").run()
    assert [item.label for item in at.expander if item.label.startswith("Question")] == ["Question 7?"]


def test_a_question_is_added_to_a_list(app, questions):
    at = app("knowledge", opened_s2=True)
    field(at, "New question").input("Do you gift-wrap?")
    next(item for item in at.text_area if item.label == "Its answer").input("Yes.")
    press_in_list(at, "Add it")
    assert questions["options"]["pairs"][-1] == {"question": "Do you gift-wrap?", "answer": "Yes."}


def test_pasted_questions_are_shown_before_they_are_added(app, questions):
    at = app("knowledge", opened_s2=True)
    pasted = [item for item in at.text_area if item.label == "Questions and answers"][-1]
    pasted.input("Question 1?\nAnother answer.\n\nWhere are you?\nAt pier 4.\n\nlonely")
    [item for item in at.button if item.label == "See what is understood"][-1].click().run()
    assert "At pier 4\\." in texts(at)
    assert "line 7: lonely" in html(at)
    assert len(questions["options"]["pairs"]) == 12
    press_in_list(at, "Add 2 questions")
    pairs = questions["options"]["pairs"]
    assert len(pairs) == 13
    assert pairs[1]["answer"] == "Another answer."


def test_a_csv_file_becomes_a_new_list(app, engine, signed_in):
    bot = signed_in.create_bot("New")
    at = app("knowledge")
    at.file_uploader[1].upload("faq.csv", "question,answer\nÖffnen?,Ja".encode("cp1252"), "text/csv")
    button(at, "See what is understood").click().run()
    press_in_list(at, "Add 1 question")
    (source,) = engine.sources[bot.id].values()
    assert source["options"]["pairs"] == [{"question": "Öffnen?", "answer": "Ja"}]


def test_questions_can_be_taken_along_as_csv(app, questions):
    at = app("knowledge", opened_s2=True)
    assert [item.proto.label for item in at.get("download_button")] == ["Save as CSV"]


def test_typed_words_are_edited_and_read_anew(app, engine, bot):
    text = add(engine, bot, "text", "Hours", title="Hours", text="Nine to five")
    at = app("knowledge", opened_s2=True)
    written = next(item for item in at.text_area if item.value == "Nine to five")
    written.input("Nine to six")
    press_in_list(at, "Save")
    assert text["options"]["text"] == "Nine to six"
    assert text["is_reading"]


def test_the_next_step_follows_what_is_known(app, engine, bot, site):
    at = app("knowledge")
    assert button(at, "See what it learned")
    site["freshness"]["last_good_at"] = "2026-05-05T12:00:00Z"
    at = app("knowledge")
    assert "newer than version 1" in texts(at)
    assert button(at, "Next: have your bot learn it")

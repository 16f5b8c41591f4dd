"""Home, look, knowledge and train: what buttons and forms do."""

from studio import session
from studio.knowledge_client import Knowledge
from tests.studio import contract


def button(at, label):
    return next(item for item in at.button if item.label.startswith(label))


def field(at, label):
    return next(item for item in at.text_input if item.label.startswith(label))


def texts(at):
    return " ".join(
        str(item.value) for item in [*at.markdown, *at.caption, *at.info, *at.success, *at.warning, *at.error]
    )


def test_the_demo_shop_is_one_press_away(app, engine, signed_in):
    at = app("home")
    button(at, "Try the demo shop").click().run()
    assert not at.exception
    assert at.title[0].value == "Train"
    assert len(engine.bots) == 1


def test_a_first_bot_carries_the_shops_name(app, engine, signed_in):
    at = app("home")
    button(at, "Create a bot").click().run()
    assert at.title[0].value == "Look"
    assert [bot["name"] for bot in engine.bots.values()] == ["Harbour & Sons"]


def test_another_bot_is_created_and_chosen(app, engine, bot):
    at = app("home")
    field(at, "Name of the new bot").input("Summer")
    button(at, "Create a bot").click().run()
    assert at.title[0].value == "Look"
    assert at.sidebar.selectbox[0].value == at.session_state["bot"]
    assert engine.bots[at.session_state["bot"]]["name"] == "Summer"


def test_the_bot_picker_changes_the_bot(app, signed_in, bot):
    other = signed_in.create_bot("Other")
    at = app("home")
    assert at.sidebar.selectbox[0].value == other.id
    at.sidebar.selectbox[0].select(bot.id).run()
    assert at.session_state["bot"] == bot.id
    button(at, "Open").click().run()
    assert at.title[0].value == "Look"
    assert at.session_state["bot"] == bot.id


def test_bots_with_one_name_are_told_apart_and_chosen_by_id(app, signed_in, bot):
    second, third = signed_in.create_demo(), signed_in.create_demo()
    at = app("home")
    assert at.sidebar.selectbox[0].options == ["Demo shop", "Demo shop (2)", "Demo shop (3)"]
    at.sidebar.selectbox[0].select(second.id).run()
    assert at.session_state["bot"] == second.id
    button(at, "Go to").click().run()
    assert (at.title[0].value, at.sidebar.selectbox[0].value) == ("Look", second.id)
    at.text_input[0].input("Ada").run()
    button(at, "Save the words").click().run()
    assert signed_in.bot(second.id).persona.assistant_name == "Ada"
    assert at.sidebar.selectbox[0].value == second.id
    assert third.id != second.id


def test_the_bot_stands_in_the_address(app, signed_in, bot):
    other = signed_in.create_bot("Other")
    at = app("look")
    assert at.query_params["bot"] == other.id
    at.query_params["bot"] = bot.id
    at.run()
    assert at.sidebar.selectbox[0].value == bot.id
    button(at, "Next").click().run()
    assert (at.title[0].value, at.query_params["bot"]) == ("What your bot knows", bot.id)
    at.sidebar.selectbox[0].select(other.id).run()
    assert at.query_params["bot"] == other.id


def test_what_else_an_address_holds_goes_with_its_bot(app, signed_in, bot):
    other = signed_in.create_bot("Other")
    at = app("look")
    at.query_params = {"bot": other.id, "conversation": "c1"}
    at.run()
    assert at.query_params == {"bot": other.id, "conversation": "c1"}
    at.sidebar.selectbox[0].select(bot.id).run()
    assert at.query_params == {"bot": bot.id}


def test_an_address_with_anothers_bot_falls_back_with_a_word(app, signed_in, bot):
    at = app("look")
    at.query_params["bot"] = "b_of_another_shop"
    at.run()
    assert not at.exception
    assert "not among yours" in at.warning[0].value
    assert "Demo shop" in at.warning[0].value
    assert at.query_params["bot"] == bot.id
    assert not at.run().warning


def test_a_bot_is_renamed(app, engine, signed_in, bot):
    signed_in.create_demo()
    at = app("home")
    field(at, "New name").input("Summer shop").run()
    button(at, "Save the name").click().run()
    assert not at.exception
    assert engine.bots[bot.id]["name"] == "Summer shop"
    assert at.sidebar.selectbox[0].options == ["Summer shop", "Demo shop"]


def test_a_deleted_bot_leaves_the_address_without_a_word(app, signed_in, bot):
    other = signed_in.create_bot("Other")
    at = app("home")
    [item for item in at.button if item.label == "Delete it for good"][1].click().run()
    assert not at.warning
    assert (at.query_params["bot"], at.session_state["bot"]) == (bot.id, bot.id)
    assert [item.label for item in at.button].count("Open") == 1
    assert other.id != bot.id


def test_a_bot_is_deleted_after_a_question(app, engine, bot):
    at = app("home")
    button(at, "Delete it for good").click().run()
    assert not engine.bots


def test_the_next_step_is_one_press_away(app, bot):
    at = app("home")
    button(at, "Go to Look").click().run()
    assert at.title[0].value == "Look"


def test_words_are_saved_and_shown_in_the_picture(app, engine, bot):
    at = app("look")
    at.text_input[0].input("Ada <script>").run()
    assert any("Ada &lt;script&gt;" in item.body for item in at.get("html"))
    at.text_area[1].input("One?\n\nTwo?").run()
    button(at, "Save the words").click().run()
    assert not at.exception
    assert engine.bots[bot.id]["persona"]["assistant_name"] == "Ada <script>"
    assert engine.bots[bot.id]["persona"]["example_questions"] == ["One?", "Two?"]


def test_an_icon_gives_the_bot_its_look(app, engine, bot, png):
    at = app("look")
    at.file_uploader[0].upload("icon.png", png, "image/png").run()
    assert not at.exception
    assert engine.bots[bot.id]["theme"]["seed"] == "#c2185b"
    assert any("data:image/png" in item.body for item in at.get("html"))


def test_a_file_that_is_no_picture_is_explained(app, bot):
    at = app("look")
    at.file_uploader[0].upload("icon.png", b"no picture", "image/png").run()
    assert "not a picture" in at.error[0].value


def test_colours_can_be_wished_and_taken_back(app, engine, bot):
    at = app("look")
    at.color_picker[0].set_value("#aa0000").run()
    at.color_picker[1].set_value("#000080").run()
    button(at, "Use these colours").click().run()
    assert engine.bots[bot.id]["theme_overrides"] == {"primary": "#aa0000", "link": "#000080"}
    button(at, "Back to the icon's").click().run()
    assert engine.bots[bot.id]["theme_overrides"] == {}


def test_look_leads_to_knowledge(app, bot):
    at = app("look")
    button(at, "Next").click().run()
    assert at.title[0].value == "What your bot knows"


def test_a_website_is_added_as_it_was_typed(app, engine, signed_in):
    bot = signed_in.create_bot("New")
    signed_in.change_shop("Harbour & Sons", "shop.example")
    at = app("knowledge")
    assert next(item for item in at.text_input if item.label == "Address").value == "shop.example"
    button(at, "Add").click().run()
    assert not at.exception
    assert [source["title"] for source in engine.sources[bot.id].values()] == ["shop.example"]
    assert next(item for item in at.text_input if item.label == "Address").value == "", "it is proposed once"


def test_questions_are_written_beside_their_answers(app, engine, signed_in):
    bot = signed_in.create_bot("New")
    at = app("knowledge")
    field(at, "Question 1").input("Do you wrap gifts?")
    next(item for item in at.text_area if item.label == "Answer 1").input("Yes, for 2.50 EUR.")
    [item for item in at.button if item.label == "Add"][2].click().run()
    assert not at.exception
    (source,) = engine.sources[bot.id].values()
    assert source["options"]["pairs"] == [{"question": "Do you wrap gifts?", "answer": "Yes, for 2.50 EUR."}]


def test_a_missing_field_is_named(app, signed_in):
    signed_in.create_bot("New")
    at = app("knowledge")
    button(at, "Add").click().run()
    assert "Please fill in: Address." in at.error[0].value


def test_a_refused_source_says_why(app, signed_in):
    signed_in.create_bot("New")
    at = app("knowledge")
    next(item for item in at.text_input if item.label == "Address").input("unreachable.example")
    button(at, "Add").click().run()
    assert "The address cannot be reached." in at.error[0].value


def test_files_are_added(app, engine, signed_in):
    bot = signed_in.create_bot("New")
    at = app("knowledge")
    at.file_uploader[0].upload("terms.txt", b"Returns within 30 days.", "text/plain").run()
    button(at, "Add these files").click().run()
    assert not at.exception
    assert [source["title"] for source in engine.sources[bot.id].values()] == ["terms.txt"]


def test_a_source_shows_what_failed_and_can_be_deleted(app, engine, bot):
    at = app("knowledge")
    assert any("1 item could not be read" in item.label for item in at.expander)
    assert any("Take it off your site map" in item.body for item in at.get("html"))
    button(at, "Delete it for good").click().run()
    assert not engine.sources[bot.id]


def test_training_shows_its_stage_and_can_be_stopped(app, engine, signed_in):
    bot = signed_in.create_demo()
    engine.versions[bot.id][0] |= {"status": "training"}
    engine.versions[bot.id][0]["progress"] |= {"stage": "reading", "done": 3, "total": 12, "eta_seconds": 90}
    at = app("train")
    assert at.get("progress")[0].text == "Reading your sources · 3 of 12 · about 2 minutes left"
    button(at, "Stop").click().run()
    assert engine.versions[bot.id][0]["status"] == "cancelled"
    assert "was stopped" in texts(at.run())


def test_training_that_cannot_be_looked_at_is_explained(app, engine, signed_in, monkeypatch):
    bot = signed_in.create_demo()
    at = app("train")
    monkeypatch.setattr(session.Api, "version", failing)
    at.run()
    assert "away" in at.error[0].value
    assert engine.versions[bot.id]


def failing(*_):
    from studio.client import ApiError

    raise ApiError(503, "unavailable", "The server is away", "Try again.")


def test_a_failed_training_says_why_and_can_be_repeated(app, engine, bot):
    engine.versions[bot.id][0] |= {"status": "failed", "failure": "The website did not answer."}
    at = app("train")
    assert "did not answer" in at.error[0].value
    button(at, "Train again").click().run()
    assert len(engine.versions[bot.id]) == 2


def test_training_counts_what_was_not_read_as_the_sources_do(app, engine, bot):
    failures = [
        {"item": f"https://demo.example/{code}", "reason": "So it is.", "code": code}
        for code in ("not_found", "timeout", "duplicate", "robots", "hidden_text")
    ]
    engine.versions[bot.id][0]["progress"]["failures"] = engine.sources[bot.id]["s1"]["failures"] = failures
    counted = ["2 items could not be read", "1 remark"]
    for slug in ("train", "knowledge"):
        labels = [item.label for item in app(slug).expander]
        assert [label for label in labels if "could not" in label or "remark" in label] == counted, slug


def test_the_languages_of_a_bot_are_chosen_before_training(app, engine, bot):
    at = app("train")
    [spoken] = [radio for radio in at.radio if radio.label == "Your pages and your shoppers speak"]
    assert spoken.value == "english"
    spoken.set_value("many").run()
    assert engine.bots[bot.id]["languages"] == "many"
    assert "Kept for the next training" in [toast.value for toast in at.toast]
    assert "was trained for: English. Train again to change it." in texts(at)


def test_an_untrained_bot_with_sources_can_be_trained(app, engine, signed_in):
    bot = signed_in.create_bot("New")
    Knowledge(signed_in, bot.id).add("text", {"title": "Hours", "text": "Nine to five"})
    at = app("train")
    assert "1 source" in texts(at)
    button(at, "Train now").click().run()
    assert len(engine.versions[bot.id]) == 1
    contract.trained(engine, bot.id)
    at.run()
    assert "Version 1 is trained." in texts(at)


def test_a_file_from_another_installation_becomes_a_bot_to_be_tested(app, engine, bot):
    at = app("home")
    assert button(at, "Bring it in").disabled
    at.file_uploader[0].upload("shop.storeclerk.zip", b"PK the file", "application/zip").run()
    button(at, "Bring it in").click().run()
    assert not at.exception
    assert at.title[0].value == "Test"
    assert engine.bots[at.session_state["bot"]]["name"] == "Brought in"
    assert "Only tests made here count" in texts(at)


def test_a_file_of_a_bot_that_is_here_already_is_given_another_name(app, engine, signed_in, bot):
    signed_in.create_bot("Brought in")
    signed_in.create_bot("Brought in (copy)")
    at = app("home")
    at.file_uploader[0].upload("shop.storeclerk.zip", b"PK the file", "application/zip").run()
    button(at, "Bring it in").click().run()
    assert (at.title[0].value, field(at, "Name of the new one").value) == ("Home", "Brought in (copy 2)")
    field(at, "Name of the new one").input("Winter shop")
    button(at, "Use this name").click().run()
    assert at.title[0].value == "Test"
    assert engine.bots[at.query_params["bot"]]["name"] == "Winter shop"


def test_a_file_may_keep_the_name_of_another_bot(app, engine, signed_in, bot):
    signed_in.create_bot("Brought in")
    at = app("home")
    at.file_uploader[0].upload("shop.storeclerk.zip", b"PK the file", "application/zip").run()
    button(at, "Bring it in").click().run()
    button(at, "Keep the same name").click().run()
    assert at.title[0].value == "Test"
    assert engine.bots[at.query_params["bot"]]["name"] == "Brought in"
    assert "Brought in (2)" in at.sidebar.selectbox[0].options


def test_a_damaged_file_is_refused_in_place(app, engine, signed_in):
    at = app("home")
    at.file_uploader[0].upload("shop.zip", b"no zip", "application/zip").run()
    button(at, "Bring it in").click().run()
    assert "This file cannot be used: it was cut off on the way." in texts(at)
    assert not engine.bots

"""Words, charts, tables and forms that pages are made of."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.bot import Persona, Theme
from engine.domain.trial import Metric
from studio.cases import changes, row_of
from studio.charts import gate_chart, metric_sentence, questions_chart
from studio.chosen_bot import names_of
from studio.journey import journey_of
from studio.navigation import PAGES, page_row
from studio.page import PageContext
from studio.preview import DEFAULT_THEME, previews
from studio.reach import is_here_only
from studio.records import Bot, FormField, Insights, Source, SourceKindForm, TestCase, Version
from studio.snippets import agent_example, curl_example, javascript_example, origin_of, python_example, widget_line
from studio.source_forms import options_from, sort_kinds
from studio.style import journey_markup, plain
from studio.talking import is_web
from studio.training import progress_share
from studio.words import ago, choices, count, duration, stage_words, time_left, told_apart, version_words, when
from tests.engine.branding.test_theme import assert_readable

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BOT = Bot(id="b", name="Shop")
WITH_ICON = Bot(id="b", name="Shop", icon="x")
LIVE = Bot(id="b", name="Shop", icon="x", live=1)
SOME = [Source(id="s", kind="text")]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (59, "59 seconds"), (61, "1 minute"), (7000, "2 hours"), (200_000, "2 days")],
)
def test_lengths_of_time_are_rounded_as_people_say_them(seconds, words):
    assert duration(seconds) == words
    assert time_left(seconds) == f"about {words} left"


def test_moments_are_told_from_now():
    assert ago(None) == "never"
    assert ago(NOW, NOW) == "just now"
    assert ago(NOW - timedelta(hours=3), NOW) == "3 hours ago"
    assert ago((NOW + timedelta(days=2)).replace(tzinfo=None), NOW) == "in 2 days"
    assert when(NOW) == "04 May 2026, 12:00 UTC"
    assert when(None) == ""
    assert time_left(None) == ""


def test_equal_labels_are_told_apart_without_taking_anothers():
    assert told_apart(["Mug", "Cup", "Mug", "Mug (2)", "Mug"]) == ["Mug", "Cup", "Mug (3)", "Mug (2)", "Mug (4)"]
    assert choices({"a": "Mug", "b": "Mug"}) == {"a": "Mug", "b": "Mug (2)"}


def test_the_oldest_of_bots_with_one_name_keeps_it_bare():
    bots = [Bot(id=name, name="Shop", created_at=NOW - timedelta(days=days)) for name, days in (("b", 1), ("a", 9))]
    assert names_of(bots) == {"a": "Shop", "b": "Shop (2)"}


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("", ""),
        ("https://Shop.example/en?x=1#y", "https://shop.example"),
        ("http://127.0.0.1:9100/", "http://127.0.0.1:9100"),
        ("https://[::1]:8080/", "https://[::1]:8080"),
        ("https://töpfe.example", "https://xn--tpfe-5qa.example"),
        ("no address", ""),
        ("https://[broken", ""),
    ],
)
def test_an_address_gives_the_origin_that_browsers_send(address, origin):
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8000/playground/x", True),
        ("http://localhost:8000", True),
        ("http://[::1]:8000", True),
        ("http://shop.localhost", True),
        ("https://assistant.example", False),
        ("https://127.example", False),
        ("http://192.168.1.4:8000", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_an_address_of_this_machine_is_known(address, here):
    assert is_here_only(address) is here


def test_counts_and_states_are_said():
    assert (count(1, "page"), count(1200, "page"), count(2, "entry", "entries")) == (
        "1 page",
        "1,200 pages",
        "2 entries",
    )
    assert stage_words("embedding") == "Learning"
    assert stage_words("new") == "new"
    assert version_words("purged") == "deleted"


def test_the_default_look_can_be_read():
    assert_readable(DEFAULT_THEME)


def test_a_picture_of_the_chat_escapes_every_word():
    light, dark = previews(None, Persona(greeting="<img onerror=x>", example_questions=("<b>",)), b"png")
    assert isinstance(DEFAULT_THEME, Theme)
    for picture in (light, dark):
        assert "<img onerror" not in picture
        assert "&lt;b&gt;" in picture
    assert "Light look" in light
    assert "Dark look" in dark


def test_plain_text_stays_plain_in_markdown():
    assert plain("$5 *or* [x](y)\nline") == "\\$5 \\*or\\* \\[x\\]\\(y\\)  \nline"


@pytest.mark.parametrize(("url", "good"), [("https://a.b/c", True), ("javascript:x", False), ("https://a b)", False)])
def test_only_web_addresses_become_links(url, good):
    assert is_web(url) is good


def version(status, number=1, **progress):
    return Version.model_validate({"number": number, "status": status, "progress": progress})


@pytest.mark.parametrize(
    ("bot", "sources", "versions", "talked", "following", "done"),
    [
        (BOT, [], [], False, "look", 0),
        (WITH_ICON, [], [], False, "knowledge", 1),
        (BOT.model_copy(update={"icon_url": "/i"}), SOME, [], False, "train", 2),
        (BOT, SOME, [version("ready")], False, "look", 2),
        (WITH_ICON, SOME, [version("ready")], False, "talk", 3),
        (WITH_ICON, SOME, [version("ready")], True, "test", 4),
        (WITH_ICON, SOME, [version("passed")], False, "live", 5),
        (
            LIVE,
            SOME,
            [version("live")],
            False,
            "dashboard",
            6,
        ),
    ],
)
def test_the_next_step_is_the_first_undone(bot, sources, versions, talked, following, done):
    journey = journey_of(bot, sources, versions, talked=talked)
    assert journey.next.slug == following
    assert journey.done == done
    markup = journey_markup(journey)
    assert markup.count("<li") == 6
    assert ("aria-current" in markup) is (done < 6)


def test_every_page_has_a_script_and_a_place():
    assert all(row.script.is_file() for row in PAGES)
    assert [row.step for row in PAGES if row.step] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(KeyError):
        page_row("nowhere")


def test_a_page_that_forgot_to_need_a_bot_is_named():
    context = PageContext(None, page_row("home"), None, [], None)
    with pytest.raises(RuntimeError, match="'home' needs a bot"):
        _ = context.bot


def test_training_moves_forward_only():
    steps = [
        version("queued"),
        version("training", stage="reading", total=10),
        version("training", stage="reading", done=9, total=10),
        version("training", stage="comparing"),
        version("training", stage="embedding", done=5, total=10),
        version("training", stage="sealing", done=1, total=1),
        version("ready", stage="done"),
    ]
    shares = [progress_share(step) for step in steps]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-2] < 1 == shares[-1]


def metric(**changed):
    fields = {
        "name": "a",
        "label": "Right answers to questions of shoppers",
        "value": 0.9,
        "interval": (0.8, 0.95),
        "threshold": 0.85,
        "direction": "at_least",
        "unit": "share",
        "n": 30,
        "needed": 20,
        "verdict": "pass",
    }
    return Metric(**(fields | changed))


def test_a_gate_plot_shows_value_interval_and_threshold():
    figure = gate_chart([metric(), metric(value=None, interval=None), metric(interval=None, unit="ms")], "share")
    (trace,) = figure.data
    assert trace.x == (90.0,)
    assert trace.error_x.array == (pytest.approx(5.0),)
    assert len(figure.layout.shapes) == 2
    assert "<br>" in figure.layout.yaxis.ticktext[0]
    assert gate_chart([metric()], "ms") is None


def test_a_metric_reads_as_a_sentence():
    assert metric_sentence(metric()) == (
        "Right answers to questions of shoppers: 90 % (most likely 80 % to 95 %); has to be at least 85 %. ✓ passed"
    )
    late = metric(value=2500.0, interval=None, threshold=2000.0, direction="at_most", unit="ms", verdict="fail", n=3)
    assert metric_sentence(late).endswith("2.5 s; has to be at most 2.0 s. ✗ not passed, 3 of 20 so far")
    assert "nothing measured yet" in metric_sentence(metric(value=None, detail="Ask people."))
    assert metric_sentence(metric(detail="Ask people.")).endswith("Ask people.")


def test_questions_are_plotted_over_time():
    insights = Insights.model_validate({"series": [{"at": NOW, "questions": 3, "answered": 2, "refused": 1}]})
    answered, refused = questions_chart(insights).data
    assert (answered.y, refused.y) == ((2,), (1,))


CASES = [
    TestCase(id="k1", question="Ship?", must_include=("yes", "France")),
    TestCase(id="k2", question="Price?", expects="refusal", approved=True),
]


def test_a_row_and_back_changes_nothing():
    assert row_of(CASES[0])["must_include"] == "yes; France"
    found = changes(CASES, {"edited_rows": {0: {"question": "Ship?"}}})
    assert found.total == 0


def test_edits_additions_and_removals_are_found():
    edits = {
        "edited_rows": {0: {"approved": True, "must_include": "yes;"}, 1: {"question": "gone"}},
        "added_rows": [{"question": "New?", "expects": "a refusal"}, {"question": None}],
        "deleted_rows": [1, 9],
    }
    found = changes(CASES, edits)
    assert found.changed == {"k1": {"approved": True, "must_include": ["yes"]}}
    assert found.removed == ("k2",)
    assert found.added == (
        {"approved": True, "question": "New?", "expects": "refusal", "must_include": [], "must_not_include": []},
    )
    assert found.total == 3


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("number", None, None),
        ("number", 3.0, 3),
        ("patterns", " /a \n\n/b", ["/a", "/b"]),
        ("url", " shop.example ", "shop.example"),
        ("url", "", ""),
        ("text", None, ""),
        ("pairs", [{"question": "Q", "answer": "A"}, {"question": "Q"}], [{"question": "Q", "answer": "A"}]),
        ("pairs", None, []),
    ],
)
def test_widgets_become_what_the_engine_wants(kind, value, wanted):
    assert options_from(FormField(name="x", label="X", kind=kind), value) == wanted


def test_the_commonest_kind_of_source_comes_first():
    kinds = [SourceKindForm(kind=kind, label=kind) for kind in ("feed", "faq", "website")]
    assert [kind.kind for kind in sort_kinds(kinds)] == ["website", "faq", "feed"]


def test_what_is_copied_carries_server_bot_and_key():
    for example in (widget_line, curl_example, python_example, javascript_example, agent_example):
        text = example("https://bots.example", "b1", "sk_1")
        assert all(part in text for part in ("https://bots.example", "b1", "sk_1"))
    assert "&quot;" in widget_line('"', "b", "k")
    compile(python_example("https://bots.example", "b1", "sk_1"), "example", "exec")
    [shop] = json.loads(agent_example("https://bots.example", "b1", "sk_1"))["mcpServers"].values()
    assert shop["url"] == "https://bots.example/mcp/b1/"


def test_a_fault_of_ours_is_said_without_a_traceback(caplog):
    from streamlit.testing.v1 import AppTest

    def script():
        from studio.entrypoints.studio import explain_fault

        assert explain_fault(KeyError("secret detail"))

    at = AppTest.from_function(script).run()
    assert "Something went wrong in the studio" in at.error[0].value
    assert "secret detail" not in at.error[0].value

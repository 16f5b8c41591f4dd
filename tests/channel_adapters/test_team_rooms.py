"""Hand-overs in the Slack channel of the shop's people: told, claimed, answered, given back; and what must not be."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator

import pytest

from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.slack import BOT, OTHER_TEAM, callback, mention, post_event, texts_of
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.team import ANN, BEN, Shopper, Team, shop_with_team
from tests.conftest import RunningServer

GERMANY, FRANCE = "How much is delivery to Germany?", "How much is delivery to France?"
BACK = "handover_hand_back"


@pytest.fixture(scope="module")
def shop(server: RunningServer) -> Iterator[Team]:
    with shop_with_team(server) as made:
        yield made


@pytest.fixture
def team(shop: Team) -> Team:
    shop.moves_to_a_new_room()
    return shop


@pytest.fixture
def shopper(team: Team) -> Shopper:
    return Shopper(team)


@pytest.mark.parametrize("kind", ["webhook", "whatsapp"])
def test_from_a_refused_question_to_a_person_in_slack_and_back(team: Team, kind: str):
    shopper = Shopper(team, kind)
    shopper.asks("Who won the world cup in 1998?")
    shopper.hears("can only help")
    shopper.asks("What is the capital of Mongolia?")
    shopper.hears("I have asked a person")
    post = team.post()
    told = team.reads(post)
    assert "did not know an answer" in told
    assert "What is the capital of Mongolia?" in told
    assert f"/inbox?bot={team.bot}" in told
    assert "Claim" in told
    team.claims(post)
    (taken,) = [item for item in team.inbox("person") if item["first_question"] == "Who won the world cup in 1998?"]
    assert taken["member"] == "ann (Slack)"
    heard = len(shopper.heard())
    shopper.asks(GERMANY)
    assert team.line(post, GERMANY).startswith("*Shopper:*")
    team.event(team.written(post, "Hello, this is Ann &amp; for you it is 5 EUR."))
    shopper.hears("Hello, this is Ann & for you it is 5 EUR.")
    assert len(shopper.heard()) == heard + 1, "nobody but Ann spoke"
    team.press(post, ANN, BACK)
    team.shows(post, "The assistant answers again")
    shopper.asks(FRANCE)
    shopper.hears("7.90")
    time.sleep(0.5)
    assert not any("7.90" in line for line in team.thread(post)), "nothing is copied once it was given back"


def test_each_hand_over_is_posted_once_and_mailed_as_before(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    first = team.post()
    shopper.asks("Please, a human!")
    wait_for(lambda: len(shopper.heard()) == 2)
    time.sleep(0.8)
    assert team.posts() == [first]
    mails = team.merchant.http.get("/v1/outbox").raise_for_status().json()["items"]
    assert any(shopper.conversation in mail["text"] for mail in mails)
    team.claims(first)
    team.press(first, ANN, BACK)
    team.shows(first, "answers again")
    shopper.wants_a_person()
    second = team.post(2)
    team.shows(first, "see the newer post")
    team.press(first, ANN)
    team.line(first, "use the newer post")
    team.claims(second)


def test_what_was_posted_while_nobody_could_note_it_is_not_posted_again(team: Team, shopper: Shopper):
    team.slack.unanswered.append("chat.postMessage")
    shopper.wants_a_person()
    post = team.post()
    team.slack.wait(lambda s: s.path == "/api/conversations.history" and team.room in s.body.decode(), 2)
    time.sleep(1.5)
    assert team.posts() == [post]
    team.claims(post)


def test_an_app_made_earlier_may_not_look_and_posts_all_the_same(team: Team, shopper: Shopper):
    granted = team.slack.scopes
    team.slack.scopes = "app_mentions:read,assistant:write,chat:write,im:history"
    try:
        shopper.wants_a_person()
        team.post()
        found = team.links["slack"].check()["permissions"]
        assert (found["state"], found["cause"]) == ("bad", "missing_scope")
        assert "channels:history, groups:history" in found["says"]
        team.rules(slack_channel="")
        assert team.links["slack"].check()["permissions"]["state"] == "good", "nobody takes over in Slack"
    finally:
        team.slack.scopes = granted


def test_of_two_who_press_at_once_one_has_it_and_the_other_is_told(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post = team.post()
    threads = [threading.Thread(target=team.press, args=(post, who)) for who in (ANN, BEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    team.shows(post, "has it")
    (taken,) = [item for item in team.inbox("person") if item["id"] == shopper.conversation]
    won, lost = (ANN, BEN) if taken["member"] == "ann (Slack)" else (BEN, ANN)
    assert f"{won[1]} (Slack) has it" in team.reads(post)
    assert team.line(post, "has taken this conversation over").startswith(f"<@{lost[0]}> {won[1]} (Slack)")
    team.event(team.written(post, "Hello from the other one", lost))
    team.event(team.written(post, "Hello again from the other one", lost))
    team.line(post, f"Only what {won[1]} (Slack) writes here")
    team.press(post, lost, BACK)
    wait_for(lambda: sum("has taken this conversation over" in line for line in team.thread(post)) == 2)
    time.sleep(0.5)
    assert shopper.heard("person") == []
    assert sum("Only what" in line for line in team.thread(post)) == 1, "said once"


def test_two_people_of_the_same_name_are_two(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post = team.post()
    team.claims(post)
    team.press(post, ("U9ANN", "ann"))
    team.line(post, "<@U9ANN> ann (Slack) has taken")
    team.event(team.written(post, "I am another Ann", ("U9ANN", "ann")))
    team.line(post, "Only what ann (Slack)")
    assert shopper.heard("person") == []


def test_nobody_is_heard_before_they_claim(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post = team.post()
    for text in ("I could answer that", "Or somebody else"):
        team.event(team.written(post, text))
    team.line(post, "Press Claim")
    time.sleep(0.5)
    assert (shopper.heard("person"), len(team.thread(post))) == ([], 1)
    shopper.asks(GERMANY)
    shopper.hears("6.90")
    team.claims(post)
    assert team.line(post, GERMANY), "what was said meanwhile is known to who takes over"
    assert team.line(post, "6.90").startswith("*Assistant:*")


def test_the_studio_and_slack_show_the_same_and_one_person_has_it(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post, talk = team.post(), f"/v1/bots/{team.bot}/conversations/{shopper.conversation}"
    team.merchant.http.post(f"{talk}/claim").raise_for_status()
    team.shows(post, f"{team.merchant.email} has it")
    assert "Claim" not in team.reads(post).split()
    team.press(post, ANN)
    team.line(post, f"{team.merchant.email} has taken this conversation over")
    team.merchant.http.post(f"{talk}/hand_back").raise_for_status()
    team.shows(post, "answers again")
    team.claims(post)
    refused = team.merchant.http.post(f"{talk}/claim")
    assert (refused.status_code, "ann (Slack) has taken" in refused.json()["detail"]) == (409, True)
    assert team.merchant.http.post(f"{talk}/messages", json={"text": "Hello"}).status_code == 409
    team.event(team.written(post, "Hello from Slack"))
    shopper.hears("Hello from Slack")
    said = team.merchant.http.get(f"{talk}/messages").json()["items"]
    assert [(one["member"], one["text"]) for one in said] == [("ann (Slack)", "Hello from Slack")]


def test_a_word_that_slack_tells_twice_reaches_the_shopper_once(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post = team.post()
    team.claims(post)
    event = team.written(post, f"<@{BOT}> hello once")
    for kind in ("message", "app_mention", "message"):
        team.event(event | {"type": kind})
    shopper.hears("hello once")
    time.sleep(1)
    assert shopper.heard("person") == ["hello once"]
    assert team.thread(post) == [], "the bot does not answer into the thread of a hand-over"


def test_what_does_not_reach_the_shopper_is_said_in_the_thread(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post = team.post()
    team.claims(post)
    team.event(team.written(post, "x" * 4_001))
    team.line(post, f"<@{ANN[0]}> That did not reach the shopper. A message has 1 to 4,000 characters.")
    team.shop.next_answers.append(Answer(404))
    team.event(team.written(post, "Are you still there?"))
    assert "answered 404" in team.line(post, "“Are you still there?” did not reach the shopper")


def test_nothing_that_a_shopper_writes_calls_anybody_or_breaks_the_post(team: Team, shopper: Shopper):
    shopper.asks("I want to talk to a real person please <!channel> <@U1ANN> &" + "<" * 3_000)
    post = team.post()
    assert "&lt;!channel&gt; &lt;@U1ANN&gt; &amp;" in team.reads(post)
    team.claims(post)
    shopper.asks("<!here> " + "&" * 3_000)
    assert "&lt;!here&gt;" in team.line(post, "Shopper")
    blocks = [block for one in team.slack.posts(team.room) for block in one["blocks"]]
    assert not [text for text in texts_of(blocks) if "<!" in text]


def test_strangers_and_bots_say_nothing(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post = team.post()
    team.claims(post)
    team.event(team.written(post, "From another shop", user_team=OTHER_TEAM))
    team.event(team.written(post, f"<@{BOT}> {GERMANY}", BEN, user_team=OTHER_TEAM, type="app_mention"))
    team.event(team.written(post, "From a bot", bot_id="B7OTHER"))
    team.event(team.written(post, "From our own bot", (BOT, "fern")))
    team.event(team.written(post, "Edited", subtype="message_changed"))
    team.event(team.written(post, "Another workspace"), team_id=OTHER_TEAM, authorizations=[{"team_id": OTHER_TEAM}])
    team.event(team.written(post, "Another channel", channel="C9ELSEWHERE"))
    team.press(post, BEN, BACK, team={"id": OTHER_TEAM})
    team.press(post, ANN, BACK, user={"id": ANN[0], "name": "ann", "team_id": OTHER_TEAM})
    team.press(post, ANN, BACK, channel={"id": "C9ELSEWHERE", "name": "x"})
    with team.server.client() as client:
        unsigned = callback(team.written(post, "Signed with another secret"))
        assert post_event(client, team.links["slack"].hook("events"), unsigned, secret="f" * 32).status_code == 401
    time.sleep(1)
    assert (shopper.heard("person"), team.thread(post)) == ([], [])
    assert "ann (Slack) has it" in team.reads(post)


def test_who_asks_in_the_very_channel_is_answered_outside_of_hand_overs(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post = team.post()
    asked = mention(GERMANY, team.room)
    team.event(asked)
    answered = wait_for(lambda: next((o for o in team.slack.posts(team.room) if o.get("thread_ts") == asked["ts"]), 0))
    assert "6.90" in answered["text"]
    team.event(team.written(asked["ts"], "Thank you all"))
    team.event(mention(GERMANY, team.room, thread_ts=post))
    team.line(post, "Press Claim")
    time.sleep(0.5)
    assert not any("6.90" in line for line in team.thread(post))


def test_slack_is_obeyed_when_it_asks_to_wait(team: Team, shopper: Shopper):
    team.slack.throttled["chat.postMessage"] = [
        Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "2"})
    ]
    began = time.monotonic()
    shopper.wants_a_person()
    team.claims(team.post())
    assert time.monotonic() - began > 2
    assert team.rules()["slack_problem"] == ""


@pytest.mark.parametrize(
    ("error", "told"),
    [("not_in_channel", "Write /invite and its name there"), ("channel_not_found", "knows no such conversation"),
     ("is_archived", "is archived")],
)  # fmt: skip
def test_a_channel_that_the_bot_may_not_write_to_is_refused_with_the_reason(shop: Team, error: str, told: str):
    room = shop.moves_to_a_new_room()
    shop.slack.refusals["chat.postMessage"] = [error]
    refused = shop.rules(422, slack_channel="C0NOTTHERE", refusals=3)
    assert told in refused["detail"]
    assert [problem["field"] for problem in refused["errors"]] == ["slack_channel"]
    kept = shop.rules()
    assert (kept["slack_channel"], kept["refusals"]) == (room, 2)


@pytest.mark.parametrize("room", ["help", "#help", "D0123ABCD", "U0123ABCD", "C01 23", "c0123abcd"])
def test_what_is_no_channel_is_refused_before_anything_is_said(shop: Team, room: str):
    said = len(shop.slack.posts())
    assert "Channel ID at the end of About" in shop.rules(422, slack_channel=room)["detail"]
    assert len(shop.slack.posts()) == said


def test_nothing_is_said_in_a_channel_where_other_rules_cannot_be_kept(shop: Team):
    said = len(shop.slack.posts())
    shop.rules(422, slack_channel="C0123ABCD", refusals=99)
    assert len(shop.slack.posts()) == said


def test_a_bot_without_slack_is_told_to_link_it_first(shop: Team):
    bot = shop.merchant.bot()
    answer = shop.merchant.http.patch(f"/v1/bots/{bot}/handover", json={"slack_channel": "C0123ABCD"})
    assert (answer.status_code, "on the page Channels" in answer.json()["detail"]) == (422, True)


def test_a_channel_that_the_bot_was_thrown_out_of_is_said_on_the_rules_and_mail_goes_out(team: Team, shopper: Shopper):
    team.slack.refusals["chat.postMessage"] = ["not_in_channel"]
    shopper.wants_a_person()
    assert "Write /invite" in wait_for(lambda: team.rules()["slack_problem"] or None)
    mails = team.merchant.http.get("/v1/outbox").raise_for_status().json()["items"]
    assert any(shopper.conversation in mail["text"] for mail in mails)
    Shopper(team).wants_a_person()
    team.post()
    wait_for(lambda: team.rules()["slack_problem"] == "")


def test_a_channel_that_was_put_right_is_tried_again_when_the_rules_are_saved(team: Team, shopper: Shopper):
    team.slack.refusals["chat.postMessage"] = ["is_archived"]
    shopper.wants_a_person()
    wait_for(lambda: team.rules()["slack_problem"] or None)
    said = len(team.slack.posts(team.room))
    assert team.rules(slack_channel=team.room)["slack_problem"] == ""
    assert len(team.slack.posts(team.room)) == said + 1
    team.rules(slack_channel=team.room)
    assert len(team.slack.posts(team.room)) == said + 1, "hello is said once"


def test_after_a_move_the_old_channel_says_so(team: Team, shopper: Shopper):
    shopper.wants_a_person()
    post, old = team.post(), team.room
    team.claims(post)
    team.moves_to_a_new_room()
    team.event(team.written(post, "Hello", channel=old))
    wait_for(lambda: any("not the channel any more" in str(one["blocks"]) for one in team.slack.posts(old)))
    assert (shopper.heard("person"), team.posts()) == ([], []), "who waited before is not told again"


@pytest.mark.parametrize("seed", range(4))
def test_no_word_of_the_bot_while_somebody_in_slack_has_it_whatever_the_order(team: Team, shopper: Shopper, seed: int):
    """Held against what the post says: from "has it" to the press that gives it back, the bot is silent."""
    chance = random.Random(seed)
    shopper.wants_a_person()
    post = team.post()
    owned: list[tuple[float, float]] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            shopper.asks(chance.choice([GERMANY, "Hello!", FRANCE, "Thank you"]))
            time.sleep(chance.uniform(0.1, 0.4))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            team.claims(post)
            began = time.monotonic()
            time.sleep(chance.uniform(0, 1.0))
            owned.append((began, time.monotonic()))
            team.press(post, ANN, BACK)
            team.shows(post, "answers again")
            time.sleep(chance.uniform(0, 0.5))
    finally:
        stop.set()
        writer.join()
    here = [sent for sent in team.shop.sent if json.loads(sent.body).get("conversation") == shopper.name]
    spoken = [sent.at for sent in here if sent.json["author"] == "bot"]
    assert [at for at in spoken if any(began < at < ended for began, ended in owned)] == []

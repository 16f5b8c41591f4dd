"""Words by which people stop the assistant in a messenger."""

import pytest

from engine.answering.opting_out import opting_of
from engine.answering.phrases import PHRASES


@pytest.mark.parametrize(
    "text", ["STOP", "stop.", "Unsubscribe", "opt-out", "Abmelden!", "arrêter", "baja", "uitschrijven"]
)
def test_a_message_that_stops(text):
    assert opting_of(text) == "stop"


@pytest.mark.parametrize("text", ["START", "start again", "unstop", "Anmelden", "alta"])
def test_a_message_that_starts(text):
    assert opting_of(text) == "start"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is the bus stop?",
        "Do you have a door stop?",
        "Stop selling plastic",
        "How do I start the kiln?",
        "end",
    ],
)
def test_a_question_is_a_question(text):
    assert opting_of(text) is None


def test_every_language_tells_how_to_come_back():
    assert all("START" in phrases["opted_out"] for phrases in PHRASES.values())

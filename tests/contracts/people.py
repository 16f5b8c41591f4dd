"""What every `Embedder`, `ChatModel`, `RateCounter`, `Mailer`, `Clock` and `Identifiers` promises."""

import asyncio
import math
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.bot import Guardrails, Persona
from engine.domain.knowledge import Passage
from engine.ports import (
    ChatModel,
    Clock,
    CompositionLimits,
    CompositionRequest,
    Embedder,
    Finish,
    Identifiers,
    Mail,
    Mailer,
    RateCounter,
    ScoredPassage,
    TextDelta,
)  # fmt: skip


def evidence(*texts: str) -> tuple[ScoredPassage, ...]:
    """Passages as retrieval gives them, best first."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return tuple(
        ScoredPassage(
            Passage(f"d{n}:0", "s1", f"d{n}", 0, "Policies", (), text, "", str(n), now), 1.0 - n / 10, 0.8, 0.5
        )
        for n, text in enumerate(texts)
    )


def request(question: str, *texts: str, products=()) -> CompositionRequest:
    """A question with its evidence."""
    return CompositionRequest(
        question, (), "en", "Kiln & Leaf", Persona(), Guardrails(), evidence(*texts), tuple(products)
    )


async def composed(model: ChatModel, asked: CompositionRequest) -> tuple[str, Finish]:
    """The whole text and the end of a stream."""
    events = [event async for event in model.stream(asked, CompositionLimits())]
    assert all(isinstance(event, TextDelta) for event in events[:-1])
    assert isinstance(events[-1], Finish)
    return "".join(event.text for event in events[:-1]), events[-1]


class EmbedderContract:
    async def test_one_vector_of_length_one_per_text_in_order(self, embedder: Embedder):
        vectors = await embedder.embed(["returns and refunds", "a blue mug", "returns and refunds"])
        assert all(len(vector) == embedder.dimensions for vector in vectors)
        assert all(math.isclose(math.hypot(*map(float, vector)), 1, abs_tol=1e-4) for vector in vectors)
        assert list(vectors[0]) == pytest.approx(list(vectors[2]), abs=1e-5)

    async def test_near_meanings_are_nearer(self, embedder: Embedder):
        one, near, far = await embedder.embed(["How do I send it back?", "Return an item", "Our mugs are blue"])
        assert sum(a * b for a, b in zip(one, near, strict=True)) > sum(a * b for a, b in zip(one, far, strict=True))

    def test_comparable_grows_with_the_cosine(self, embedder: Embedder):
        scaled = [embedder.comparable(cosine / 10) for cosine in range(-10, 11)]
        assert scaled == sorted(set(scaled))

    async def test_nothing_gives_nothing_and_strange_texts_do_not_break_it(self, embedder: Embedder):
        assert await embedder.embed([]) == []
        vectors = await embedder.embed(["", "🙂" * 3000, "\x00", "a " * 5000])
        assert all(not math.isnan(float(vector[0])) for vector in vectors)


class ChatModelContract:
    async def test_an_answer_ends_with_a_finish_and_quotes_its_evidence(self, model: ChatModel):
        text, finish = await composed(model, request("How long for returns?", "Returns are accepted for 30 days."))
        assert "30 days" in text
        assert finish.reason == "stop"
        assert finish.quotes[0].passage == "d0:0"
        assert finish.quotes[0].text in "Returns are accepted for 30 days."

    async def test_without_evidence_there_is_no_answer_and_no_text(self, model: ChatModel):
        text, finish = await composed(model, request("How long for returns?"))
        assert (text, finish.reason) == ("", "no_answer")

    def test_it_has_a_name_and_a_least_confidence(self, model: ChatModel):
        assert model.name
        assert 0 <= model.least_confidence <= 1


class RateCounterContract:
    """Needs `counter` and a `ticking` clock that the counter uses."""

    async def test_hits_add_up_within_a_window(self, counter: RateCounter):
        assert [await counter.hit("a", window_seconds=60) for _ in range(3)] == [1, 2, 3]
        assert await counter.hit("b", window_seconds=60) == 1
        assert await counter.hit("a", window_seconds=60, cost=5) == 8

    async def test_a_new_window_begins_at_zero(self, counter: RateCounter, ticking):
        await counter.hit("a", window_seconds=60)
        ticking.move(timedelta(seconds=61))
        assert await counter.hit("a", window_seconds=60) == 1

    async def test_hits_at_once_are_all_counted(self, counter: RateCounter):
        sums = await asyncio.gather(*(counter.hit("a", window_seconds=60) for _ in range(30)))
        assert sorted(sums) == list(range(1, 31))


class ClockContract:
    def test_now_is_utc_and_goes_on(self, clock: Clock):
        first, second = clock.now(), clock.now()
        assert first.utcoffset() == timedelta(0)
        assert second >= first


class IdentifiersContract:
    def test_ids_carry_their_prefix_and_do_not_repeat(self, identifiers: Identifiers):
        made = {identifiers.new("bot") for _ in range(1000)}
        assert len(made) == 1000
        assert all(value.startswith("bot_") for value in made)

    def test_secrets_have_their_length(self, identifiers: Identifiers):
        assert len(identifiers.secret(43)) == 43
        assert identifiers.secret(43).isalnum()


class MailerContract:
    """`arrived` answers how many mails there are where this mailer puts them."""

    async def test_each_mail_arrives_once(self, mailer: Mailer, arrived):
        mail = Mail("a@b.example", "Hé", "Text\n", datetime(2026, 1, 1, tzinfo=UTC), {"link": "x"})
        await mailer.send("m1", mail)
        await mailer.send("m1", mail)
        assert await arrived() == 2

    def test_it_says_whether_mail_reaches_people(self, mailer: Mailer):
        assert isinstance(mailer.delivers, bool)

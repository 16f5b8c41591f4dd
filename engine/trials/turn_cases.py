"""Test cases made of what a shopper asked and was answered, with one click.

Never here: what is right; the person who clicks says that, and may say more by editing the case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from engine.answering.conversations import Conversations
from engine.answering.languages import language_of
from engine.answering.understanding import understand
from engine.domain.conversation import Turn
from engine.domain.trial import TestCase
from engine.domain.words import content_words
from engine.errors import AlreadyExists, NotFound
from engine.records import Records
from engine.trials.cases import LONGEST_QUESTION, MOST_EARLIER, CaseText, TestCases, one_line
from engine.trials.generating.figures import figure_in

__all__ = ["Reaction", "TurnCases"]

Reaction = Literal["right", "wrong"]
CLEAR_WORDS = 3
"""So many telling words make a question that can stand by itself."""
LONGEST_EVIDENCE = 400


class TurnCases:
    """Makes a case of an answer; of the same answer always the same case."""

    def __init__(self, records: Records, conversations: Conversations, cases: TestCases) -> None:
        self.records, self.conversations, self.cases = records, conversations, cases

    async def make(
        self, merchant: str, bot: str, conversation: str, turn: str, reaction: Reaction
    ) -> tuple[TestCase, bool]:
        """The case of an answer, and whether it is new; one that was rejected comes back. Raises NotFound.

        Until somebody approves the case, another reaction than the first makes it anew: the first was a slip.
        """
        found = await self.conversations.get(merchant, bot, conversation)
        turns = await self.conversations.turns(merchant, found.id)
        place = next((place for place, each in enumerate(turns) if each.id == turn), None)
        if place is None:
            raise NotFound(f"there is no answer {turn!r} in this conversation")
        asked = turns[place]
        case = self.cases.made(
            merchant,
            bot,
            case_text(asked, earlier_of(turns[: place + 1]), reaction),
            origin="conversation",
            evidence=evidence(asked, reaction),
            name=f"case_of_{asked.id}",
        )
        try:
            await self.records.test_cases.add(merchant, case.id, case)
        except AlreadyExists:
            return await self.records.test_cases.change(merchant, case.id, lambda kept: again(kept, case)), False
        return case, True


def again(kept: TestCase, made: TestCase) -> TestCase:
    """The case of an answer that was reacted to before: what a person wrote into it or approved stays."""
    if kept.approved or kept.evidence == made.evidence:
        return replace(kept, rejected=False)
    return replace(made, created_at=kept.created_at)


def earlier_of(turns: list[Turn]) -> tuple[str, ...]:
    """The messages that the last one cannot be understood without; none where it is clear by itself."""
    *before, last = turns
    history = tuple((turn.question, turn.reply.text) for turn in before)
    understood = understand(last.question, history, language_of(last.question))
    clear = not understood.rewritten and len(content_words(last.question)) >= CLEAR_WORDS
    said = [one_line(turn.question)[:LONGEST_QUESTION] for turn in before]
    return () if clear else tuple(filter(None, said))[-MOST_EARLIER:]


def case_text(turn: Turn, earlier: tuple[str, ...], reaction: Reaction) -> CaseText:
    """What a right answer holds, as far as the reaction tells.

    A right answer is to be given again: with its figure, its source and its product. Of a wrong one only the
    question is kept; that it refused wrongly, or was right to speak of the matter, means that it can be answered.
    """
    question = one_line(turn.question)[:LONGEST_QUESTION]
    answered = turn.reply.outcome == "answered"
    if reaction == "wrong" or not answered:
        return CaseText(question, "refusal" if reaction == "right" else "answer", earlier=earlier)
    figure = figure_in(turn.reply.text)
    citations, products = turn.reply.citations, turn.reply.products
    return CaseText(
        question,
        must_include=(figure,) if figure else (),
        expected_source=(citations[0].url.partition("#")[0] or citations[0].source_id) if citations else None,
        expected_product=products[0].id if len(products) == 1 else None,
        earlier=earlier,
    )


def evidence(turn: Turn, reaction: Reaction) -> str:
    """What was answered, and what was thought of it."""
    told = one_line(turn.reply.text)
    short = told if len(told) <= LONGEST_EVIDENCE else told[: LONGEST_EVIDENCE - 2].rsplit(" ", 1)[0] + " …"
    return f"This answer was {reaction}: {short}"

"""Test cases: written, proposed from the shop's own knowledge, approved or rejected by a person.

Never here: how questions are proposed (`generating`), files of cases, and cases made of conversations.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.audit import Audit
from engine.domain.bot import BotVersion
from engine.domain.trial import CaseKind, TestCase
from engine.errors import AlreadyExists, Conflict, FieldProblem, InvalidInput, NotFound
from engine.ports import Catalogue, Clock, Identifiers, PassageIndex
from engine.records import Listing, Records
from engine.trials.generating import Proposal, propose, read_material

__all__ = ["LONGEST_QUESTION", "MOST_DECIDED", "MOST_EARLIER", "MOST_GENERATED", "CaseText", "TestCases", "one_line"]

MOST_GENERATED = 200
MOST_DECIDED = 500
"""Cases that are approved or rejected at once."""
LONGEST_QUESTION = 500
ID_LENGTH = 20
MOST_EARLIER = 3
"""Messages before the question in the same conversation."""

Origin = Literal["generated", "written", "conversation", "imported"]


@dataclass(frozen=True, slots=True)
class CaseText:
    """What a person writes into a test case."""

    question: str
    expects: Literal["answer", "refusal"] = "answer"
    must_include: tuple[str, ...] = ()
    must_not_include: tuple[str, ...] = ()
    expected_source: str | None = None
    expected_product: str | None = None
    approved: bool = False
    kind: CaseKind = "own"
    earlier: tuple[str, ...] = ()
    language: str = ""
    goal: str = ""


class TestCases:
    """Use cases around a bot's test cases."""

    __test__ = False

    def __init__(
        self,
        records: Records,
        index: PassageIndex,
        catalogue: Catalogue,
        audit: Audit,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self.records, self.index, self.catalogue, self.audit = records, index, catalogue, audit
        self.clock, self.identifiers = clock, identifiers

    async def add(
        self,
        merchant: str,
        bot: str,
        text: CaseText,
        *,
        origin: Origin = "written",
        evidence: str = "",
        name: str | None = None,
    ) -> TestCase:
        """A new case, with an id of its own or under `name`. Raises InvalidInput, AlreadyExists."""
        case = self.made(merchant, bot, text, origin=origin, evidence=evidence, name=name)
        await self.records.test_cases.add(merchant, case.id, case)
        return case

    async def write(self, merchant: str, bot: str, text: CaseText) -> TestCase:
        """A case that a person writes. Raises InvalidInput, Conflict when the question is there already."""
        case = self.made(merchant, bot, text, origin="written")
        for known in await self.all(merchant, bot):
            if not known.rejected and asks_the_same(known, case):
                raise Conflict(
                    f"{case.question!r} is among your test questions already. Change it there instead.",
                    code="question_known",
                )
        await self.records.test_cases.add(merchant, case.id, case)
        return case

    def made(
        self, merchant: str, bot: str, text: CaseText, *, origin: Origin, evidence: str = "", name: str | None = None
    ) -> TestCase:
        """A case that is not kept yet. Raises InvalidInput."""
        return TestCase(
            id=name or self.identifiers.new("case"),
            merchant=merchant,
            bot=bot,
            question=clean_question(text.question),
            expects=text.expects,
            must_include=clean_texts(text.must_include),
            must_not_include=clean_texts(text.must_not_include),
            expected_source=one_line(text.expected_source or "") or None,
            expected_product=one_line(text.expected_product or "") or None,
            approved=text.approved,
            origin=origin,
            evidence=evidence,
            created_at=self.clock.now(),
            kind=text.kind,
            earlier=clean_earlier(text.earlier),
            language=text.language,
            goal=one_line(text.goal),
        )

    async def get(self, merchant: str, bot: str, case_id: str) -> TestCase:
        """One case. Raises NotFound."""
        case = await self.records.test_cases.get(merchant, case_id)
        if case.bot != bot:
            raise NotFound(f"there is no test case {case_id!r}")
        return case

    async def page(
        self, merchant: str, bot: str, limit: int, cursor: str | None, *, rejected: bool = False
    ) -> Listing[TestCase]:
        """A bot's cases, oldest first; the rejected ones only when they are asked for."""
        # The store leaves the rejected ones out: thousands of them would else be read to fill one page.
        where: dict[str, str | int | bool] = {"bot": bot} if rejected else {"bot": bot, "rejected": False}
        return await self.records.test_cases.page(merchant, where, limit=limit, cursor=cursor)

    async def change(
        self, merchant: str, bot: str, case_id: str, changes: dict[str, object], *, by: str = ""
    ) -> TestCase:
        """Change named fields; who approves a rejected case takes it back. Raises NotFound, InvalidInput."""
        before = await self.get(merchant, bot, case_id)
        cleaned = dict(changes)
        if "question" in cleaned:
            cleaned["question"] = clean_question(str(cleaned["question"]))
        for name in ("must_include", "must_not_include"):
            if name in cleaned:
                cleaned[name] = clean_texts(cleaned[name])  # type: ignore[arg-type]
        if "earlier" in cleaned:
            cleaned["earlier"] = clean_earlier(cleaned["earlier"])  # type: ignore[arg-type]
        if cleaned.get("rejected"):
            cleaned["approved"] = False
        elif cleaned.get("approved"):
            cleaned["rejected"] = False
        after = await self.records.test_cases.change(
            merchant,
            case_id,
            lambda case: replace(case, **cleaned),  # type: ignore[arg-type]
        )
        if not after.counts:
            await self.note_loss(before, by, "question_rejected" if after.rejected else "question_unapproved")
        return after

    async def note_loss(self, case: TestCase, by: str, action: str) -> None:
        """Write down that a case that counted does so no more: what it showed would be gone without a trace."""
        if case.counts:
            # The log is for good, what a shopper wrote is not: of such a case the id is written down only.
            named = case.id if case.origin == "conversation" else f"{case.question!r}"
            detail = f"The test question {named} was taken out of the tests."
            await self.audit.note(case.merchant, case.bot, by=by, action=action, detail=detail)

    async def reject(self, merchant: str, bot: str, case_id: str, *, by: str = "") -> TestCase:
        """Keep a case out of tests and lists, and from being proposed again. Raises NotFound."""
        return await self.change(merchant, bot, case_id, {"rejected": True}, by=by)

    async def decide(
        self, merchant: str, bot: str, *, approve: Sequence[str], reject: Sequence[str], by: str = ""
    ) -> list[TestCase]:
        """Approve and reject many at once, in the order given. Raises NotFound and InvalidInput before any changes."""
        both = sorted(set(approve) & set(reject))
        if both:
            raise InvalidInput(
                f"{both[0]!r} is approved and rejected at once; leave it in one of the two lists.",
                fields=[FieldProblem("reject", f"holds {case!r}, which is approved too") for case in both],
            )
        if len(approve) + len(reject) > MOST_DECIDED:
            raise InvalidInput(
                f"Decide about at most {MOST_DECIDED} test questions at once; send the rest afterwards.",
                fields=[FieldProblem("approve", f"{len(approve) + len(reject)} in all")],
            )
        for case_id in (*approve, *reject):
            await self.get(merchant, bot, case_id)
        approved = [await self.change(merchant, bot, case_id, {"approved": True}) for case_id in approve]
        return approved + [await self.reject(merchant, bot, case_id, by=by) for case_id in reject]

    async def delete(self, merchant: str, bot: str, case_id: str, *, by: str = "") -> None:
        """Remove a case. Raises NotFound."""
        case = await self.get(merchant, bot, case_id)
        await self.records.test_cases.delete(merchant, case_id)
        await self.note_loss(case, by, "question_deleted")

    async def all(self, merchant: str, bot: str) -> list[TestCase]:
        """Every case, the rejected ones too."""
        return [case async for case in self.records.test_cases.all(merchant, {"bot": bot})]

    async def approved(self, merchant: str, bot: str) -> list[TestCase]:
        """The cases that count."""
        return [case for case in await self.all(merchant, bot) if case.counts]

    async def generate(self, merchant: str, bot: str, version: BotVersion | None, most: int) -> list[TestCase]:
        """Propose cases from what the newest trained version knows. Raises Conflict before training."""
        if version is None:
            raise Conflict("Train the assistant first: test questions are made from what it knows.", code="not_trained")
        known = await self.all(merchant, bot)
        material = await read_material(version, self.records, self.index, self.catalogue, batch=len(known))
        wanted = min(most, MOST_GENERATED)
        proposals = await asyncio.to_thread(propose, material, version.languages, known, wanted)
        there = {case.id for case in known}
        cases = [self.proposed(merchant, bot, proposal) for proposal in proposals]
        return [await self.kept(case) for case in cases if case.id not in there]

    async def kept(self, case: TestCase) -> TestCase:
        """A proposed case once it is kept; of two that propose it at the same moment, the one that was first."""
        try:
            await self.records.test_cases.add(case.merchant, case.id, case)
        except AlreadyExists:
            return await self.records.test_cases.get(case.merchant, case.id)
        return case

    def proposed(self, merchant: str, bot: str, proposal: Proposal) -> TestCase:
        """A case that nobody has read yet; the same proposal of the same bot has the same id."""
        text = CaseText(
            proposal.question,
            proposal.expects,
            proposal.must_include,
            proposal.must_not_include,
            expected_source=proposal.expected_source,
            expected_product=proposal.expected_product,
            kind=proposal.kind,
            earlier=proposal.earlier,
            language=proposal.language,
        )
        case = self.made(merchant, bot, text, origin="generated", evidence=proposal.evidence)
        return replace(case, id=f"case_{hashlib.sha256(f'{bot}|{case.digest}'.encode()).hexdigest()[:ID_LENGTH]}")


def asks_the_same(one: TestCase, other: TestCase) -> bool:
    """Whether two cases ask the same after the same talk, whatever a right answer is."""
    first, second = ([text.casefold() for text in (*case.earlier, case.question, case.goal)] for case in (one, other))
    return first == second


def one_line(text: str) -> str:
    """Text with single spaces and no line breaks."""
    return " ".join(text.split())


def clean_question(question: str) -> str:
    """The question as kept. Raises InvalidInput."""
    cleaned = one_line(question)
    if not 1 <= len(cleaned) <= LONGEST_QUESTION:
        raise InvalidInput(
            f"A test question has 1 to {LONGEST_QUESTION} characters.",
            fields=[FieldProblem("question", f"has {len(cleaned)} characters")],
        )
    return cleaned


def clean_texts(texts: Iterable[str]) -> tuple[str, ...]:
    """What an answer holds or must not hold, without empty lines: they would hold in any answer."""
    return tuple(filter(None, map(one_line, texts)))


def clean_earlier(messages: Iterable[str]) -> tuple[str, ...]:
    """The messages before the question as kept. Raises InvalidInput."""
    cleaned = clean_texts(messages)
    longest = max(map(len, cleaned), default=0)
    if len(cleaned) > MOST_EARLIER or longest > LONGEST_QUESTION:
        raise InvalidInput(
            f"At most {MOST_EARLIER} messages of {LONGEST_QUESTION} characters come before a test question.",
            fields=[FieldProblem("earlier", f"holds {len(cleaned)}, the longest of {longest} characters")],
        )
    return cleaned

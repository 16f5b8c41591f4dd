"""A bot's test cases into a file, and a file's cases into a bot.

Never here: how a file looks; see `case_files`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from engine.domain.trial import TestCase
from engine.records import Records
from engine.trials.case_files import CaseFormat, RowProblem, read_cases, written
from engine.trials.cases import TestCases

__all__ = ["CaseImports", "Imported"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    added: int
    """Test questions that are new."""
    known: int
    """Rows whose question, after the same messages, was there already or stood earlier in the file."""
    problems: tuple[RowProblem, ...] = field(default=())
    """Rows that could not be used, each with what to do; the good ones were added all the same."""


class CaseImports:
    """Files of test cases, both ways."""

    def __init__(self, records: Records, cases: TestCases) -> None:
        self.records, self.cases = records, cases

    async def export(self, merchant: str, bot: str, form: CaseFormat) -> bytes:
        """The cases that were not rejected, as a file."""
        kept = [case for case in await self.cases.all(merchant, bot) if not case.rejected]
        return await asyncio.to_thread(written, kept, form)

    async def take(self, merchant: str, bot: str, name: str, content: bytes) -> Imported:
        """Add the good rows of a file; the same file twice adds nothing. Raises InvalidInput, TooLarge."""
        good, problems = await asyncio.to_thread(read_cases, content, name)
        known = {asked(case) for case in await self.cases.all(merchant, bot)}
        added: dict[str, TestCase] = {}
        for _, text in good:
            case = self.cases.made(merchant, bot, text, origin="imported")
            if asked(case) not in known:
                known.add(asked(case))
                added[case.id] = case
        if added:
            await self.records.test_cases.write_many(merchant, added)
        return Imported(len(added), len(good) - len(added), tuple(problems))


def asked(case: TestCase) -> tuple[str, ...]:
    """What makes a case this one: the question and what was said before, without case."""
    return tuple(text.casefold() for text in (*case.earlier, case.question))

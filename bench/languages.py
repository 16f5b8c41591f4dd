"""`python -m bench.languages`: pages in English and German, questions in Spanish too, for both choices of a bot.

XQuAD (Artetxe et al., 2020) holds the same paragraphs and questions in each language. Found: one of the first five
passages holds the answer as the pages have it. Answered: the answer stands in what the shopper reads. Refused: of the
questions about every fourth paragraph, which the bot has not learned.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from bench.results import Result
from bench.site import DATA
from engine.bootstrap import Engine, embedded, running
from engine.domain.bot import Bot, BotVersion, Languages
from engine.domain.conversation import Ask
from engine.logging import configure_logging
from engine.settings import Settings

SPOKEN, WRITTEN = ("en", "de", "es"), ("en", "de")
FIRST = 5
ASKED, OPEN = 60, 30
"""Questions of each pair of languages that are answered by a page, and that are by none; evenly drawn."""
LEFT_OUT = 4
"""Every so many paragraphs, one is not learned."""
CROSSING = 0.7
"""Least share to be found where question and page differ in language, for a bot of many languages."""


@dataclass(frozen=True)
class Pages:
    """XQuAD in one language."""

    texts: dict[str, str]
    """Title and number to paragraph."""
    questions: dict[str, str]
    """Id to question."""
    answers: dict[str, str]
    """Id to the answer's words in a paragraph; none where the paragraph is left out."""


def pages_in(language: str) -> Pages:
    """Read one language."""
    pages = Pages({}, {}, {})
    file = DATA / "reading" / f"xquad_{language}.json"
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            learned = (number + 1) % LEFT_OUT != 0
            if learned:
                pages.texts[f"{article['title'].replace('_', ' ')} {number + 1}"] = paragraph["context"]
            for row in paragraph["qas"]:
                pages.questions[row["id"]] = row["question"]
                if learned:
                    pages.answers[row["id"]] = row["answers"][0]["text"]
    return pages


async def trained(engine: Engine, pages: Pages, languages: Languages) -> tuple[Bot, BotVersion]:
    """A bot that has learned all paragraphs."""
    bot = await engine.bots.create("m", "Bench")
    bot = await engine.bots.change("m", bot.id, languages=languages)
    for title, text in pages.texts.items():
        await engine.sources.create("m", bot.id, "text", {"title": title, "text": text})
    version = await engine.versions.create("m", bot.id)
    while version.status in {"queued", "training"}:
        await asyncio.sleep(0.2)
        version = await engine.versions.get("m", bot.id, version.number)
    assert version.status == "ready", version.failure
    return bot, version


def drawn(keys: list[str], most: int) -> list[str]:
    """So many of them, evenly."""
    return sorted(keys)[:: max(1, len(keys) // most)][:most]


async def measured(
    engine: Engine, learned: tuple[Bot, BotVersion], asked: Pages, page: Pages
) -> tuple[float, float, float]:
    """(share found, share answered, share of the open ones refused) of one pair of languages."""
    bot, version = learned
    found = answered = refused = 0
    known = drawn([key for key in asked.questions if key in page.answers], ASKED)
    open_ones = drawn([key for key in asked.questions if key not in page.answers], OPEN)
    for key in known:
        looked = await engine.answerer.finder.look_up(version, asked.questions[key], FIRST)
        found += any(page.answers[key] in item.passage.text for item in looked.passages)
        reply = await engine.answerer.answer(bot, version, Ask(asked.questions[key], channel="test"))
        answered += reply.outcome == "answered" and page.answers[key] in reply.text
    for key in open_ones:
        refused += (
            await engine.answerer.answer(bot, version, Ask(asked.questions[key], channel="test"))
        ).outcome != "answered"
    return found / len(known), answered / len(known), refused / len(open_ones)


async def main() -> list[Result]:
    """Measure and print every pair."""
    every, results = {language: pages_in(language) for language in SPOKEN}, []
    with tempfile.TemporaryDirectory(prefix="storeclerk-bench-") as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), log_level="warning")
        configure_logging(settings)
        async with running(settings, embedded(settings)) as engine:
            for pages in WRITTEN:
                for languages in get_args(Languages):
                    learned = await trained(engine, every[pages], languages)
                    for asked in SPOKEN:
                        found, answered, refused = await measured(engine, learned, every[asked], every[pages])
                        told = f"found {found:.2f}, answered {answered:.2f}, open ones refused {refused:.2f}"
                        print(f"{languages}: asked in {asked}, pages in {pages}: {told}", flush=True)
                        crosses = languages == "many" and asked != pages
                        goal = f">= {CROSSING}" if crosses else ""
                        label = f"{languages}, {asked} -> {pages}"
                        results.append(Result("languages", f"{label} found", round(found, 3), ASKED, goal))
                        results.append(Result("languages", f"{label} answered", round(answered, 3), ASKED))
                        results.append(Result("languages", f"{label} refused", round(refused, 3), OPEN))
    return results


def results() -> list[Result]:
    """The figures."""
    return asyncio.run(main())


if __name__ == "__main__":
    results()

"""`python -m bench.languages`: pages in English and German, questions in Spanish too, for both choices of a bot.

XQuAD (Artetxe et al., 2020) holds the same paragraphs and questions in each language. Found: one of the first five
passages holds the answer as the pages have it. Answered: the answer stands in what the shopper reads.
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
ASKED = 60
"""Questions of each pair of languages, evenly drawn."""
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
    """Id to the answer's words in a paragraph."""


def pages_in(language: str) -> Pages:
    """Read one language."""
    pages = Pages({}, {}, {})
    file = DATA / "reading" / f"xquad_{language}.json"
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            pages.texts[f"{article['title'].replace('_', ' ')} {number + 1}"] = paragraph["context"]
            for row in paragraph["qas"]:
                pages.questions[row["id"]] = row["question"]
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


async def measured(engine: Engine, learned: tuple[Bot, BotVersion], asked: Pages, page: Pages) -> tuple[float, float]:
    """(share found, share answered) of one pair of languages."""
    bot, version = learned
    found = answered = 0
    wanted = sorted(asked.questions)[:: max(1, len(asked.questions) // ASKED)][:ASKED]
    for key in wanted:
        looked = await engine.answerer.finder.look_up(version, asked.questions[key], FIRST)
        found += any(page.answers[key] in item.passage.text for item in looked.passages)
        reply = await engine.answerer.answer(bot, version, Ask(asked.questions[key], channel="test"))
        answered += reply.outcome == "answered" and page.answers[key] in reply.text
    return found / len(wanted), answered / len(wanted)


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
                        found, answered = await measured(engine, learned, every[asked], every[pages])
                        print(f"{languages}: asked in {asked}, pages in {pages}: found {found:.2f}, {answered:.2f}")
                        crosses = languages == "many" and asked != pages
                        goal = f">= {CROSSING}" if crosses else ""
                        label = f"{languages}, {asked} -> {pages}"
                        results.append(Result("languages", f"{label} found", round(found, 3), ASKED, goal))
                        results.append(Result("languages", f"{label} answered", round(answered, 3), ASKED, ""))
    return results


def results() -> list[Result]:
    """The figures."""
    return asyncio.run(main())


if __name__ == "__main__":
    results()

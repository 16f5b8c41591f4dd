"""Lists of test cases, read in as few steps as there is to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.domain.trial import TestCase
from engine.ports import DocumentStore, Page
from engine.records import Records
from engine.trials.cases import TestCases
from tests.plain_jobs import engine_with_plain_jobs


class CountedStore:
    """A store that counts how often it is asked."""

    def __init__(self, store: DocumentStore) -> None:
        self.store, self.asked = store, 0

    async def query(self, *where: Any, **how: Any) -> Page:
        self.asked += 1
        return await self.store.query(*where, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


async def test_rejected_cases_cost_a_list_nothing(tmp_path: Path):
    engine, _ = engine_with_plain_jobs(tmp_path)
    cases = {
        f"c{n:05}": TestCase(f"c{n:05}", "m", "b", f"Question {n}?", "answer", rejected=0 < n < 2_999)
        for n in range(3_000)
    }
    await engine.records.test_cases.write_many("m", cases)
    counted = CountedStore(engine.records.store)
    adapters = engine.adapters
    listing = TestCases(
        Records(counted), adapters.index, adapters.catalogue, engine.audit, adapters.clock, adapters.identifiers
    )
    first = await listing.page("m", "b", 2, None)
    assert ([case.id for case in first.items], first.cursor) == (["c00000", "c02999"], None)
    assert counted.asked == 1
    assert len((await listing.page("m", "b", 100, None, rejected=True)).items) == 100
    await engine.close()

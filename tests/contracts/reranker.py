"""What every `Reranker` promises."""

import asyncio

from engine.ports import Reranker
from tests.contracts.people import evidence

TEXTS = ("We open at nine.", "Returns are accepted within 30 days of delivery.", "Our mugs are blue.")


class RerankerContract:
    async def test_one_reading_a_passage_in_the_order_given(self, reranker: Reranker):
        found = await reranker.read("How many days do I have to return something?", evidence(*TEXTS))
        assert len(found) == len(TEXTS)
        assert max(range(3), key=lambda place: found[place].rank) == 1
        assert found[1].answer > max(found[0].answer, found[2].answer)
        assert "30 days" in TEXTS[1][found[1].start : found[1].end]

    async def test_nothing_gives_nothing_and_strange_texts_do_not_break_it(self, reranker: Reranker):
        assert await reranker.read("anything", []) == []
        strange = evidence("", "🙂" * 2000, "\x00", "a " * 5000)
        readings = await reranker.read("", strange)
        assert all(0 <= reading.start <= reading.end or reading.end == 0 for reading in readings)
        assert len(readings) == 4

    async def test_equal_questions_are_read_equally_also_at_once(self, reranker: Reranker):
        asked = [reranker.read("When are you open?", evidence(*TEXTS)) for _ in range(6)]
        found = await asyncio.gather(*asked)
        assert all(
            abs(one.rank - other.rank) < 1e-3
            for readings in found
            for one, other in zip(readings, found[0], strict=True)
        )

    def test_it_has_a_name(self, reranker: Reranker):
        assert reranker.name

"""Test cases of a file that contradict themselves arrive as ones that count for nothing."""

from __future__ import annotations

import json
from pathlib import Path

from engine.bootstrap import Engine
from tests.engine.release.bundles import Packed, contents, resealed, written
from tests.plain_jobs import PlainJobs


async def test_a_case_that_is_approved_and_rejected_arrives_rejected(
    packed: Packed, elsewhere: tuple[Engine, PlainJobs], tmp_path: Path
):
    engine, _ = elsewhere
    parts = contents(packed.path)
    first, *others = parts["test_cases.jsonl"].splitlines()
    odd = json.dumps(json.loads(first) | {"approved": True, "rejected": True}).encode()
    path = written(tmp_path / "odd.zip", resealed(parts | {"test_cases.jsonl": b"\n".join([odd, *others]) + b"\n"}))
    bot = await engine.importing.bring("merchant_b", path)
    cases = await engine.cases.all("merchant_b", bot.id)
    assert [(case.approved, case.rejected) for case in cases if case.rejected] == [(False, True)]
    assert len(await engine.cases.approved("merchant_b", bot.id)) == len(others)

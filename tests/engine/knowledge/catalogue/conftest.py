"""Files of catalogues, read as the conversion process reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.domain.knowledge import Product
from engine.knowledge.catalogue.conversion import Conversion, Job, prepare

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
Read = Callable[..., tuple[list[Product], Conversion]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(content: str | bytes, **options: Any) -> tuple[list[Product], Conversion]:
        path = tmp_path / "feed"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        conversion = prepare(Job(path, "source_1", NOW, **options))
        return list(conversion.read()), conversion

    return reading
